from django import forms
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib.fields import AmountField, WholeNumberField


class EnvelopeForm(forms.Form):
    """The money of a year, as the county's budget names it (M6), with the paper that says so."""

    year = WholeNumberField(label=_("年度（民國）"), min_value=90, max_value=200, help_text=_("例如 99"))
    amount = AmountField(label=_("額度（元）"))
    memo_number = forms.CharField(label=_("簽文號"), max_length=60)
    scan = CheckedFileField(label=_("簽或預算書的掃描檔"), kinds=("pdf", "jpeg", "png"))
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class EnvelopeRefusalForm(forms.Form):
    note = forms.CharField(label=_("不同意的理由"), max_length=200)
