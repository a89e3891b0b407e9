"""Forms of a payment: the receipt, its return, the voucher, money that comes back."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import naming
from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants.enums import CORRECTIONS, WITH_THE_COUNTY, AwardStatus, EntryCorrection, LedgerKind
from grants.models import Award, Instalment, LedgerEntry
from grants.queries.applications.lists import officer_choices, years_of
from grants.queries.awards import behind, silent
from grants.services.payments.corrections import Finding
from grants.services.treasury.vouchers import in_one_way
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.lists.filters import AmountFilter, DayFilter, ListFilter, SearchFilter, TickFilter

RECEIPT_KINDS = ("pdf", "jpeg", "png")
RECEIVED = _l("公庫實際收到的日期，不是登記的日期。")


class ReceiptForm(Printed, forms.Form):
    """The receipt. The association must upload a file; the officer who holds the paper need not (`paper_held`)."""

    receipt_number = forms.CharField(
        label=_l("領據字號"),
        max_length=40,
        help_text=_l("寫在領據上的字號，例如 旗示字第0990001號。沒有編號請填日期。"),
    )
    receipt = CheckedFileField(label=_l("蓋好圖記的領據（拍照或掃描）"), kinds=RECEIPT_KINDS)

    passbook = CheckedFileField(
        label=_l("存摺封面影本"),
        kinds=RECEIPT_KINDS,
        required=False,
        help_text=_l("核定函請您附存摺影本。以前附過、帳戶沒有變，可以不再附。"),
    )

    def __init__(self, *args: Any, paper_held: bool = False, bounced: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passbook"].widget.attrs |= {"data-upload": "", "data-shrink": ""}
        if bounced:
            self.fields["passbook"].required = not paper_held
            self.fields["passbook"].help_text = _("這一期曾經退匯，請附存摺封面影本，讓縣府核對帳戶。")
        if paper_held:
            self.fields["receipt"].required = False
            self.fields["receipt"].label = _l("領據掃描檔（紙本已收到，可以不附）")


class ReasonForm(Printed, forms.Form):
    reason = forms.CharField(
        label=_l("退回的原因"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("申請單位會收到這段話，請寫清楚要改哪裡。"),
    )


class WithdrawForm(ReasonForm):
    reason = forms.CharField(
        label=_l("退回核付的原因"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("承辦人和出納會收到這段話，例如帳戶改過、領據寫錯。"),
    )


class ApproveForm(forms.Form):
    """A form without fields: the page shows what is approved."""


class NumberedForm(forms.Form):
    """A form with the number of the treasury's paper, kept in one way of writing."""

    def clean_voucher_number(self) -> str:
        typed: str = self.cleaned_data["voucher_number"]
        number = in_one_way(typed)
        if typed and not number:
            raise ValidationError(_("請填憑單上的號碼。"))
        return number


class MoneyBackForm(NumberedForm):
    """Money that came back; `due` is what must still come back, `since` the day of the first payment."""

    amount = AmountField(label=_l("收到的金額（元）"), min_value=1)
    received_on = RocDateField(label=_l("收款日期"), help_text=RECEIVED)
    voucher_number = OneLineField(label=_l("收款憑單號碼"), max_length=40)
    kind = forms.ChoiceField(
        label=_l("怎麼收到的"),
        choices=[
            (LedgerKind.RETURNED.value, _l("單位自行繳回")),
            (LedgerKind.RECOVERED.value, _l("強制執行或依決定抵銷追回")),
        ],
        initial=LedgerKind.RETURNED,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, due: int, since: dt.date | None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"amount": due, "received_on": clock.today()}, **kwargs})
        field_of(self, "amount", AmountField).max_value = due
        day = field_of(self, "received_on", RocDateField)
        day.earliest, day.latest = since, clock.today()

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or LedgerKind.RETURNED.value


class EntryCorrectionForm(Printed, NumberedForm):
    """What is wrong with an entry of the ledger; the day and the number are those of the bank's return, or the right
    ones.
    """

    why = forms.ChoiceField(label=_l("哪裡不對"), widget=forms.RadioSelect)
    on = RocDateField(
        label=_l("退匯日期，或正確的日期"), required=False, help_text=_l("誤登不用填；日期沒有錯就照原來的。")
    )
    voucher_number = forms.CharField(
        label=_l("退匯通知的號碼，或正確的憑單號碼"), max_length=40, required=False, help_text=_l("誤登不用填。")
    )
    reason = forms.CharField(label=_l("說明"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    scan = CheckedFileField(label=_l("銀行或公庫的通知"), kinds=RECEIPT_KINDS, required=False)

    def __init__(self, *args: Any, entry: LedgerEntry, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": entry.on, "voucher_number": entry.note}, **kwargs})
        self.entry = entry
        choices = [(why.value, why.label) for why in CORRECTIONS.get(entry.kind, ())]
        field_of(self, "why", forms.ChoiceField).choices = choices
        field_of(self, "on", RocDateField).latest = clock.today()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        why = values.get("why")
        if why == EntryCorrection.MISTAKEN:
            return values | {"on": None, "voucher_number": ""}
        if why and not values.get("on") and "on" not in self.errors:
            self.add_error("on", _("請填日期。"))
        if why and not values.get("voucher_number"):
            self.add_error("voucher_number", _("請填號碼。"))
        if why in (EntryCorrection.BOUNCED, EntryCorrection.PAY_AGAIN) and values.get("on"):
            if values["on"] < self.entry.on:
                self.add_error("on", _("退匯日期不能早於撥付日期。"))
        if why == EntryCorrection.PARTICULARS and values.get("on") == self.entry.on:
            if values.get("voucher_number") == self.entry.note:
                self.add_error("voucher_number", _("日期和號碼都和原來登記的相同。"))
        return values

    def finding(self) -> Finding:
        return Finding(**self.cleaned_data)


class OverpaidForm(Printed, NumberedForm):
    """Money that left once more for an instalment that was paid already."""

    amount = AmountField(label=_l("重複或多撥的金額（元）"), min_value=1)
    on = RocDateField(label=_l("撥出的日期"))
    voucher_number = forms.CharField(label=_l("付款憑單號碼"), max_length=40)
    reason = forms.CharField(label=_l("怎麼發現的"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    scan = CheckedFileField(label=_l("銀行或公庫的通知"), kinds=RECEIPT_KINDS, required=False)

    def __init__(self, *args: Any, part: Instalment, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"amount": part.amount}, **kwargs})
        day = field_of(self, "on", RocDateField)
        day.earliest, day.latest = part.approved_on, clock.today()


class RegainedForm(NumberedForm):
    """What came back of money that left twice; `due` is what is still out, `since` the day of the first payment."""

    amount = AmountField(label=_l("收到的金額（元）"), min_value=1)
    received_on = RocDateField(label=_l("收款日期"), help_text=RECEIVED)
    voucher_number = OneLineField(label=_l("收款憑單號碼"), max_length=40)

    def __init__(self, *args: Any, due: int, since: dt.date | None, **kwargs: Any) -> None:
        initial = {"amount": due, "received_on": clock.today()}
        super().__init__(*args, **{"initial": initial, "auto_id": "id_regained_%s", **kwargs})
        field_of(self, "amount", AmountField).max_value = due
        day = field_of(self, "received_on", RocDateField)
        day.earliest, day.latest = since, clock.today()


class ReturnProofForm(forms.Form):
    """The association's proof of its payment; `due` is offered as the amount."""

    amount = AmountField(label=_l("繳了多少（元）"), min_value=1)
    paid_on = RocDateField(label=_l("繳款日期"))
    upload = CheckedFileField(label=_l("繳款收據、匯款單或存摺內頁"), kinds=RECEIPT_KINDS)

    def __init__(self, *args: Any, due: int, since: dt.date | None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"amount": due}, "auto_id": "id_proof_%s", **kwargs})
        field_of(self, "amount", AmountField).max_value = due
        day = field_of(self, "paid_on", RocDateField)
        day.earliest, day.latest = since, clock.today()
        self.fields["upload"].widget.attrs |= {"data-upload": "", "data-shrink": ""}


class PaymentFilter(ListFilter):
    """The filter of instalments, or of awards of which money must come back; both have `due_on`."""

    q = SearchFilter(method="find", hint=_l("案號、單位、計畫"))
    township = django_filters.ChoiceFilter(label=TOWNSHIP, method="at", empty_label=_l("全部"))
    officer = django_filters.ChoiceFilter(label=_l("承辦人"), method="with_officer", empty_label=_l("全部"))
    late = TickFilter(label=_l("已逾期"), method="only_late")
    due_from = DayFilter(label=_l("期限從"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_l("期限到"), field_name="due_on", lookup_expr="lte")

    more: tuple[str, ...] = ("officer", "due_from", "due_to")

    def __init__(
        self, data: QueryDict, queryset: QuerySet[Any], *, offices: Collection[str], officers: bool = False
    ) -> None:
        """Build the filter. `offices` are the counties in whose offices the person works; `officers` says whether the
        county's own people are among them.
        """
        without = ([] if offices else ["township"]) + ([] if officers else ["officer"])
        super().__init__(data, queryset=queryset, without=without)
        self.case = "application__" if queryset.model is Award else "award__application__"
        if offices:
            self.filters["township"].extra["choices"] = township_choices(*sorted(offices))
        if officers:
            self.filters["officer"].extra["choices"] = officer_choices(offices)
        self.dress()

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        for word in naming.words(value):
            wanted = Q()
            for column in ("number", "organisation__tax_id"):
                wanted |= Q(**{f"{self.case}{column}__icontains": half_width(word)})
            for column in ("title", "organisation__name"):
                wanted |= Q(**{f"{self.case}{column}__icontains": word})
            queryset = queryset.filter(wanted)
        return queryset

    def at(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.case}township_code": value})

    def with_officer(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.case}officer": value})

    def only_late(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return queryset.filter(due_on__lt=clock.today())


class SettlementFilter(PaymentFilter):
    """The filter of settlements that wait for the county; `late` are those that came after their day."""

    status = django_filters.ChoiceFilter(
        label=_l("狀態"),
        choices=[(status.value, status.label) for status in WITH_THE_COUNTY],
        empty_label=_l("全部"),
    )
    late = TickFilter(label=_l("逾期結報"), field_name="late")
    sent_from = DayFilter(label=_l("送件日期從"), field_name="submitted_on", lookup_expr="gte")
    sent_to = DayFilter(label=_l("送件日期到"), field_name="submitted_on", lookup_expr="lte")

    more = (*PaymentFilter.more, "sent_from", "sent_to")


class AwardFilter(PaymentFilter):
    """The filter of awards; `late` are those whose settlement did not come in time."""

    status = django_filters.ChoiceFilter(label=_l("狀態"), choices=AwardStatus, empty_label=_l("全部"))
    year = django_filters.ChoiceFilter(label=_l("核定年度"), field_name="approved_on__year", empty_label=_l("全部"))
    late = TickFilter(label=_l("結報逾期"), method="only_late")
    amount_from = AmountFilter(label=_l("核定金額至少"), field_name="total", lookup_expr="gte")
    amount_to = AmountFilter(label=_l("核定金額最多"), field_name="total", lookup_expr="lte")

    more = (*PaymentFilter.more, "amount_from", "amount_to")

    def __init__(
        self, data: QueryDict, queryset: QuerySet[Award], *, offices: Collection[str], officers: bool = False
    ) -> None:
        super().__init__(data, queryset, offices=offices, officers=officers)
        # An office has too many awards to look for their years among them.
        own = queryset.order_by().values_list("approved_on__year", flat=True).distinct()
        years = years_of(offices) if offices else list(own)
        named = [(str(year), _("%(year)d 年") % {"year": roc_year(year)}) for year in sorted(years, reverse=True)]
        self.filters["year"].extra["choices"] = named
        self.dress()


class RiskFilter(AwardFilter):
    """The filter of awards that need a look: behind plan by their dates, or of an association that is silent."""

    # No index knows them: each award that runs is looked at, until so many are found.
    counted = 300
    why = django_filters.ChoiceFilter(
        label=_l("為什麼"),
        choices=[("behind", _l("支出落後期間")), ("silent", _l("單位一個月沒有登入"))],
        method="only",
        empty_label=_l("全部"),
    )

    def only(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(behind() if value == "behind" else silent())
