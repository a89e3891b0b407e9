"""What an auditor looks for in the trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import AuditSample
from grants.queries.audit.kinds import kinds_by_group
from grants.queries.audit.sampling import Plan
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, WholeNumberField, field_of
from miaoli_kaohsiung.lib.roc_date import roc_year


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


class SampleForm(forms.Form):
    """What is drawn: the county and year, how the cases are layered, how many of each layer, and the seed."""

    county = forms.ChoiceField(label=_l("縣市"))
    year = forms.ChoiceField(label=_l("核定年度"))
    by = forms.ChoiceField(label=_l("怎麼分層"), choices=AuditSample.By.choices)
    small = AmountField(label=_l("小額到（元）"), min_value=1, initial=50_000)
    large = AmountField(label=_l("中額到（元）"), min_value=2, initial=100_000)
    per = WholeNumberField(
        label=_l("每層抽幾件"), min_value=1, max_value=50, initial=2, help_text=_l("不夠的那一層全部都抽。")
    )
    seed = forms.CharField(
        label=_l("種子"),
        max_length=60,
        help_text=_l("公開抽出的數字或文字，例如當天公益彩券的開獎號碼。同一個種子永遠抽出同樣的案件，誰都可以重算。"),
    )

    def __init__(self, data: Any = None, *, counties: list[tuple[str, str]], years: list[int]) -> None:
        super().__init__(data)
        field_of(self, "county", forms.ChoiceField).choices = counties
        named = [(str(year), _("%(year)d 年") % {"year": roc_year(year)}) for year in years]
        field_of(self, "year", forms.ChoiceField).choices = named

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        small, large = data.get("small"), data.get("large")
        if small is not None and large is not None and large <= small:
            self.add_error("large", _("中額要比小額多。"))
        return data

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(**{**data, "year": int(data["year"]), "per": int(data["per"]), "seed": data["seed"].strip()})
