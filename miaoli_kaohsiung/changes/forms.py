import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.printable import Printed

from .services import Wish


class RuleForm(Printed, forms.Form):
    """What every change of a county's rule is asked: from which day on, by which memo, and why. `values` are the others."""

    starts_on = RocDateField(label=_("生效日"))
    memo_number = forms.CharField(label=_("簽文號"), max_length=60)
    reason = forms.CharField(label=_("變更的理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=400)

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if day < clock.today():
            raise forms.ValidationError(_("生效日不能早於今天。"))
        return day

    def values(self) -> Mapping[str, Any]:
        """Return the data of a change that a valid form says."""
        raise NotImplementedError

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(self.values(), data["starts_on"], data["memo_number"], data["reason"])


class RefusalForm(forms.Form):
    note = forms.CharField(
        label=_("不同意的理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("請寫不同意的理由，提出的人會看到。")},
    )
