from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.fields import AmountField, WholeNumberField, read_as


class ChangeForm(forms.Form):
    """A change of a scheme's money, with the paper that it rests on."""

    memo_number = forms.CharField(label=_("簽文號"), max_length=60)
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class EnvelopeForm(ChangeForm):
    """The money of a year, as the county's budget states it (M6)."""

    year = WholeNumberField(label=_("年度（民國）"), min_value=90, max_value=200, help_text=_("例如 99"))
    amount = AmountField(label=_("額度（元）"))
    scan = CheckedFileField(label=_("簽或預算書的掃描檔"), kinds=("pdf", "jpeg", "png"))
    below = forms.BooleanField(label=_("已核定的超過新額度，我知道"), required=False, widget=forms.HiddenInput)
    field_order = ("year", "amount", "below", "memo_number", "scan", "reason")

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the tick once it is asked for."""
        super().add_error(field, error)
        if field == "below":
            self.fields["below"].widget = forms.CheckboxInput()


class ReturnTermsForm(ChangeForm):
    """The account to which money must come back, and within how many days."""

    bank_code = forms.CharField(label=_("金融機構代號"), help_text=_("總行3位加分行4位，共7位數字。"))
    bank_account = forms.CharField(label=_("帳號"))
    account_name = forms.CharField(label=_("戶名"), max_length=60)
    days = WholeNumberField(label=_("幾天內繳回"), min_value=1, max_value=365, help_text=_("條文沒有訂，由縣府決定。"))
    field_order = ("bank_code", "bank_account", "account_name", "days", "memo_number", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("bank_code", "bank_account"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "class": "text"}

    def clean_bank_code(self) -> str:
        return str(read_as(identifiers.check_bank_code, self.cleaned_data["bank_code"]))

    def clean_bank_account(self) -> str:
        typed, code = self.cleaned_data["bank_account"], self.cleaned_data.get("bank_code", "")
        return str(read_as(identifiers.check_bank_account, typed, code))
