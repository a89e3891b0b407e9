"""The filter of the associations of a round."""

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from communities.places import TOWNSHIP
from communities.queries import township_choices
from communities.queries.names import called
from evaluation.enums import Theme
from evaluation.models import Entry
from miaoli_kaohsiung.lists.filters import ListFilter, SearchFilter

STATES = {
    "without": (_("還沒有委員"), Q(judges=0, not_evaluated="")),
    "waiting": (_("評分表還沒送齊"), Q(submitted__lt=F("judges"), not_evaluated="")),
    "complete": (_("已評完"), Q(judges__gt=0, submitted=F("judges"), not_evaluated="")),
    "not_evaluated": (_("未受評"), ~Q(not_evaluated="")),
}


class PlaceFilter(ListFilter):
    """What every list of entries is narrowed by."""

    q = SearchFilter(method="find", hint=_("協會名稱"))
    township = django_filters.ChoiceFilter(
        label=TOWNSHIP, field_name="organisation__township_id", empty_label=_("全部")
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: QuerySet[Any], *, county: str) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["township"].extra["choices"] = township_choices(county)
        self.dress()

    def find(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(called("organisation", value))


class EntryFilter(PlaceFilter):
    state = django_filters.ChoiceFilter(
        label=_("評分"),
        empty_label=_("全部"),
        method="in_state",
        choices=[(name, words) for name, (words, _seen) in STATES.items()],
    )

    def in_state(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(STATES[value][1])


class DifficultyFilter(PlaceFilter):
    theme = django_filters.ChoiceFilter(label=_("類別"), empty_label=_("全部"), choices=Theme, method="about")

    def about(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(themes__contains=[value])
