"""Forms of the central programmes and of what is asked of them, and the filter of the list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from communities.queries.names import called
from grants.models import CentralProgramme, CentralRequest
from grants.queries.central import cases_to_carry, open_programmes
from grants.services.central.programmes import FIELDS
from grants.services.central.requests import Asked, Outcome
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.fields import AmountField, RocDateField, field_of
from miaoli_kaohsiung.lists.filters import ListFilter, SearchFilter


def _text(label: Any, most: int, *, required: bool = True, rows: int = 3, hint: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=area, help_text=hint)


class ProgrammeForm(forms.Form):
    ministry = forms.CharField(label=_l("主管機關"), max_length=40)
    name = forms.CharField(label=_l("計畫名稱"), max_length=80)
    item = forms.CharField(label=_l("補助項目（沒有可以不填）"), max_length=80, required=False)
    most = AmountField(label=_l("每案最高（元，沒有可以不填）"), required=False)
    closes_on = RocDateField(label=_l("縣府收件截止（沒有可以不填）"), required=False)
    words = _text(_l("要準備什麼"), 2000, required=False)
    active = forms.BooleanField(label=_l("受理中"), required=False, initial=True)
    reason = _text(_l("變更的理由"), 400, rows=2)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class AskForm(forms.Form):
    programme = forms.ModelChoiceField(
        label=_l("中央補助計畫"), queryset=CentralProgramme.objects.none(), empty_label=_l("請選擇")
    )
    case = forms.ModelChoiceField(
        label=_l("帶入本會的案件（可以不選）"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_l("不帶入"),
        help_text=_l("選了以後，下面空白的就用那一件的名稱、內容和金額。"),
    )
    title = forms.CharField(label=_l("計畫名稱"), max_length=80, required=False)
    text = _text(_l("內容"), 4000, required=False)
    amount = AmountField(label=_l("申請金額（元）"), required=False, min_value=1)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "programme", forms.ModelChoiceField).queryset = open_programmes(organisation.county)
        numbers = [case.pk for case in cases_to_carry(organisation)]
        cases = organisation.applications.filter(pk__in=numbers).order_by("-pk")
        field_of(self, "case", forms.ModelChoiceField).queryset = cases

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        case = data.get("case")
        data["title"] = data.get("title") or (case.title[:80] if case else "")
        data["text"] = data.get("text") or (case.content if case else "")
        if "amount" not in self.errors:
            data["amount"] = data.get("amount") or (case.requested_total if case else None)
        for name in ("title", "amount"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _l("請填寫，或帶入本會的案件。"))
        return data

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["programme"], data["title"], data["amount"], data["text"], data["case"])


class ForwardForm(forms.Form):
    opinion = _text(_l("縣府意見"), 2000)
    number = forms.CharField(label=_l("函轉文號"), max_length=60)
    on = RocDateField(label=_l("函轉日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())


class ResultForm(forms.Form):
    result = forms.ChoiceField(label=_l("結果"), choices=CentralRequest.Result, widget=forms.RadioSelect)
    granted = AmountField(label=_l("核定金額（元）"), required=False)
    number = forms.CharField(label=_l("核定文號"), max_length=60)
    on = RocDateField(label=_l("核定日期"))

    def outcome(self) -> Outcome:
        data = self.cleaned_data
        return Outcome(data["result"], data["number"], data["on"], data["granted"] or 0)


class CentralFilter(ListFilter):
    q = SearchFilter(method="find", hint=_l("單位、計畫名稱或文號"))
    state = django_filters.ChoiceFilter(
        label=_l("狀態"),
        choices=[("asked", _l("等縣府函轉")), ("forwarded", _l("已函轉，等結果")), *CentralRequest.Result.choices],
        method="in_state",
        empty_label=_l("全部"),
    )
    year = django_filters.ChoiceFilter(label=_l("年度"), empty_label=_l("全部"))

    class Meta:
        model = CentralRequest
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[CentralRequest], *, years: list[tuple[int, str]]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["year"].extra["choices"] = years
        self.dress()

    def find(self, rows: QuerySet[CentralRequest], name: str, value: str) -> QuerySet[CentralRequest]:
        found = called("organisation", value) | Q(title__icontains=value)
        return rows.filter(found | Q(dispatch_number__icontains=value) | Q(programme__name__icontains=value))

    def in_state(self, rows: QuerySet[CentralRequest], name: str, value: str) -> QuerySet[CentralRequest]:
        if value == "asked":
            return rows.filter(forwarded_on=None)
        if value == "forwarded":
            return rows.filter(forwarded_on__isnull=False, result="")
        return rows.filter(result=value)
