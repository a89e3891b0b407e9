"""What somebody looks for in the law, and of which day."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField


class LawSearchForm(forms.Form):
    """A plain GET form; with nothing typed it is the whole law of today."""

    q = forms.CharField(label=_("找條文或字詞"), required=False, max_length=60)
    on = RocDateField(label=_("哪一天的規定"), required=False)

    def search(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_bound and self.is_valid() else ""

    def day(self) -> dt.date:
        """The day asked for; today where none, or none that can be read, was given."""
        data = self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None
        return data or clock.today()
