"""Forms of one voucher: its photo, and what stands on it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import INVOICES, MADE_OUT, VoucherKind
from grants.letters.compose import item_name
from grants.models import Settlement, Voucher
from grants.queries.law.pages import label_of
from grants.queries.settlements.proofs import law_of, voucher_findings
from grants.queries.settlements.rows import lines_of
from grants.queries.settlements.vouchers import by_line
from grants.services.settlements.shares import Share, shares_of, wrong_sum
from grants.services.settlements.vouchers import Entry
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock, identifiers
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, TaxIdField, field_of, left_empty
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import format_roc

# A roster has a form of its own.
TYPED = [(kind.value, kind.label) for kind in VoucherKind if kind != VoucherKind.ROSTER]
FUNDERS = (("funder", "funder_amount"), ("second_funder", "second_amount"))
SHARED = ("paper_total", "own", "fees", "funder", "funder_amount", "second_funder", "second_amount")
PHOTO_KINDS = ("jpeg", "png", "pdf")


class VoucherPhotoForm(forms.Form):
    photo = CheckedFileField(label=_l("單據照片"), kinds=PHOTO_KINDS)
    # What the browser read from the photo, if it could (static/js/invoice-code.js).
    code = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)


class PlannedDayForm(Printed, forms.Form):
    """A paper whose day lies within the plan, and not after today."""

    issued_on = RocDateField(label=_l("單據日期"))

    settlement: Settlement
    span: dict[str, str]

    def within(self, settlement: Settlement) -> None:
        award, self.settlement = settlement.award, settlement
        self.span = {"first": format_roc(award.starts_on), "last": format_roc(award.ends_on)}
        self.fields["issued_on"].help_text = _("執行期間 %(first)s到%(last)s內的日期。") % self.span

    def clean_issued_on(self) -> Any:
        day, award = self.cleaned_data["issued_on"], self.settlement.award
        if not award.starts_on <= day <= award.ends_on:
            raise ValidationError(
                _("單據日期要在計畫執行期間（%(first)s到%(last)s）內；計畫要延後，請先申請計畫變更。") % self.span
            )
        if day > clock.today():
            raise ValidationError(_("單據日期不能晚於今天。"))
        return day


class VoucherEntryForm(PlannedDayForm):
    """What stands on a voucher; every problem stands at its field, with the clause that asks for it.

    `same_reason` is asked only once the voucher turned out to look like another one.
    """

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    field_order = ("line", "kind", "amount", "issued_on")

    line = forms.ChoiceField(label=_l("用在哪一項"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_l("單據種類"), choices=TYPED, widget=forms.RadioSelect)
    amount = AmountField(label=_l("金額（元）"), min_value=1)
    payee = forms.CharField(label=_l("店家或受款人"), max_length=80, help_text=_l("照單據上的名稱寫。"))
    payee_tax_id = TaxIdField(
        label=_l("店家統一編號"), required=False, help_text=_l("發票一定要填；收據沒有可以不填。")
    )
    number = forms.CharField(
        label=_l("單據號碼"),
        max_length=40,
        required=False,
        help_text=_l("發票一定要填，例如 AB-12345678；收據沒有號碼可以不填。"),
    )
    title = forms.ChoiceField(label=_l("抬頭（買受人）"), widget=forms.RadioSelect, required=False)
    purpose = forms.CharField(label=_l("買了什麼、用在哪裡"), max_length=120)
    note = forms.CharField(
        label=_l("說明"), max_length=200, required=False, help_text=_l("抬頭不是本單位時，請寫為什麼。")
    )
    photo = CheckedFileField(label=_l("單據照片"), kinds=PHOTO_KINDS, required=False)
    paper_total = AmountField(
        label=_l("整張單據的總金額（元）"),
        required=False,
        min_value=1,
        help_text=_l("上面的金額只填這一案負擔的；和下面各欄加起來，要等於總金額。"),
    )
    own = AmountField(label=_l("本單位自籌（元）"), required=False)
    fees = AmountField(label=_l("使用者收費（元）"), required=False)
    funder = forms.CharField(label=_l("其他補助單位"), max_length=60, required=False)
    funder_amount = AmountField(label=_l("其他補助單位負擔（元）"), required=False)
    second_funder = forms.CharField(label=_l("第二個補助單位"), max_length=60, required=False)
    second_amount = AmountField(label=_l("第二個補助單位負擔（元）"), required=False)
    same_reason = forms.CharField(
        label=_l("為什麼不是重複報支"),
        max_length=200,
        required=False,
        help_text=_l("例如：同一張發票分列兩項，各報一部分。"),
    )

    def __init__(self, *args: Any, settlement: Settlement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.within(settlement)
        award, self.lines = settlement.award, {line.pk: line for line in lines_of(settlement)}
        sums = by_line(settlement)
        choices = []
        for line in self.lines.values():
            left = line.line.approved - (sums[line.pk].spent if line.pk in sums else 0)
            words = {"name": item_name(line.line.item), "about": line.line.description, "left": format_amount(left)}
            label = (
                _("%(name)s　%(about)s（還剩 %(left)s 元）") if left >= 0 else _("%(name)s　%(about)s（核定的已用完）")
            )
            choices.append((str(line.pk), label % words))
        field_of(self, "line", forms.ChoiceField).choices = choices
        name = award.application.organisation.name
        field_of(self, "title", forms.ChoiceField).choices = [
            (Voucher.Title.OWN, _("是「%(name)s」") % {"name": name}),
            (Voucher.Title.OTHER, Voucher.Title.OTHER.label),
        ]

    def clean_payee_tax_id(self) -> str:
        digits: str = self.cleaned_data["payee_tax_id"]
        if digits and not identifiers.has_check_digit(digits):
            raise ValidationError(_("統一編號的檢查碼不符，請對照單據再填一次。"))
        return digits

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind", "")
        if kind in INVOICES:
            self._check_number(cleaned)
            if left_empty(self, "payee_tax_id"):
                self.add_error("payee_tax_id", _("發票上有店家的統一編號，請填 8 位數字。"))
        if kind in MADE_OUT and left_empty(self, "title"):
            self.add_error("title", _("請看單據上的買受人，選一個。"))
        if kind not in MADE_OUT:
            cleaned["title"] = ""
        self._check_shares(cleaned)
        self._ask_the_law(cleaned)
        return cleaned

    def _check_shares(self, cleaned: dict[str, Any]) -> None:
        for name, amount in FUNDERS:
            if bool(cleaned.get(name)) != bool(cleaned.get(amount)) and not {name, amount} & self.errors.keys():
                self.add_error(amount if cleaned.get(name) else name, _("補助單位的名稱和金額都要填。"))
        if not self.errors and (wrong := wrong_sum(cleaned["amount"], cleaned["paper_total"], self.shares(cleaned))):
            self.add_error("paper_total", wrong)

    @staticmethod
    def shares(data: dict[str, Any]) -> tuple[Share, ...]:
        """Return what others bear, in the order in which it is printed."""
        parts = [(Voucher.Bearer.FUNDER, data[amount], data[name]) for name, amount in FUNDERS]
        parts += [(Voucher.Bearer.OWN, data["own"], ""), (Voucher.Bearer.FEES, data["fees"], "")]
        return tuple(Share(bearer, amount, name) for bearer, amount, name in parts if amount)

    def share_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in SHARED]

    @property
    def open_shares(self) -> bool:
        return any(field.errors or field.value() for field in self.share_fields())

    def _check_number(self, cleaned: dict[str, Any]) -> None:
        if "number" not in cleaned:
            return
        try:
            cleaned["number"] = identifiers.check_invoice_number(cleaned["number"])
        except ValueError as wrong:
            self.add_error("number", str(wrong))

    def _ask_the_law(self, cleaned: dict[str, Any]) -> None:
        """Hold the voucher against what the law asks of the item's receipts; a title that no clause asks for takes a
        word of why it is another's.
        """
        line = self.lines.get(whole_number(cleaned.get("line") or "") or 0)
        kind, title = cleaned.get("kind", ""), cleaned.get("title", "")
        if line is None or not kind:
            return
        found = voucher_findings(self.settlement, line, kind, title)
        for one in found:
            place = "title" if title else "kind"
            self.add_error(place, f"{one.message}（{label_of(one.clause, law_of(self.settlement))}）")
        if not found and title == Voucher.Title.OTHER and left_empty(self, "note"):
            self.add_error("note", _("抬頭不是本單位，請寫為什麼。"))

    def entry(self) -> Entry:
        data = {name: value for name, value in self.cleaned_data.items() if name not in SHARED}
        shared = {"paper_total": self.cleaned_data["paper_total"], "shares": self.shares(self.cleaned_data)}
        return Entry(**data | shared | {"line": int(data["line"])})


def share_values(row: Voucher) -> dict[str, Any]:
    """Return the shares of a voucher as its form begins with them."""
    values: dict[str, Any] = {}
    funders = iter(FUNDERS)
    for share in shares_of(row):
        if share.bearer == Voucher.Bearer.FUNDER:
            name, amount = next(funders)
            values |= {name: share.name, amount: share.amount}
        else:
            values[share.bearer] = share.amount
    return values


class VoucherCheckForm(forms.Form):
    """How much of a voucher finance admits. 全數准予 needs neither field."""

    admitted = AmountField(label=_l("准予核銷（元）"))
    reason = forms.CharField(
        label=_l("減列或剔除的理由"),
        max_length=200,
        required=False,
        help_text=_l("協會會看到這段話，例如：品名和核定項目不符。"),
    )

    def __init__(self, *args: Any, row: Voucher, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        field_of(self, "admitted", AmountField).max_value = row.amount
        self.fields["admitted"].widget.attrs |= {"data-key": "2", "data-key-label": _("減列或剔除")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount = cleaned.get("admitted")
        if amount is not None and amount < self.row.amount and left_empty(self, "reason"):
            self.add_error("reason", _("沒有全數准予核銷時，請寫理由。"))
        return cleaned
