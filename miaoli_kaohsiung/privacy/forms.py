"""The reasons for which records are still needed, and who asks for a copy at the counter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib import identifiers
from miaoli_kaohsiung.lib.fields import read_as

from .models import DisposalItem

LONGEST = 200


class LeavingOutForm(forms.Form):
    """A reason for each record of a page; a record with one is left out of the list."""

    def __init__(self, data: Any, items: Iterable[DisposalItem]) -> None:
        super().__init__(data)
        for item in items:
            self.fields[f"reason_{item.pk}"] = forms.CharField(
                label=_("%(record)s：還要留的理由") % {"record": item.title},
                max_length=LONGEST,
                required=False,
                initial=item.left_out,
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def reasons(self) -> dict[int, str]:
        return {int(name.removeprefix("reason_")): value for name, value in self.cleaned_data.items()}


class AskingForm(forms.Form):
    """Somebody at the counter who asks for a copy of what is held on them."""

    name = forms.CharField(label=_l("姓名"), max_length=60)
    how = forms.CharField(
        label=_l("怎麼確認是本人"),
        max_length=100,
        help_text=_l("例如：看過國民身分證。代理人要有委任書。"),
    )
    login = forms.CharField(
        label=_l("登入帳號或電子信箱（有帳號才填）"), max_length=150, required=False, widget=forms.TextInput
    )
    national_id = forms.CharField(
        label=_l("身分證字號（領過鐘點費、工資才填）"), max_length=20, required=False, widget=forms.TextInput
    )

    def clean_national_id(self) -> str:
        typed = self.cleaned_data["national_id"]
        number: str = read_as(identifiers.check_national_id, typed) if typed else ""
        return number
