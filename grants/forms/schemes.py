from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.lib.fields import AmountField, WholeNumberField


class EnvelopeForm(forms.Form):
    """The money of a year, as the county's budget names it (M6)."""

    year = WholeNumberField(label=_("年度（民國）"), min_value=90, max_value=200, help_text=_("例如 99"))
    amount = AmountField(label=_("額度（元）"))
