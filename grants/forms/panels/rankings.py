"""What the page of a ranking is narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants.models import Application, Programme, Scheme
from grants.queries.panels.ranking import Ranked
from miaoli_kaohsiung.lib.fields import field_of
from miaoli_kaohsiung.lib.roc_date import roc_year

ALL = [("", _l("全部"))]


class RankingForm(forms.Form):
    """The year, programme and township of a ranking, in the address. What cannot be read narrows nothing."""

    year = forms.ChoiceField(label=_l("送件年度"), required=False)
    programme = forms.ModelChoiceField(
        label=_l("方案類別"), queryset=Programme.objects.none(), empty_label=_l("全部"), required=False
    )
    township = forms.ChoiceField(label=TOWNSHIP, required=False)
    unscored = forms.BooleanField(label=_l("還有委員未評"), required=False)

    def __init__(self, data: Any, *, scheme: Scheme, years: Sequence[int]) -> None:
        super().__init__(data)
        self.years = years
        named = [(str(year), _("%(year)d 年") % {"year": roc_year(year)}) for year in years]
        field_of(self, "year", forms.ChoiceField).choices = named
        field_of(self, "township", forms.ChoiceField).choices = [*ALL, *township_choices(scheme.county)]
        field_of(self, "programme", forms.ModelChoiceField).queryset = Programme.objects.filter(scheme=scheme)
        for name in ("year", "programme", "township"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["unscored"].widget.attrs["class"] = "form-check-input"
        self.is_valid()

    @property
    def year_chosen(self) -> int:
        return int(self.cleaned_data.get("year") or self.years[0])

    def cases(self, cases: QuerySet[Application]) -> QuerySet[Application]:
        if programme := self.cleaned_data.get("programme"):
            cases = cases.filter(programme=programme)
        if township := self.cleaned_data.get("township"):
            cases = cases.filter(township_code=township)
        return cases

    def narrowed(self, rows: list[Ranked]) -> list[Ranked]:
        return [row for row in rows if row.waiting] if self.cleaned_data.get("unscored") else rows
