"""Forms of the letters' register: the filter, and a draft with number and day of its dispatch."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import LetterKind, LetterStatus
from grants.letters.compose import URGENCIES
from miaoli_kaohsiung.lib import dispatch_number
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineEmailField, OneLineField, one_line

from .reviews import EditionForm


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


class LetterForm(EditionForm):
    """A draft: its words, who answers questions, number and day of its dispatch.

    One paragraph a line; a line that begins with a full-width space is a sub-item. The dispatch number is required only
    when the letter is issued (`issuing`); an unusual one must be confirmed, but is not refused.
    """

    dispatch_number = OneLineField(
        label=_l("發文字號"),
        help_text=_l("照公文系統給的字號，例如 府社區字第0990001234號。"),
        max_length=60,
        required=False,
    )
    sure = forms.BooleanField(label=_l("我看過了，就是這個文號"), required=False)
    dispatched_on = RocDateField(label=_l("發文日期"))
    subject = forms.CharField(label=_l("主旨"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)
    explanation = forms.CharField(
        label=_l("說明"),
        help_text=_l("一行一點，編號會自動加上；行首加一個全形空白就是上一點的細項。"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=5000,
        strip=False,
    )
    originals = OneLineField(label=_l("正本"), max_length=200)
    copies = OneLineField(label=_l("副本"), max_length=200, required=False)
    contact_name = OneLineField(label=_l("承辦人"), max_length=60)
    contact_phone = OneLineField(
        label=_l("承辦人電話"), max_length=40, required=False, help_text=_l("不填就印機關總機。")
    )
    contact_email = OneLineEmailField(label=_l("承辦人電子信箱"), required=False)
    urgency = forms.ChoiceField(label=_l("速別"), choices=[(word, word) for word in URGENCIES])
    file_number = OneLineField(label=_l("檔號"), max_length=40, required=False)
    retention = OneLineField(label=_l("保存年限"), max_length=10, required=False)

    def __init__(self, *args: Any, issuing: bool = False, example: str = "", **kwargs: Any) -> None:
        """Build the form; `example` is a number as the county's document system gives it for this letter."""
        super().__init__(*args, **kwargs)
        if example:
            words = _("照公文系統給的字號，例如 %(example)s。") % {"example": example}
            self.fields["dispatch_number"].help_text = words
        self.issuing = issuing
        self.unusual = False

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean_explanation(self) -> list[str]:
        return [line.rstrip() for line in self.cleaned_data["explanation"].splitlines() if line.strip()]

    def clean_dispatch_number(self) -> str:
        typed = self.cleaned_data["dispatch_number"]
        if not typed:
            if self.issuing:
                raise ValidationError(_l("請填公文系統給的發文字號。"), code="required")
            return ""
        try:
            return dispatch_number.read(typed)
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from wrong

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        number: str = values.get("dispatch_number") or ""
        self.unusual = bool(number) and not dispatch_number.is_usual(number)
        if self.issuing and self.unusual and not values.get("sure"):
            self.add_error("dispatch_number", _l("這個字號和常見的寫法不同。確定是這個文號，請勾選後再按一次。"))
        return values

    def words(self) -> dict[str, Any]:
        """Return the draft's text as it is kept."""
        apart = ("edition", "sure", "dispatch_number", "dispatched_on")
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}


class ConfirmForm(EditionForm):
    """A form without fields: the page shows what will be locked. Days counted without a calendar want a tick."""

    guessed_days = forms.BooleanField(
        label=_l("我知道上面的期限是依週六、週日推算的，仍照這樣發文"),
        error_messages={"required": _l("請先看過推算的期限，再勾選；或等該年行事曆登錄後再發文。")},
    )

    def __init__(self, *args: Any, guessed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not guessed:
            del self.fields["guessed_days"]
