from django import forms
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib.lines import OneLineField


class ViewForm(forms.Form):
    name = OneLineField(label=_l("檢視的名稱"), max_length=30)
    shared = forms.BooleanField(label=_l("和本縣同仁共用"), required=False)
