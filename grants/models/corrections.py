from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.enums import CorrectedField, RulingStatus
from miaoli_kaohsiung.accounts.models import User

from .awards import Award
from .decisions import Decided, four_eyes


class RecordCorrection(Decided):
    """A fact that was recorded wrongly, with the right one: asked for with a reason, confirmed by somebody else.

    The earlier value stays here and in the trail; no history is edited. `before` and `after` are ISO text.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(_("要更正的資料"), max_length=20, choices=CorrectedField)
    before = models.CharField(_("原登記"), max_length=40)
    after = models.CharField(_("更正為"), max_length=40)
    reason = models.CharField(_("更正的理由"), max_length=400)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("提出日期"))
    note = models.TextField(_("不同意的理由"), blank=True)

    class Meta:
        verbose_name = _("登記更正")
        verbose_name_plural = _("登記更正")
        ordering = ["-id"]
        constraints = [
            four_eyes("record_correction", "asked_by"),
            models.UniqueConstraint(
                fields=["award", "field"], condition=Q(status=RulingStatus.DRAFT), name="record_correction_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award.number} {self.get_field_display()}"
