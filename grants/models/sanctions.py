from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from grants.enums import WITHOUT_EFFECT, RulingStatus, SanctionEvent, SanctionStatus
from miaoli_kaohsiung.accounts.models import User

from .applications.cases import Application
from .awards import Award, Letter
from .decisions import Decided, confirmed_by_somebody, four_eyes


class Sanction(models.Model):
    """The county's decision by 柒三 on an award: money comes back, and the organisation is barred for a time.

    It affects the award once another officer has confirmed it, and the organisation once its letter is issued
    (`notified_on`). Either both days of the ban are set (both included; a decision made after the ban's last day leaves
    no day of it), or `next_application`; the application returned for it is then `consumed_by`. `disallowed` is what
    was misused beyond what the settlement struck out, in whole NT dollars.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sanctions")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="sanctions")
    county = models.CharField(max_length=12)
    event = models.CharField(_("事由"), max_length=12, choices=SanctionEvent)
    status = models.CharField(_("狀態"), max_length=10, choices=SanctionStatus, default=SanctionStatus.DRAFT)
    # Only for decisions older than the portal's letters; else the letter has the number.
    decision_number = models.CharField(_("處分函文號"), max_length=60, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(_("處分日期"))
    heard_on = models.DateField(_("陳述意見日期"))
    reason = models.TextField(_("事實與理由"))
    disallowed = models.BigIntegerField(_("支用不當金額"), default=0)
    approved_end = models.DateField(_("核定執行迄日"))
    barred_from = models.DateField(_("停止申請起日"), null=True, blank=True)
    barred_to = models.DateField(_("停止申請迄日"), null=True, blank=True)
    next_application = models.BooleanField(_("下次不得申請"), default=False)
    consumed_by = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField(_("登錄日期"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(_("確認日期"), null=True, blank=True)
    notified_on = models.DateField(_("處分函發文日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("停止申請處分")
        verbose_name_plural = _("停止申請處分")
        ordering = ["-decided_on", "-id"]
        constraints = [
            four_eyes("sanction", "recorded_by", "confirmed_by"),
            confirmed_by_somebody("sanction", "confirmed_by"),
            models.UniqueConstraint(
                fields=["award", "event"],
                condition=~Q(status__in=list(WITHOUT_EFFECT)),
                name="sanction_one_an_event",
            ),
            models.CheckConstraint(condition=Q(disallowed__gte=0), name="sanction_disallowed_not_negative"),
            models.CheckConstraint(
                condition=Q(next_application=True, barred_from__isnull=True, barred_to__isnull=True)
                | Q(next_application=False, barred_from__isnull=False, barred_to__isnull=False)
                # A revocation bars nobody: the bar that 柒三 attaches to misuse takes a decision of its own.
                | Q(event=SanctionEvent.REVOKED, next_application=False, barred_from=None, barred_to=None),
                name="sanction_days_or_next",
            ),
            models.CheckConstraint(
                condition=Q(consumed_by__isnull=True) | Q(next_application=True), name="sanction_consumed_next_only"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "status"], name="sanction_organisation")]

    def __str__(self) -> str:
        return f"{self.award.number} {self.get_event_display()}"

    @property
    def number(self) -> str:
        """The number of the issued letter about it, the newest one if it was replaced; "" before."""
        if self.decision_number or self.letter is None:
            return self.decision_number
        letter = self.letter
        while letter.replaced_by is not None:
            letter = letter.replaced_by
        return letter.dispatch_number


class SanctionLifting(Decided):
    """That a decision did not stand: asked for with the ruling on the appeal or a memo, confirmed by somebody else.

    The decision itself stays as it was made, marked as lifted; what it did to the award is undone by new entries.
    """

    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, related_name="liftings")
    ruling_number = models.CharField(_("訴願決定書或簽的文號"), max_length=60)
    ruled_on = models.DateField(_("訴願決定或簽准日期"))
    reason = models.TextField(_("撤銷的理由"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("提出日期"))
    note = models.TextField(_("不同意的理由"), blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("撤銷處分")
        verbose_name_plural = _("撤銷處分")
        ordering = ["-id"]
        constraints = [
            four_eyes("sanction_lifting", "asked_by"),
            confirmed_by_somebody("sanction_lifting"),
            models.UniqueConstraint(
                fields=["sanction"], condition=Q(status=RulingStatus.DRAFT), name="sanction_lifting_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.ruling_number}"
