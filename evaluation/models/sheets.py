from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Interest
from miaoli_kaohsiung.accounts.models import User

from .rounds import Entry, Indicator


class Sheet(models.Model):
    """One judge's own sheet for one association. Nobody else writes in it, and no other sheet changes it.

    It counts once it was submitted with every indicator scored; until the round is closed the judge may still change it.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="sheets")
    judge = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="evaluation_sheets", verbose_name=_("評鑑委員")
    )
    interest = models.CharField(_("利害關係"), max_length=12, choices=Interest, default=Interest.UNANSWERED)
    interest_note = models.CharField(_("說明"), max_length=200, blank=True)
    comment = models.TextField(_("評語"), blank=True)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_on = models.DateField(_("指派日期"))
    submitted_on = models.DateField(_("送出日期"), null=True, blank=True)
    # Goes on with every save, so that a window with an older page is noticed.
    edition = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("評分表")
        verbose_name_plural = _("評分表")
        ordering = ["entry", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "judge"], name="sheet_once"),
            models.CheckConstraint(
                condition=Q(submitted_on=None) | Q(interest=Interest.NONE), name="sheet_submitted_without_interest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.judge_id}"


class Score(models.Model):
    """The points that a judge gave for one indicator: whole or half ones."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+")
    points = models.DecimalField(_("得分"), max_digits=4, decimal_places=1)

    class Meta:
        ordering = ["sheet", "indicator__position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "indicator"], name="evaluation_score_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.indicator_id} {self.points}"
