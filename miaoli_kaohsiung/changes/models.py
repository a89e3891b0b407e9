import datetime as dt

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from .enums import UNDECIDED, ChangeStatus


class Change(models.Model):
    """A change of data that a county keeps itself: one person proposes it, another one confirms.

    `kind` is the name of a registered `kinds.Kind`, `subject` says which of its data is meant ("2014", a slug) and
    `title` says so in words. `data` holds the new values, `before` those in force when it was proposed; `starts_on` is
    the first day of the new ones, where the kind is dated. An empty `county` means the data of all counties.
    """

    kind = models.CharField(_("種類"), max_length=40)
    county = CountyField(_("縣"), blank=True)
    subject = models.CharField(max_length=80)
    title = models.CharField(_("內容"), max_length=160)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    starts_on = models.DateField(_("生效日"), null=True, blank=True)
    memo_number = models.CharField(_("簽文號"), max_length=60, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField(_("提出日期"))
    # Proposed from outside the office: one person of it checks first, another confirms.
    needs_check = models.BooleanField(default=False, editable=False)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField(_("核對日期"), null=True, blank=True)
    status = models.CharField(_("狀態"), max_length=10, choices=ChangeStatus, default=ChangeStatus.WAITING)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(_("決定日期"), null=True, blank=True)
    note = models.TextField(_("不同意的理由"), blank=True)

    class Meta:
        verbose_name = _("縣府資料的變更")
        verbose_name_plural = _("縣府資料的變更")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["county", "status"], name="data_change_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "county", "subject"],
                condition=Q(status=ChangeStatus.WAITING),
                name="data_change_one_open",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNDECIDED) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="data_change_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(status=ChangeStatus.CONFIRMED, needs_check=True)
                | (Q(checked_by__isnull=False) & ~Q(checked_by=F("decided_by")) & ~Q(checked_by=F("proposed_by"))),
                name="data_change_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status=ChangeStatus.REFUSED) | ~Q(note=""), name="data_change_refused_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def first_day(self) -> dt.date:
        """The day from which the values hold if they are confirmed today: nothing begins in the past."""
        return max(self.starts_on or clock.today(), clock.today())
