from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from miaoli_kaohsiung.accounts.models import User


class BookEntry(models.Model):
    """A line that an association writes into its own cash book (日記簿); what the portal knows already is read and never
    copied here. A wrong line is cancelled with a reason and stays to be seen.
    """

    class Subject(models.TextChoices):
        """Subjects of account; the value says on which side one stands."""

        OPENING = "in_opening", _("前期結存")
        DUES = "in_dues", _("會費收入")
        DONATIONS = "in_donations", _("捐款收入")
        FEES = "in_fees", _("服務收入")
        FUNDS = "in_funds", _("其他補助收入")
        INTEREST = "in_interest", _("利息收入")
        MORE = "in_more", _("其他收入")
        PAY = "out_pay", _("人事費")
        OFFICE = "out_office", _("辦公費")
        ACTIVITIES = "out_activities", _("業務費")
        THINGS = "out_things", _("購置費")
        SPENT = "out_spent", _("雜項支出")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="book_entries")
    on = models.DateField(_("日期"))
    subject = models.CharField(_("科目"), max_length=16, choices=Subject)
    text = models.CharField(_("摘要"), max_length=120)
    number = models.CharField(_("單據號碼"), max_length=40, blank=True)
    amount = models.BigIntegerField(_("金額（元）"))
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()
    cancelled_on = models.DateField(_("作廢日期"), null=True, blank=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("作廢的理由"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("現金簿")
        verbose_name_plural = _("現金簿")
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="book_amount_positive"),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancelled_by__isnull=True, reason="")
                | (Q(cancelled_on__isnull=False, cancelled_by__isnull=False) & ~Q(reason="")),
                name="book_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "on"], name="book_organisation_on")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.on} {self.amount}"

    @property
    def comes_in(self) -> bool:
        return self.subject.startswith("in_")
