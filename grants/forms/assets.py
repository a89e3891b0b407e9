"""Forms and the filter of property."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_choices
from communities.queries.names import called
from grants.models import PropertyItem
from miaoli_kaohsiung.lib.fields import WholeNumberField
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.printable import Printed
from miaoli_kaohsiung.lists.filters import ListFilter, SearchFilter

MOST_YEARS = 50


class KeepForm(Printed, forms.Form):
    place = OneLineField(label=_l("放置地點"), max_length=80, help_text=_l("例如：活動中心二樓。"))
    keeper = OneLineField(label=_l("保管人"), max_length=40, help_text=_l("姓名只有協會和縣府看得到。"))
    years = WholeNumberField(label=_l("使用年限（年）"), required=False, min_value=1, max_value=MOST_YEARS)


class WriteOffForm(Printed, forms.Form):
    reason = OneLineField(label=_l("報廢原因"), max_length=200, help_text=_l("例如：超過使用年限，燈泡已停產不能修。"))


class PropertyFilter(ListFilter):
    """The filter of the county's list."""

    q = SearchFilter(method="find", hint=_l("品名、單位、財產編號"))
    township = django_filters.ChoiceFilter(
        label=TOWNSHIP, field_name="organisation__township_id", empty_label=_l("全部")
    )
    state = django_filters.ChoiceFilter(
        label=_l("狀態"),
        choices=[("held", _l("使用中")), ("off", _l("已報廢")), ("unplaced", _l("還沒登錄地點"))],
        method="in_state",
        empty_label=_l("全部"),
    )

    def __init__(self, data: QueryDict, queryset: QuerySet[PropertyItem], *, counties: list[str]) -> None:
        super().__init__(data, queryset=queryset)
        self.filters["township"].extra["choices"] = township_choices(*counties)
        self.dress()

    def find(self, rows: QuerySet[PropertyItem], name: str, value: str) -> QuerySet[PropertyItem]:
        words = Q(name__icontains=value) | called("organisation", value) | Q(number__icontains=value)
        return rows.filter(words)

    def in_state(self, rows: QuerySet[PropertyItem], name: str, value: str) -> QuerySet[PropertyItem]:
        states: dict[str, Any] = {
            "held": {"written_off_on": None},
            "off": {"written_off_on__isnull": False},
            "unplaced": {"place": "", "written_off_on": None},
        }
        return rows.filter(**states[value])
