from django.db import models
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """The three dimensions by which the plan tiers associations (M4.3a)."""

    GOVERNANCE = "governance", _("會務")
    FINANCE = "finance", _("財務")
    SERVICES = "services", _("業務")


class RoundStatus(models.TextChoices):
    SCORING = "scoring", _("評分中")
    PUBLISHED = "published", _("已公布")
