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
    """The sheet that the head of the body signed; `head` is what this person is called there."""

    sheet = CheckedFileField(kinds=("pdf", "jpeg", "png"))

    def __init__(self, *args: Any, head: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["sheet"].label = _("%(head)s簽名的確認單（拍照或掃描）") % {"head": head}


class ChairCodeForm(forms.Form):
    """The code that the head of the body says; `head` is what this person is called there."""

    code = forms.CharField(
        max_length=20,
        help_text=_l("6 位數字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, head: str, **more: Any) -> None:
        super().__init__(*args, **more)
        code = self.fields["code"]
        code.label = _("%(head)s唸的確認碼") % {"head": head}
        code.error_messages["required"] = _("請填%(head)s唸的 6 位數字。") % {"head": head}
