from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeStatus(models.TextChoices):
    WAITING = "waiting", _("待確認")
    CONFIRMED = "confirmed", _("已確認")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("已收回")


# Nobody decided.
UNDECIDED = [ChangeStatus.WAITING, ChangeStatus.WITHDRAWN]
