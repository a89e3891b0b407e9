from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.files.models import StoredFile

from .rounds import Entry, Indicator


class OwnMark(models.Model):
    """What an association says of itself at one indicator: points, words, and a paper or picture that shows it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="own_marks")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+")
    points = models.DecimalField(_("自評分數"), max_digits=4, decimal_places=1, null=True, blank=True)
    words = models.TextField(_("說明"), blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("自評")
        verbose_name_plural = _("自評")
        ordering = ["entry", "indicator__position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "indicator"], name="own_mark_once"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__gte=0), name="own_mark_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.indicator_id}"
