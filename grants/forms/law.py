"""The search in the law, and the day for which it is shown."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import RocDateField


class LawSearchForm(forms.Form):
    """A plain GET form; left empty it shows the whole law of today."""

    q = forms.CharField(label=_("找條文或字詞"), required=False, max_length=60)
    on = RocDateField(label=_("哪一天的規定"), required=False)

    def search(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_bound and self.is_valid() else ""

    def day(self) -> dt.date:
        """Return the day asked for; today if none, or none that can be read, was given."""
        data = self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None
        return data or clock.today()
