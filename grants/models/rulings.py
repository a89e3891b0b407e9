from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.enums import RulingStatus
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .applications.cases import Application
from .decisions import Decided, four_eyes
from .schemes import Scheme


class Ruling(Decided):
    """A 函釋／簽 of the county on a number or a reading of the law (K9.1), in force once another officer has confirmed it.

    `value` is {"value": …} for a number and {"strict": …, "lenient": …} for a reading.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rulings")
    parameter = models.CharField(_("條文參數"), max_length=80)
    value = models.JSONField(_("內容"))
    effective_from = models.DateField(_("生效日期"))
    memo_number = models.CharField(_("簽／函文號"), max_length=60)
    reason = models.TextField(_("說明"), blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    demonstration = models.BooleanField(_("示範資料"), default=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        verbose_name = _("函釋")
        verbose_name_plural = _("函釋")
        ordering = ["-effective_from", "-id"]
        constraints = [
            four_eyes("ruling", "author"),
            models.UniqueConstraint(
                fields=["scheme", "parameter", "effective_from"],
                condition=Q(status=RulingStatus.CONFIRMED),
                name="ruling_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter} {self.effective_from}"


class Waiver(Decided):
    """The county's decision that a clause does not stop one application, by memo; confirmed by another officer."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="waivers")
    clause = models.CharField(_("條文"), max_length=20)
    memo_number = models.CharField(_("簽文號"), max_length=60)
    reason = models.TextField(_("理由"))
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        verbose_name = _("個案同意")
        verbose_name_plural = _("個案同意")
        ordering = ["-application_id", "clause"]
        constraints = [
            four_eyes("waiver", "author"),
            models.UniqueConstraint(fields=["application", "clause"], name="waiver_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.clause}"
