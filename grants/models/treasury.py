"""What the county's treasury pays together: batches, and the files by which it says what it has paid."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.enums import WRITTEN_ROWS, BatchPaymentState, FeeBearer, PaymentBatchStatus, PaymentRowOutcome
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User

from .payments import Account, Instalment


class PaymentBatch(models.Model):
    """A 付款清冊: approved instalments that go to the treasury on one list. `number` counts within the county's year."""

    county = CountyField(_("縣"))
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("清冊編號"), max_length=12)
    status = models.CharField(_("狀態"), max_length=8, choices=PaymentBatchStatus, default=PaymentBatchStatus.DRAFTED)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("編製人"))
    made_on = models.DateField(_("編製日期"))
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_on = models.DateField(_("送出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("付款清冊")
        verbose_name_plural = _("付款清冊")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["county", "year", "serial"], name="payment_batch_number_once")]
        indexes = [models.Index(fields=["county", "status"], name="payment_batch_status")]

    def __str__(self) -> str:
        return self.number


class BatchPayment(models.Model):
    """One instalment on a batch. Amount and account are those that were approved; they stay as the paper says them.

    An instalment waits on one batch at a time; after it was paid, taken out or sent back it may stand on another.
    """

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="batch_payments")
    position = models.PositiveIntegerField(_("序號"))
    amount = models.BigIntegerField(_("金額"))
    bank_code = models.CharField(_("金融機構代碼"), max_length=7)
    bank_account = models.CharField(_("帳號"), max_length=16)
    bank_account_name = models.CharField(_("戶名"), max_length=80)
    state = models.CharField(_("狀態"), max_length=9, choices=BatchPaymentState, default=BatchPaymentState.WAITING)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_payment_position_once"),
            models.UniqueConstraint(
                fields=["instalment"], condition=Q(state=BatchPaymentState.WAITING), name="batch_payment_waits_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="batch_payment_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=[BatchPaymentState.TAKEN_OUT, BatchPaymentState.SENT_BACK]) | ~Q(reason=""),
                name="batch_payment_left_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position} {self.amount}"

    @property
    def account(self) -> Account:
        return Account(self.bank_code, self.bank_account, self.bank_account_name)


class PaymentImport(models.Model):
    """A file of the treasury with numbers and days of payment: read and compared, confirmed or forgotten."""

    county = CountyField(_("縣"))
    file_name = models.CharField(_("檔案"), max_length=120)
    sha256 = models.CharField(max_length=64)
    fee_bearer = models.CharField(_("匯費由誰負擔"), max_length=6, choices=FeeBearer)
    counts = models.JSONField(default=dict)
    # Why one voucher number stands for several payments; asked for where it does.
    reason = models.CharField(_("憑單號碼重複的原因"), max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("選檔日期"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_on = models.DateField(_("登記日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("付款結果匯入")
        verbose_name_plural = _("付款結果匯入")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="payment_import_confirmed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class PaymentImportRow(models.Model):
    """A row of the file as it reads, and what would become of it. Texts stay as typed until they are compared."""

    payment_import = models.ForeignKey(PaymentImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("列"))
    # By key of services.treasury.reading: case, part, amount, voucher, day, fee.
    texts = models.JSONField(default=dict)
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("結果"), max_length=8, choices=PaymentRowOutcome)
    sentence = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["payment_import", "number"]
        constraints = [models.UniqueConstraint(fields=["payment_import", "number"], name="payment_import_row_once")]

    def __str__(self) -> str:
        return f"{self.payment_import_id}/{self.number}"

    @property
    def writes(self) -> bool:
        """Whether confirming the file records a payment for this row."""
        return self.outcome in WRITTEN_ROWS
