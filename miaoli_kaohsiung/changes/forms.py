from django import forms
from django.utils.translation import gettext_lazy as _


class RefusalForm(forms.Form):
    note = forms.CharField(
        label=_("不同意的理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("請寫不同意的理由，提出的人會看到。")},
    )
