from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_choices
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField

WHOLE, SOME = "whole", "some"


class ClosureForm(forms.Form):
    """停班停課 of a day: where, and why."""

    on = RocDateField(label=_l("哪一天"))
    area = forms.ChoiceField(
        label=_l("哪裡"),
        choices=[(WHOLE, _l("全縣")), (SOME, format_lazy(_l("部分{kinds}"), kinds=TOWNSHIP))],
        widget=forms.RadioSelect,
        initial=WHOLE,
    )
    townships = forms.MultipleChoiceField(
        label=TOWNSHIP,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=format_lazy(_l("選「部分{kinds}」時才要勾。"), kinds=TOWNSHIP),
    )
    reason = OneLineField(
        label=_l("原因"),
        max_length=100,
        help_text=_l("例如：凡那比颱風。會寫在給協會的通知裡。"),
        error_messages={"required": _l("請寫原因，例如：凡那比颱風。")},
    )

    def __init__(self, *args: Any, county: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        townships = self.fields["townships"]
        assert isinstance(townships, forms.MultipleChoiceField)
        townships.choices = township_choices(county)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("area") == WHOLE:
            values["townships"] = []
        elif values.get("area") == SOME and not values.get("townships") and "townships" not in self.errors:
            self.add_error(
                "townships",
                ValidationError(format_lazy(_l("請勾選停止上班的{kinds}。"), kinds=TOWNSHIP), code="required"),
            )
        return values


class TakeBackForm(forms.Form):
    why = OneLineField(
        label=_l("為什麼取消"),
        max_length=100,
        help_text=_l("例如：日期登錄錯誤。會寫在給協會的通知裡。"),
        error_messages={"required": _l("請寫為什麼取消，協會會看到。")},
    )
