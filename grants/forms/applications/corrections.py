"""The items of a correction as the association answers them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.forms.fields import dress
from grants.models import CorrectionItem
from miaoli_kaohsiung.files.fields import CheckedFileField


class AnswersForm(forms.Form):
    """A tick and a sentence for each item; a tick needs its sentence."""

    def __init__(self, data: Any, *, items: list[CorrectionItem]) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            self.fields[f"done-{item.pk}"] = forms.BooleanField(
                label=_("第 %(place)d 項已處理") % {"place": item.place}, required=False, initial=item.done
            )
            self.fields[f"answer-{item.pk}"] = forms.CharField(
                label=_("第 %(place)d 項怎麼處理的") % {"place": item.place},
                max_length=300,
                required=False,
                initial=item.answer,
            )
        dress(*self.fields.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.items:
            if cleaned.get(f"done-{item.pk}") and not cleaned.get(f"answer-{item.pk}", "").strip():
                self.add_error(f"answer-{item.pk}", _("請寫一句怎麼處理的，例如「已重附蓋章的申請書」。"))
        return cleaned

    def answers(self) -> dict[int, tuple[bool, str]]:
        """Return (ticked, sentence) by item id; a tick without its sentence is not kept."""
        cleaned = self.cleaned_data
        texts = {item.pk: cleaned.get(f"answer-{item.pk}", item.answer) for item in self.items}
        return {
            item.pk: (bool(cleaned.get(f"done-{item.pk}")) and f"answer-{item.pk}" in cleaned, texts[item.pk])
            for item in self.items
        }


class ReturnForm(forms.Form):
    """What the chairperson wants changed."""

    note = forms.CharField(
        label=_l("請承辦人改什麼？"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _l("請寫一句要改什麼，承辦人才知道。")},
    )


class SignedSheetForm(forms.Form):
    sheet = CheckedFileField(label=_l("理事長簽名的確認單（拍照或掃描）"), kinds=("pdf", "jpeg", "png"))


class ChairCodeForm(forms.Form):
    """The code that the chairperson says."""

    code = forms.CharField(
        label=_l("理事長唸的確認碼"),
        max_length=20,
        help_text=_l("6 位數字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _l("請填理事長唸的 6 位數字。")},
    )
