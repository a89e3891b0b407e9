"""Forms of the letters' register: filter, words of a draft, dispatch number, print run."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _l

from grants.enums import LetterKind, LetterStatus
from grants.letters import URGENCIES
from grants.services.letters import check_number
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField


class LetterFilter(forms.Form):
    status = forms.ChoiceField(
        label=_l("狀態"),
        choices=[("", _l("全部")), *LetterStatus.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    kind = forms.ChoiceField(
        label=_l("種類"),
        choices=[("", _l("全部")), *LetterKind.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class LetterForm(forms.Form):
    """The words of a draft. One paragraph a line; a line that begins with a full-width space is a sub-item."""

    subject = forms.CharField(label=_l("主旨"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    explanation = forms.CharField(
        label=_l("說明"),
        help_text=_l("一行一點，編號會自動加上；行首加一個全形空白就是上一點的細項。"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=5000,
        strip=False,
    )
    originals = forms.CharField(label=_l("正本"), max_length=200)
    copies = forms.CharField(label=_l("副本"), max_length=200, required=False)
    urgency = forms.ChoiceField(label=_l("速別"), choices=[(word, word) for word in URGENCIES])
    file_number = forms.CharField(label=_l("檔號"), max_length=40, required=False)
    retention = forms.CharField(label=_l("保存年限"), max_length=10, required=False)

    def clean_explanation(self) -> list[str]:
        return [line.rstrip() for line in self.cleaned_data["explanation"].splitlines() if line.strip()]


class IssueForm(forms.Form):
    dispatch_number = forms.CharField(
        label=_l("發文字號"), help_text=_l("照公文系統給的字號，例如 府社區字第0990001234號"), max_length=60
    )
    dispatched_on = RocDateField(label=_l("發文日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dispatched_on"].initial = clock.today()

    def clean_dispatch_number(self) -> str:
        try:
            return check_number(self.cleaned_data["dispatch_number"])
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from wrong
