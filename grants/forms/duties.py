"""Forms of duties: the record of what was done, and the event that an officer sets."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants import duties
from grants.services.duties import Record
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import QuantityField, RocDateField

MOST = Decimal(999_999)


class DutyForm(forms.Form):
    """The fields follow from the kind: its figures, and a paper where the clause asks for one."""

    held_on = RocDateField(label=_l("辦理日期"))

    def __init__(self, *args: Any, kind: duties.Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["held_on"].latest = clock.today()
        for key, label in kind.figures:
            self.fields[f"figure-{key}"] = QuantityField(label=label, max_value=MOST)
        self.fields["note"] = forms.CharField(
            label=_l("紀錄"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), help_text=kind.text
        )
        label = _l("紀錄檔案") if kind.file else _l("紀錄檔案（沒有可以不附）")
        self.fields["upload"] = CheckedFileField(label=label, required=kind.file)
        self.fields["upload"].widget.attrs |= {"data-upload": "", "data-shrink": ""}

    def record(self) -> Record:
        told = self.cleaned_data
        figures = {key: int(told[f"figure-{key}"]) for key, _label in self.kind.figures}
        return Record(told["held_on"], figures, told["note"], told["upload"])


class InvitationForm(forms.Form):
    """An event that an officer sets for a case; the association gets the words as they stand."""

    key = forms.ChoiceField(
        label=_l("事項"),
        choices=[(row.key, row.title) for row in duties.DUTIES.values() if row.scope == "event"],
        widget=forms.RadioSelect,
    )
    on = RocDateField(label=_l("日期"))
    text = forms.CharField(
        label=_l("通知內容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("時間、地點、要準備什麼。申請單位會收到這段話。"),
    )
