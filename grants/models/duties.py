from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.enums import County
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .applications import Application
from .awards import Award


class Duty(models.Model):
    """Something that a clause of enforcement M asks to be done and written down, with its day; kept until it is done.

    `key` is a kind of `grants.rules.tasks`; `period` the month ("2010-05"), the year, "once", or an event's number.
    """

    key = models.CharField(_("種類"), max_length=30)
    clause = models.CharField(_("條文"), max_length=20)
    county = models.CharField(max_length=12, choices=County)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    period = models.CharField(_("期間"), max_length=10)
    due_on = models.DateField(_("期限"))
    opened_on = models.DateField()
    invitation = models.TextField(_("通知內容"), blank=True)
    held_on = models.DateField(_("辦理日期"), null=True, blank=True)
    figures = models.JSONField(_("數字"), default=dict, blank=True)
    note = models.TextField(_("紀錄"), blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(_("登錄日期"), null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("應辦事項")
        verbose_name_plural = _("應辦事項")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key", "period"],
                condition=Q(application__isnull=False),
                name="duty_once_a_period",
            ),
            models.UniqueConstraint(
                fields=["county", "key", "period"],
                condition=Q(application__isnull=True),
                name="duty_of_county_once_a_period",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_by__isnull=False, held_on__isnull=False),
                name="duty_done_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="duty_open")]

    def __str__(self):
        return f"{self.key} {self.period}"
