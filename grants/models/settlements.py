import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.enums import INVOICES, WITH_THE_COUNTY, SettlementStatus, Verdict, VoucherKind
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import sealed

from .applications.cases import BudgetLine
from .awards import Award, AwardLine


class Settlement(models.Model):
    """The 結報 of an award: what was spent by line, with the papers of 柒二; two people check sums and content.

    `edition` counts the association's saves, lines and months included, so that a stale page is refused.
    """

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="settlement")
    # The award's, written by a trigger.
    county = CountyField(db_default="", editable=False)
    number = models.CharField(_("案號"), max_length=16, unique=True)
    status = models.CharField(_("狀態"), max_length=24, choices=SettlementStatus, default=SettlementStatus.DRAFT)
    edition = models.PositiveIntegerField(default=1)
    completed_on = models.DateField(_("實際完成日"), null=True, blank=True)
    outcome = models.TextField(_("成果說明"), blank=True)
    people_served = models.PositiveIntegerField(_("服務人次"), null=True, blank=True)
    # Own money spent on the project, if the law asks for a share of it (M5.8).
    own_funds = models.BigIntegerField(_("自籌款實支（元）"), null=True, blank=True)
    submitted_on = models.DateField(_("送件日期"), null=True, blank=True)
    late = models.BooleanField(_("逾期結報"), default=False)
    correction_note = models.TextField(_("請補正的事項"), blank=True)
    sums_checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    content_checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_on = models.DateField(null=True, blank=True)
    # The dispatch date of the letter that says what is still paid: before it no receipt is asked for.
    notified_on = models.DateField(_("核銷備查函發文日期"), null=True, blank=True)
    eligible = models.BigIntegerField(_("准予核銷金額"), null=True, blank=True)
    # The +20 % of 參、二、3 and 三、3 as accepted, paid on top of what is eligible; 0 before acceptance.
    surcharge = models.BigIntegerField(_("收費加成（元）"), default=0)

    class Meta:
        verbose_name = _("結報")
        verbose_name_plural = _("結報")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_checked_by__isnull=True) | ~Q(content_checked_by=F("sums_checked_by")),
                name="settlement_two_checkers",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True)
                | (~Q(accepted_by=F("sums_checked_by")) & ~Q(accepted_by=F("content_checked_by"))),
                name="settlement_accepted_by_a_third",
            ),
            models.CheckConstraint(condition=Q(surcharge__gte=0), name="settlement_surcharge_not_negative"),
            models.CheckConstraint(
                condition=Q(own_funds__isnull=True) | Q(own_funds__gte=0), name="settlement_own_funds_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "status", "submitted_on", "id"],
                include=["sums_checked_by", "content_checked_by"],
                name="settlement_county_status",
            ),
            models.Index(
                fields=["county", "submitted_on", "id"],
                condition=Q(status__in=list(WITH_THE_COUNTY)),
                name="settlement_with_county",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SettlementLine(models.Model):
    """What was spent on an approved line, and how much of it is admitted."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(AwardLine, on_delete=models.PROTECT, related_name="+")
    spent = models.BigIntegerField(_("實支（元）"), null=True, blank=True)
    vouchers = models.PositiveSmallIntegerField(_("單據張數"), null=True, blank=True)
    # The answer about its receipts, if the item has a question of its own (rules.catalogue.Proof).
    proof = models.CharField(_("憑證"), max_length=20, blank=True)
    admitted = models.BigIntegerField(_("准予核銷（元）"), null=True, blank=True)
    reason = models.CharField(_("剔除理由"), max_length=200, blank=True)

    class Meta:
        ordering = ["settlement", "line__position"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "line"], name="settlement_line_once"),
            models.CheckConstraint(
                condition=(Q(spent__isnull=True) | Q(spent__gte=0)) & (Q(admitted__isnull=True) | Q(admitted__gte=0)),
                name="settlement_line_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.line_id}"


class Voucher(models.Model):
    """The paper of one expense on a line; the line's spent figure is the sum of its vouchers.

    `position` is its 憑證編號 within the settlement. One that looks like another voucher of the
    portal has `same_reason`: why the money is not reported twice. Without it the database refuses the double.
    """

    class Title(models.TextChoices):
        OWN = "own", _("是本單位的全名")
        OTHER = "other", _("不是，或沒有寫抬頭")

    class Bearer(models.TextChoices):
        """Who bears what this case does not of a paper."""

        OWN = "own", _("本單位自籌")
        FEES = "fees", _("使用者收費")
        FUNDER = "funder", _("其他補助單位")

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="voucher_rows")
    line = models.ForeignKey(SettlementLine, on_delete=models.PROTECT, related_name="voucher_rows")
    position = models.PositiveSmallIntegerField(_("憑證編號"))
    kind = models.CharField(_("種類"), max_length=10, choices=VoucherKind)
    number = models.CharField(_("單據號碼"), max_length=40, blank=True)
    issued_on = models.DateField(_("單據日期"))
    payee = models.CharField(_("店家或受款人"), max_length=80)
    payee_tax_id = models.CharField(_("店家統一編號"), max_length=8, blank=True)
    title = models.CharField(_("抬頭"), max_length=5, choices=Title, blank=True)
    amount = models.BigIntegerField(_("金額（元）"))
    purpose = models.CharField(_("用途"), max_length=120)
    note = models.CharField(_("說明"), max_length=200, blank=True)
    same_reason = models.CharField(_("不是重複報支的理由"), max_length=200, blank=True)
    # Of a paper of which only `amount` is charged here: the whole, and what others bear (services.settlements.shares).
    paper_total = models.BigIntegerField(_("整張單據的總金額（元）"), null=True, blank=True)
    shares = models.JSONField(default=list, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What the photo looks like (files.looks); "" for a blank page.
    look = models.CharField(max_length=256, blank=True)
    admitted = models.BigIntegerField(_("准予核銷（元）"), null=True, blank=True)
    reason = models.CharField(_("剔除理由"), max_length=200, blank=True)
    # Made by the form or the device that sent it, so that sending it again does not enter it twice.
    entry_key = models.UUIDField(null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        verbose_name = _("單據")
        verbose_name_plural = _("單據")
        ordering = ["settlement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "position"], name="voucher_position_once"),
            models.UniqueConstraint(fields=["settlement", "entry_key"], name="voucher_entry_key_once"),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(kind__in=list(INVOICES)) & ~Q(number="") & Q(same_reason=""),
                name="voucher_invoice_once",
            ),
            models.UniqueConstraint(
                fields=["payee_tax_id", "issued_on", "amount"],
                condition=~Q(payee_tax_id="") & Q(same_reason=""),
                name="voucher_payee_day_amount_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_amount_positive"),
            models.CheckConstraint(
                condition=Q(paper_total__isnull=True) | Q(paper_total__gte=F("amount")), name="voucher_part_of_paper"
            ),
            models.CheckConstraint(
                condition=Q(admitted__isnull=True)
                | (Q(admitted__gte=0) & Q(admitted__lte=F("amount")) & (Q(admitted=F("amount")) | ~Q(reason=""))),
                name="voucher_admitted_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="voucher_number"),
            models.Index(fields=["payee_tax_id", "issued_on"], name="voucher_payee_day"),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.position}"


class ReceiptReading(models.Model):
    """What a reader of print made of the photo of a voucher: `found` is None until it was read, then what it seems to say
    (lib.receipt_words). It goes with the photo.
    """

    photo = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    own_tax_id = models.CharField(max_length=8, blank=True)
    found = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("單據照片的文字辨識")
        verbose_name_plural = _("單據照片的文字辨識")

    def __str__(self) -> str:
        return f"{self.photo_id}"

    @property
    def day(self) -> dt.date | None:
        text = (self.found or {}).get("issued_on")
        return dt.date.fromisoformat(text) if text else None


class RosterRow(models.Model):
    """A person on a 印領清冊: what was done in a month, and what is paid for it. The voucher's amount is the sum of its rows.

    `count` is what the item counts (days, trips, times). `tax` and `premium` are kept back from the whole payment to the
    person and stand in the person's first row. `folded` is the name as names are compared.
    """

    voucher = models.ForeignKey(Voucher, on_delete=models.CASCADE, related_name="people")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("姓名"), max_length=40)
    folded = models.CharField(max_length=40)
    # The number of a person at rest: sealed, and the mark by which it is found (lib.sealed). Both go after their term.
    sealed_id = models.TextField(blank=True)
    id_mark = models.CharField(max_length=64, blank=True)
    month = models.CharField(_("月份"), max_length=7)
    count = models.DecimalField(_("日數或次數"), max_digits=7, decimal_places=1)
    hours = models.DecimalField(_("每日時數"), max_digits=4, decimal_places=1, null=True, blank=True)
    rate = models.BigIntegerField(_("單價（元）"))
    pay = models.BigIntegerField(_("應領（元）"))
    income = models.CharField(_("所得類別"), max_length=2, blank=True)
    tax = models.BigIntegerField(_("扣繳稅額（元）"), default=0)
    premium = models.BigIntegerField(_("補充保險費（元）"), default=0)

    class Meta:
        verbose_name = _("印領清冊的人")
        verbose_name_plural = _("印領清冊的人")
        ordering = ["voucher", "position"]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "position"], name="roster_row_position_once"),
            models.CheckConstraint(
                condition=Q(pay__gt=0) & Q(rate__gt=0) & Q(tax__gte=0) & Q(premium__gte=0), name="roster_row_amounts"
            ),
        ]
        indexes = [
            models.Index(fields=["month", "folded"], name="roster_row_month_name"),
            models.Index(fields=["month", "id_mark"], name="roster_row_month_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.position}"

    @property
    def national_id(self) -> str:
        return sealed.unseal(self.sealed_id)

    @property
    def net(self) -> int:
        return self.pay - self.tax - self.premium


class SettlementMonth(models.Model):
    """How many came and how many paid in a month, for one part of the costs (queries.settlements.surcharges): the base
    of the +20 %.
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="months")
    part = models.CharField(max_length=10)
    month = models.CharField(_("月份"), max_length=7)
    average = models.DecimalField(_("平均服務人數"), max_digits=6, decimal_places=1, null=True, blank=True)
    attendees = models.PositiveIntegerField(_("總人數"), null=True, blank=True)
    payers = models.PositiveIntegerField(_("收費人數"), null=True, blank=True)
    cost = models.BigIntegerField(_("當月費用（元）"), null=True, blank=True)
    admitted = models.BigIntegerField(_("核定費用（元）"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    # Why fewer people came than 參、三、2 asks for, and the officer's answer (reading A23).
    explanation = models.CharField(_("人數不足的說明"), max_length=200, blank=True)
    verdict = models.CharField(_("審查"), max_length=10, choices=Verdict, default=Verdict.PENDING)
    verdict_note = models.CharField(_("審查說明"), max_length=200, blank=True)
    verdict_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["settlement", "part", "month"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "part", "month"], name="settlement_month_once"),
            models.CheckConstraint(
                condition=Q(payers__isnull=True) | Q(payers__lte=F("attendees")), name="settlement_month_payers_came"
            ),
            models.CheckConstraint(
                condition=(Q(cost__isnull=True) | Q(cost__gte=0))
                & (Q(admitted__isnull=True) | Q(admitted__gte=0) & Q(admitted__lte=F("cost"))),
                name="settlement_month_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.part} {self.month}"


class SettlementDocument(models.Model):
    class Kind(models.TextChoices):
        VOUCHERS = "vouchers", _("原始支出憑證")
        PHOTOS = "photos", _("成果照片")
        ACTIVITY = "activity", _("活動相關資料")
        REPORT = "report", _("期末成果報告")
        TICKETS = "tickets", _("高鐵、飛機票據")
        ROSTER = "roster", _("印領清冊")

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("種類"), max_length=10, choices=Kind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        ordering = ["settlement", "kind", "id"]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.kind}"


class SettlementReason(models.Model):
    """Why the county admits what a clause asks a reason for, written by the person who checks or accepts the 結報.

    `line` is empty if the clause is about the whole account. `message` is what the law said when the reason was
    written.
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="reasons")
    clause = models.CharField(max_length=20)
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    message = models.TextField()
    text = models.CharField(_("理由"), max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["settlement", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["settlement", "clause", "line"], name="settlement_reason_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.clause}"
