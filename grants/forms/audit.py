"""What an auditor looks for in the trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.queries.audit.kinds import kinds_by_group
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of


class AsOfForm(forms.Form):
    day = RocDateField(label=_l("哪一天"))


class FourEyesForm(forms.Form):
    since = RocDateField(label=_l("從哪一天"), required=False)
    until = RocDateField(label=_l("到哪一天"), required=False)
    only = forms.BooleanField(label=_l("只看要查明的"), required=False)


class TrailSearchForm(forms.Form):
    """A plain GET form; empty fields mean everything."""

    case = forms.CharField(label=_l("案號"), max_length=40, required=False)
    person = forms.CharField(label=_l("人員"), max_length=60, required=False)
    action = forms.ChoiceField(label=_l("種類"), required=False)
    words = forms.CharField(label=_l("資料名稱"), max_length=60, required=False)
    since = RocDateField(label=_l("從哪一天"), required=False)
    until = RocDateField(label=_l("到哪一天"), required=False)
    least = AmountField(label=_l("金額從（元）"), required=False)
    most = AmountField(label=_l("金額到（元）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "action", forms.ChoiceField).choices = [("", _("全部")), *kinds_by_group()]

    def entered(self) -> dict[str, Any]:
        """Return what could be read; a day or an amount that cannot be read is an error on the page and narrows nothing."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return self.cleaned_data
