"""The filters of the list of cases."""

from collections.abc import Collection
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_choices
from grants.enums import ApplicationStatus
from grants.models import Application
from grants.queries.applications.lists import late, officer_choices, programme_choices, slow, sought
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.filters import AmountFilter, DayFilter, ListFilter, SearchFilter, TickFilter

# What only the offices choose by.
OF_OFFICES = ("township", "year", "officer", "late", "slow", "amount_from", "amount_to", "filed_from", "filed_to")


class ApplicationFilter(ListFilter):
    q = SearchFilter(method="find", hint=_l("案號、計畫、單位、統編、負責人"))
    status = django_filters.ChoiceFilter(label=_l("狀態"), choices=ApplicationStatus, empty_label=_l("全部"))
    programme = django_filters.ChoiceFilter(label=_l("方案類別"), empty_label=_l("全部"))
    township = django_filters.ChoiceFilter(label=TOWNSHIP, field_name="township_code", empty_label=_l("全部"))
    year = django_filters.ChoiceFilter(label=_l("送件年度"), field_name="first_filed_on__year", empty_label=_l("全部"))
    officer = django_filters.ChoiceFilter(label=_l("承辦人"), empty_label=_l("全部"))
    late = TickFilter(label=_l("有期限逾期"), method="only_late")
    slow = TickFilter(label=_l("承辦超過 30 天"), method="only_slow")
    amount_from = AmountFilter(label=_l("申請金額至少"), field_name="requested_total", lookup_expr="gte")
    amount_to = AmountFilter(label=_l("申請金額最多"), field_name="requested_total", lookup_expr="lte")
    filed_from = DayFilter(label=_l("送件日期從"), field_name="first_filed_on", lookup_expr="gte")
    filed_to = DayFilter(label=_l("送件日期到"), field_name="first_filed_on", lookup_expr="lte")

    more = ("programme", "slow", "amount_from", "amount_to", "filed_from", "filed_to")
    broad = ("status", "programme", "year")

    class Meta:
        model = Application
        fields = ["q", "status"]

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet[Any],
        *,
        counties: set[str],
        years: Collection[int],
        offices: Collection[str] = (),
        officers: bool = False,
    ) -> None:
        """Build the filter. `offices` are the counties in whose offices the person works; `officers` says whether the
        county's own people are among them.
        """
        without = [name for name in OF_OFFICES if not offices or (name == "officer" and not officers)]
        super().__init__(data, queryset=queryset, without=without)
        self.filters["programme"].extra["choices"] = programme_choices(counties)
        if offices:
            self.filters["township"].extra["choices"] = township_choices(*sorted(offices))
            named = [(str(year), _("%(year)d 年") % {"year": roc_year(year)}) for year in years]
            self.filters["year"].extra["choices"] = named
        if offices and officers:
            # Everybody who looks after cases of the county, including those who have left.
            self.filters["officer"].extra["choices"] = officer_choices(offices)
        self.dress()

    def find(self, queryset: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        found = sought(queryset, value)
        self.ordered_whole = found.ordered_whole
        if found.over is not None:
            self.counted = found.over
            # Beside another condition they are counted, because it may leave few.
            self.known_more = not any(self.data.get(other) for other in self.filters if other != name)
        return found.cases

    def only_late(self, queryset: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        return queryset.filter(late())

    def only_slow(self, queryset: QuerySet[Application], name: str, value: bool) -> QuerySet[Application]:
        return queryset.filter(slow())
