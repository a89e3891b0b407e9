from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.enums import CallOutcome
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User

from .payments import Deadline


class CountyReminder(models.Model):
    """A county's own row in the place of a filed reminder, from a day on: to whom, when, how often, by which channels,
    in which words. Two people made it (`services.reminders.changing`); a later row replaces it from its day on.
    """

    county = CountyField(_("縣"))
    code = models.CharField(_("提醒"), max_length=40)
    starts_on = models.DateField(_("起"))
    active = models.BooleanField(_("使用"), default=True)
    who = models.JSONField(_("提醒誰"), default=list)
    days = models.JSONField(_("哪幾天"), default=list)
    every = models.PositiveSmallIntegerField(_("之後每隔幾天"), default=0)
    opening = models.BooleanField(_("訂定期限時"), default=False)
    channels = models.JSONField(_("管道"), default=list)
    subject = models.CharField(_("主旨"), max_length=200)
    body = models.TextField(_("內容"), max_length=2000)
    short = models.CharField(_("手機短句"), max_length=70, blank=True)

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["county", "code", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "starts_on"], name="reminder_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.code}"


class CallRecord(models.Model):
    """A telephone call about a deadline: whether somebody answered, and a note."""

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="calls")
    outcome = models.CharField(_("結果"), max_length=10, choices=CallOutcome)
    note = models.CharField(_("紀錄"), max_length=300, blank=True)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    called_on = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("電話聯絡")
        verbose_name_plural = _("電話聯絡")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.outcome}"
