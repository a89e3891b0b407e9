"""The form that asks to take the acceptance of an account back."""

from django import forms
from django.utils.translation import gettext_lazy as _l

from grants.services.settlements.reversing import Ground
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib.printable import Printed


class ReversalForm(Printed, forms.Form):
    number = forms.CharField(label=_l("簽或訴願決定書的文號"), max_length=60)
    reason = forms.CharField(
        label=_l("核銷哪裡有錯"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("會寫進給單位的函：認定錯誤、計算錯誤，或訴願決定撤銷。"),
    )
    scan = CheckedFileField(label=_l("簽、決定書或查核紀錄"), required=False)

    def ground(self) -> Ground:
        return Ground(**self.cleaned_data)
