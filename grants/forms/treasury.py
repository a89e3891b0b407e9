"""Forms of the treasury: why a row leaves a batch, the treasury's file, why a voucher number stands twice."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import FeeBearer, PaymentBatchStatus
from grants.forms.payments import PaymentFilter
from grants.models import Instalment
from grants.services.treasury import vouchers
from miaoli_kaohsiung.accounts.counties import choices
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.text import half_width
from miaoli_kaohsiung.lists.filters import AmountFilter, DayFilter, ListFilter, SearchFilter, TickFilter


class PayableFilter(PaymentFilter):
    """The filter of what waits to be paid."""

    free = TickFilter(label=_l("還沒編清冊"), method="only_free")
    amount_from = AmountFilter(label=_l("金額至少"), field_name="amount", lookup_expr="gte")
    amount_to = AmountFilter(label=_l("金額最多"), field_name="amount", lookup_expr="lte")
    approved_from = DayFilter(label=_l("核付日期從"), field_name="approved_on", lookup_expr="gte")
    approved_to = DayFilter(label=_l("核付日期到"), field_name="approved_on", lookup_expr="lte")

    more = (*PaymentFilter.more, "amount_from", "amount_to", "approved_from", "approved_to")

    def only_free(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.filter(batch_number=None)


class BatchFilter(ListFilter):
    q = SearchFilter(method="find", hint=_l("清冊編號"))
    status = django_filters.ChoiceFilter(label=_l("狀態"), choices=PaymentBatchStatus, empty_label=_l("全部"))
    made_from = DayFilter(label=_l("編製日期從"), field_name="made_on", lookup_expr="gte")
    made_to = DayFilter(label=_l("編製日期到"), field_name="made_on", lookup_expr="lte")

    more = ("made_from", "made_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def find(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(number__icontains=half_width(value))


class BatchReasonForm(forms.Form):
    reason = OneLineField(label=_l("原因"), max_length=200)


class PaidForm(forms.Form):
    """What the treasury says of one payment. The reason is asked for where the number was used before."""

    voucher_number = OneLineField(label=_l("付款憑單號碼"), max_length=40)
    voucher_reason = OneLineField(
        label=_l("這個號碼用過了，為什麼再用"), max_length=200, help_text=_l("例如：一張付款憑單付兩筆。")
    )
    paid_on = RocDateField(label=_l("付款日期"), help_text=_l("出納實際付款的日期，不是登記的日期。"))
    fee = AmountField(label=_l("匯費（元）"), required=False, help_text=_l("沒有就空著。"))
    fee_bearer = forms.ChoiceField(label=_l("匯費由誰負擔"), choices=FeeBearer, required=False)

    def __init__(self, *args: Any, instalment: Instalment, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"paid_on": clock.today()}, **kwargs})
        day = field_of(self, "paid_on", RocDateField)
        day.earliest, day.latest = instalment.approved_on, clock.today()
        field_of(self, "fee", AmountField).max_value = instalment.amount
        self.used = vouchers.repeated(instalment, str(self.data.get("voucher_number", ""))) if self.is_bound else ""
        if not self.used:
            del self.fields["voucher_reason"]

    def clean_voucher_number(self) -> str:
        number = vouchers.in_one_way(self.cleaned_data["voucher_number"])
        if not number:
            raise ValidationError(_("請填付款憑單號碼。"))
        if self.used and not str(self.data.get("voucher_reason", "")).strip():
            raise ValidationError(_("%(used)s如果沒有填錯，請在下面寫原因。") % {"used": self.used})
        return number

    def clean_fee(self) -> int:
        return self.cleaned_data["fee"] or 0

    def clean_fee_bearer(self) -> str:
        return self.cleaned_data["fee_bearer"] or FeeBearer.COUNTY


class PaidFileForm(forms.Form):
    """The treasury's file of one county."""

    county = forms.ChoiceField(label=_l("哪一個縣的付款"))
    file = forms.FileField(
        label=_l("付款結果檔案"),
        help_text=_l("ODS、XLSX 或 CSV，5 MB 以內，最多 1,000 列；讀第一個工作表。"),
        widget=forms.FileInput({"accept": ".ods,.xlsx,.xls,.csv,.txt", "class": "form-control"}),
        error_messages={"required": _l("請選一個檔案。"), "empty": _l("這個檔案是空的，請再選一次。")},
    )
    fee_bearer = forms.ChoiceField(label=_l("檔案裡的匯費由誰負擔"), choices=FeeBearer, initial=FeeBearer.COUNTY)

    def __init__(self, *args: Any, counties: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        county = field_of(self, "county", forms.ChoiceField)
        county.choices = [(slug, name) for slug, name in choices() if slug in counties]
        if len(counties) == 1:
            county.initial, county.widget = counties[0], forms.HiddenInput()

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if not upload.name:
            raise ValidationError(_("請選一個檔案。"))
        return upload


class ConfirmPaidForm(forms.Form):
    """The confirmation of a file; the reason is asked for where a voucher number stands for several payments."""

    reason = OneLineField(
        label=_l("憑單號碼重複的原因"), max_length=200, help_text=_l("例如：一張付款憑單付整份清冊。")
    )

    def __init__(self, *args: Any, asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked:
            del self.fields["reason"]
