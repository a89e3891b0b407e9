"""A county's list: the file, what its columns are, and the questions about its rows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from communities.enums import Office
from communities.models import RegistryImport
from communities.services.registry_import.columns import BANK, COLUMNS
from communities.services.registry_import.imports import guessed
from miaoli_kaohsiung.accounts.counties import choices

# The questions that a yes answers, by the code of the problem.
QUESTIONS: dict[str, str | Promise] = {
    "alike": __("名稱和已登記的單位很像的，都看過了，是不同的單位"),
    "mobile": __("會址電話是手機的，單位同意公開在社區名錄"),
    "long": __("任期超過四年的，都看過了，沒有錯"),
}


class FileForm(forms.Form):
    """The list of one county."""

    county = forms.ChoiceField(label=__("哪一個縣的名單"))
    file = forms.FileField(
        label=__("名單檔案"),
        help_text=__("ODS、XLSX 或 CSV，10 MB 以內，最多 5,000 列；讀第一個工作表，第一列寫欄名。"),
        widget=forms.FileInput({"accept": ".ods,.xlsx,.xls,.csv,.txt", "class": "form-control"}),
        error_messages={"required": __("請選一個檔案。"), "empty": __("這個檔案是空的，請再選一次。")},
    )

    def __init__(self, *args: Any, counties: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["county"].choices = [(slug, name) for slug, name in choices() if slug in counties]
        if len(counties) == 1:
            fields["county"].initial = counties[0]
            fields["county"].widget = forms.HiddenInput()

    def clean_file(self) -> "UploadedFile[Any]":
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if not upload.name:
            raise ValidationError(_("請選一個檔案。"))
        return upload


class ColumnsForm(forms.Form):
    """What each column of the file is; what its head says is chosen beforehand."""

    def __init__(self, *args: Any, registry_import: RegistryImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heads = registry_import.heads
        self.guesses = guessed(registry_import)
        chosen = registry_import.columns or self.guesses
        for place, head in enumerate(self.heads):
            if self.guesses[place] != BANK:
                self.fields[f"column_{place}"] = forms.ChoiceField(
                    label=head or _("第 %(number)d 欄") % {"number": place + 1},
                    choices=_choices(),
                    required=False,
                    initial=chosen[place],
                    widget=forms.Select({"class": "form-select"}),
                )

    def columns(self) -> list[str]:
        """Return the keys in the order of the file."""
        return [
            BANK if guess == BANK else self.cleaned_data[f"column_{place}"] for place, guess in enumerate(self.guesses)
        ]

    def rows(self) -> list[tuple[str, forms.BoundField | None]]:
        """Return each head with its field, None for a bank account."""
        names = [f"column_{place}" for place in range(len(self.heads))]
        return [
            (head, self[name] if name in self.fields else None) for head, name in zip(self.heads, names, strict=True)
        ]


def _choices() -> list[Any]:
    groups = [(_("單位"), ""), *((Office(value).label, value) for value in Office.values)]
    named = [
        (label, [(column.key, column.label) for column in COLUMNS if column.group == office])
        for label, office in groups
    ]
    return [("", _("不匯入")), *named]
