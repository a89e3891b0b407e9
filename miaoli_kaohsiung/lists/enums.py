from django.db import models
from django.utils.translation import gettext_lazy as _


class RowState(models.TextChoices):
    WAITING = "waiting", _("還沒辦")
    DONE = "done", _("已辦")
    REFUSED = "refused", _("沒有辦")
