"""The forms of 通知管道."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib.fields import read_as
from miaoli_kaohsiung.lib.identifiers import is_mobile, parse_phone
from miaoli_kaohsiung.lib.text import half_width


class ChannelsForm(forms.Form):
    """By which channels reminders may come."""

    email = forms.BooleanField(label=_("電子郵件"), required=False)
    sms = forms.BooleanField(label=_("簡訊"), required=False)
    line = forms.BooleanField(label="LINE", required=False)


class PhoneForm(forms.Form):
    """The number of a mobile, to which a code is sent."""

    phone = forms.CharField(
        label=_("手機號碼"),
        max_length=30,
        help_text=_("例如 0912-345-678。會寄一則驗證碼簡訊給這個號碼。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel-national"}),
    )

    def clean_phone(self) -> str:
        number: str = read_as(parse_phone, self.cleaned_data["phone"]).digits
        if not is_mobile(number):
            raise ValidationError(_("簡訊只能寄到手機，請填 09 開頭的號碼。"))
        return number


class CodeForm(forms.Form):
    """The code that came by SMS."""

    code = forms.CharField(
        label=_("驗證碼"),
        max_length=20,
        help_text=_("簡訊裡的 6 位數字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return half_width(self.cleaned_data["code"]).replace(" ", "")
