"""The filter of the list of associations with what they owed."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

from communities.filters import HoursFilter
from miaoli_kaohsiung.lists.filters import TickFilter


class HealthFilter(HoursFilter):
    """By year, township and tier; with a tick only those that are behind."""

    behind = TickFilter(label=_l("只看逾期未辦的"), method="that_are_behind")

    def that_are_behind(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(overdue_count__gt=0)
