from django.db import models
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .duties import Duty


class VisitPlan(models.Model):
    """When somebody of the county goes to an association to guide it (M4.3b), where they meet, and who goes."""

    duty = models.OneToOneField(Duty, on_delete=models.CASCADE, related_name="visit")
    on = models.DateField(_("訪視日期"))
    starts_at = models.TimeField(_("時間"), null=True, blank=True)
    place = models.CharField(_("地點"), max_length=80, blank=True)
    visitor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("誰去"))
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()

    class Meta:
        verbose_name = _("訪視安排")
        verbose_name_plural = _("訪視安排")
        ordering = ["on", "starts_at", "id"]
        indexes = [models.Index(fields=["on"], name="visit_plan_on")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.on}"


class VisitPhoto(models.Model):
    """A picture of a visit that took place, with what it shows."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("照片說明"), max_length=80)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        verbose_name = _("訪視照片")
        verbose_name_plural = _("訪視照片")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.caption}"
