"""Forms of a payment: the receipt, its return, the voucher, money that comes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lib.printable import Printed

RECEIPT_KINDS = ("pdf", "jpeg", "png")


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

    def __init__(self, *args: Any, paper_held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passbook"].widget.attrs |= {"data-upload": "", "data-shrink": ""}
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


class VoucherForm(forms.Form):
    voucher_number = forms.CharField(label=_l("付款憑單號碼"), max_length=40)


class MoneyBackForm(forms.Form):
    """Money that came back; `due` is what must still come back."""

    amount = AmountField(label=_l("收到的金額（元）"), min_value=1)
    voucher_number = forms.CharField(label=_l("收款憑單號碼"), max_length=40)

    def __init__(self, *args: Any, due: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"amount": due}, **kwargs})
        field_of(self, "amount", AmountField).max_value = due


class ReturnProofForm(forms.Form):
    """The association's proof of its payment; `due` is offered as the amount."""

    amount = AmountField(label=_l("繳了多少（元）"), min_value=1)
    paid_on = RocDateField(label=_l("繳款日期"))
    upload = CheckedFileField(label=_l("繳款收據、匯款單或存摺內頁"), kinds=RECEIPT_KINDS)

    def __init__(self, *args: Any, due: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"amount": due}, "auto_id": "id_proof_%s", **kwargs})
        field_of(self, "amount", AmountField).max_value = due
        field_of(self, "paid_on", RocDateField).latest = clock.today()
        self.fields["upload"].widget.attrs |= {"data-upload": "", "data-shrink": ""}
