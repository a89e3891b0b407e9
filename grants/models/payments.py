from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.enums import DeadlineKind, EntryCorrection, FeeBearer, InstalmentCondition, InstalmentStatus, LedgerKind
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import banks, clock
from miaoli_kaohsiung.lib.roc_date import format_roc

from .applications.cases import Application
from .awards import Award
from .decisions import four_eyes
from .schemes import Envelope, Programme


class Account(NamedTuple):
    """A bank account as a receipt prints it; all fields empty if none is known."""

    code: str = ""
    number: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.number)

    @property
    def bank(self) -> str:
        return banks.name_of(self.code, clock.today())


class Instalment(models.Model):
    """One payment of an award's plan (柒一). The amount of a final one is fixed when the settlement is accepted."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="instalments")
    # The award's, written by a trigger, so that the lists of a county need not look at each award.
    county = CountyField(db_default="", editable=False)
    number = models.PositiveSmallIntegerField(_("期別"))
    amount = models.BigIntegerField(_("金額"))
    condition = models.CharField(_("撥付條件"), max_length=12, choices=InstalmentCondition)
    status = models.CharField(_("狀態"), max_length=18, choices=InstalmentStatus)
    clause = models.CharField(max_length=20)
    receipt = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("領據")
    )
    receipt_number = models.CharField(_("領據字號"), max_length=40, blank=True)
    passbook = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("存摺影本")
    )
    # The account as the receipt prints it and as it was approved: a later change of the registry does not move the money.
    bank_code = models.CharField(_("金融機構代碼"), max_length=7, blank=True)
    bank_account = models.CharField(_("帳號"), max_length=16, blank=True)
    bank_account_name = models.CharField(_("戶名"), max_length=80, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_on = models.DateField(_("請款日期"), null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField(_("核付日期"), null=True, blank=True)
    paid_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paid_on = models.DateField(_("撥付日期"), null=True, blank=True)
    voucher_number = models.CharField(_("付款憑單號碼"), max_length=40, blank=True)
    # Why another payment of the county has the same voucher number.
    voucher_reason = models.CharField(_("憑單號碼重複的原因"), max_length=200, blank=True)
    fee = models.PositiveIntegerField(_("匯費"), default=0)
    fee_bearer = models.CharField(_("匯費由誰負擔"), max_length=6, choices=FeeBearer, default=FeeBearer.COUNTY)
    # By when it can be paid at the latest, by the deadline that runs; empty for now, and once it is paid. By a trigger.
    expected_on = models.DateField(_("最遲撥付日期"), null=True, editable=False)

    class Meta:
        verbose_name = _("分期撥款")
        verbose_name_plural = _("分期撥款")
        ordering = ["award", "number"]
        constraints = [
            models.UniqueConstraint(fields=["award", "number"], name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="instalment_not_negative"),
            four_eyes("instalment", "approved_by", "paid_by"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="instalment_not_approved_by_who_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "award"], name="instalment_status"),
            # Each view of the list in its order, with what its sums and its officers are read from.
            models.Index(
                fields=["county", "status", "requested_on", "id"],
                include=["amount", "requested_by"],
                name="instalment_county_status",
            ),
            models.Index(
                fields=["county", "paid_on", "id"],
                include=["amount"],
                condition=Q(status=InstalmentStatus.PAID),
                name="instalment_county_paid",
            ),
            models.Index(fields=["county", "award", "number"], include=["amount"], name="instalment_county_award"),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}/{self.number} {self.amount}"

    @property
    def arrived(self) -> int:
        """How much reaches the account: less the bank's fee, where the payee bears it."""
        return self.amount - (self.fee if self.fee_bearer == FeeBearer.PAYEE else 0)

    @property
    def kept_account(self) -> Account:
        """The account of the receipt that was sent and approved; empty before."""
        return Account(self.bank_code, self.bank_account, self.bank_account_name)

    @property
    def bounced(self) -> bool:
        """Whether the bank could not credit the account: a copy of the passbook then comes with the new receipt."""
        found = self.entries.filter(kind=LedgerKind.PAID, corrects__isnull=False).order_by("-id").first()
        return found is not None and found.correction == EntryCorrection.BOUNCED

    @property
    def registered_account(self) -> Account:
        """The association's present account."""
        body = self.award.application.organisation
        return Account(body.bank_code, body.bank_account, body.bank_account_name)


class LedgerEntry(models.Model):
    """One movement of money, append-only (a trigger refuses changes): every amount on a screen is a sum of these.

    What was wrong is taken back by an entry of the same kind with the opposite amount, so that sums by kind are right
    by themselves. Triggers hold the bounds: an entry is taken back once and whole, what is paid is approved by award
    and by instalment, and no more comes back than was paid.
    """

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="entries")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="entries")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    kind = models.CharField(_("種類"), max_length=10, choices=LedgerKind)
    amount = models.BigIntegerField(_("金額"))
    on = models.DateField(_("日期"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction = models.CharField(_("更正原因"), max_length=12, choices=EntryCorrection, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, corrects=None, correction="")
                | (Q(amount__lt=0, corrects__isnull=False) & ~Q(correction="")),
                name="ledger_negative_only_corrects",
            ),
            models.UniqueConstraint(
                fields=["award"], condition=Q(kind=LedgerKind.COMMITTED), name="ledger_committed_once"
            ),
            models.UniqueConstraint(
                fields=["award"], condition=Q(kind=LedgerKind.SURCHARGE, amount__gt=0), name="ledger_surcharge_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LedgerKind.PAID) | Q(instalment__isnull=False), name="ledger_paid_has_instalment"
            ),
        ]
        indexes = [
            models.Index(fields=["envelope", "kind"], include=["amount"], name="ledger_envelope_sums"),
            models.Index(fields=["note"], condition=Q(kind=LedgerKind.PAID), name="ledger_voucher"),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.kind} {self.amount}"


class Debt(models.Model):
    """Money of an award that must come back: there is a row as long as some is out, and none before or after.

    Triggers keep it after each entry of the ledger, each account, decision and status that it follows from; nothing else
    writes it (`queries.payments.outcome_of` works the same out in Python, and `services.audit.reconciling` compares both). `kind` is
    that of the deadline by which it must be back, `due_on` the day of it, None until it is laid. `held` is what the
    association has of the county's money.
    """

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="debts")
    county = CountyField()
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.label) for kind in (DeadlineKind.RETURN, DeadlineKind.OVERPAID)]
    )
    amount = models.BigIntegerField(_("應繳回（元）"))
    held = models.BigIntegerField(_("已撥未繳回（元）"))
    due_on = models.DateField(_("期限"), null=True, blank=True)

    class Meta:
        verbose_name = _("待繳回的款項")
        verbose_name_plural = _("待繳回的款項")
        constraints = [
            models.UniqueConstraint(fields=["award", "kind"], name="debt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="debt_positive"),
        ]
        indexes = [
            models.Index(
                fields=["county", "kind", "due_on", "award"], include=["amount", "held"], name="debt_county_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.amount}"


class MoneySum(models.Model):
    """A part of a sum of money: what the overviews show is the sum of these rows, not of all entries and awards.

    Triggers write a row after each entry of the ledger, and two (what was, what is) when one of the other rows changes, so
    that no writer waits for another; `services.payments.sums` folds them into one for each sum at night, and
    `services.audit.reconciling` compares them with what they sum up. `kind` is that of the entry or one of `Also`, `period`
    the first day of the year of the entry, the approval or the acceptance; of what waits the first day of the month, None
    for what has no day.
    """

    class Also(models.TextChoices):
        APPROVED = "approved", _("核定")
        ACCEPTED = "accepted", _("准予核銷")
        WAITS = "waits", _("還要撥")
        DUE = "due", _("應收繳回")

    envelope = models.ForeignKey(Envelope, on_delete=models.CASCADE, related_name="sums")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=[*LedgerKind.choices, *Also.choices])
    period = models.DateField(null=True)
    amount = models.BigIntegerField(_("金額"))
    rows = models.IntegerField()

    class Meta:
        verbose_name = _("款項合計")
        verbose_name_plural = _("款項合計")

    def __str__(self) -> str:
        return f"{self.envelope_id} {self.kind} {self.amount}"


class ReturnProof(models.Model):
    """The association's proof that it paid money back; finance makes its own entry in the ledger."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="return_proofs")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField(_("繳款日期"))
    amount = models.BigIntegerField(_("繳款金額（元）"))
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        ordering = ["award", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="return_proof_positive")]

    def __str__(self) -> str:
        return f"{self.award_id} {self.amount}"


class Deadline(models.Model):
    """Something due by a day, with its legal basis. A job looks for what is due and not done yet."""

    kind = models.CharField(_("種類"), max_length=16, choices=DeadlineKind)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="deadlines")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, null=True, blank=True, related_name="deadlines")
    # The case's, written by a trigger; empty without a case.
    county = CountyField(db_default="", blank=True, editable=False)
    instalment = models.ForeignKey(
        Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    subject_key = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    due_on = models.DateField(_("期限"))
    opened_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "subject_key"], name="deadline_once")]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="deadline_open"),
            # What is late in a county, in the order of the desk.
            models.Index(
                fields=["county", "kind", "due_on", "award"],
                condition=Q(done_on__isnull=True),
                name="deadline_county_award",
            ),
            models.Index(
                fields=["county", "due_on", "instalment"],
                condition=Q(done_on__isnull=True, kind=DeadlineKind.RECEIPT),
                name="deadline_county_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {format_roc(self.due_on)}"

    @property
    def case(self) -> Application:
        """The case that the deadline belongs to. The end of a term of office has none."""
        assert self.application is not None
        return self.application
