from django.db import models
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """The three dimensions by which the plan tiers associations (M4.3a)."""

    GOVERNANCE = "governance", _("會務")
    FINANCE = "finance", _("財務")
    SERVICES = "services", _("業務")


class Theme(models.TextChoices):
    """What a difficulty is about, so that they can be counted (M5.4c)."""

    PEOPLE = "people", _("人力、志工不足")
    MONEY = "money", _("經費不足")
    PLACE = "place", _("場地、設備")
    PAPERWORK = "paperwork", _("會務、文書")
    ACCOUNTS = "accounts", _("財務、核銷")
    SKILLS = "skills", _("專業知能、方案規劃")
    PARTNERS = "partners", _("資源連結、合作")
    TAKING_PART = "taking_part", _("居民參與")
    OTHER = "other", _("其他")


class RoundStatus(models.TextChoices):
    """Judges score; then the sheets are closed and the results are talked over; then they are published."""

    SCORING = "scoring", _("評分中")
    CLOSED = "closed", _("評分結束，待公布")
    PUBLISHED = "published", _("已公布")


class Interest(models.TextChoices):
    """What is known of a judge's interest in an association; a conflict hides the association from the judge."""

    UNANSWERED = "unanswered", _("尚未聲明")
    NONE = "none", _("沒有利害關係")
    CONFLICT = "conflict", _("應迴避")
