"""Forms for correcting a wrong record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.models import Award
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField, field_of


class CompletionCorrectionForm(forms.Form):
    completed_on = RocDateField(label=_l("正確的完成日"))
    reason = forms.CharField(
        label=_l("為什麼要更正"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("另一位承辦人或主管確認後生效，結報期限會重新計算；原來登記的日期會留在歷程。"),
    )

    def __init__(self, *args: Any, award: Award, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_correct_%s", **kwargs})
        field = field_of(self, "completed_on", RocDateField)
        field.earliest, field.latest = award.starts_on, min(award.ends_on, clock.today())
