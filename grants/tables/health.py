"""The list of associations with what they owed in a year."""

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _l

from communities.models import Organisation
from communities.places import TOWNSHIP
from communities.queries import township_name
from communities.tables import TierColumn, tier_words
from grants.queries.health import sums_of
from miaoli_kaohsiung.lib.money import share_floor
from miaoli_kaohsiung.lists.tables import KEEP, NUMBER, LateColumn, LinkColumn, ListTable


class HealthTable(ListTable):
    """Rows of queries.health.with_health of a `year`."""

    name = LinkColumn("grants:health", "pk", verbose_name=_l("協會"))
    township = tables.Column(
        verbose_name=TOWNSHIP, accessor="township_id", order_by=["county", "township__position"], attrs=KEEP
    )
    current_tier = TierColumn(empty_values=())
    owed_count = tables.Column(verbose_name=_l("到期或已辦"), attrs=NUMBER)
    in_time_count = tables.Column(verbose_name=_l("按時"), attrs=NUMBER)
    share = tables.Column(
        verbose_name=_l("按時比例"), accessor="in_time_count", orderable=False, empty_values=(), attrs=NUMBER
    )
    overdue_count = tables.Column(verbose_name=_l("逾期未辦"), attrs=NUMBER)
    next_due = LateColumn(verbose_name=_l("下一個期限"))

    caption = _l("會務健康")
    sums = {name: name for name in ("owed_count", "in_time_count", "overdue_count")}

    def __init__(self, data: QuerySet[Organisation], *, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(data, **kwargs)

    @cached_property
    def _tally(self) -> dict[str, Any]:
        """Return number and sums as every list has them, but not by way of each association's figures."""
        found = sums_of(self.whole, self.year)
        return {"rows_counted": found["bodies"], **{f"sum_{name}_all": found[name] for name in self.sums}}

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_current_tier(self, record: Any) -> str:
        return tier_words(record)

    def render_share(self, record: Any) -> str:
        return f"{share_floor(100, record.in_time_count, record.owed_count)}%" if record.owed_count else ""

    def render_overdue_count(self, value: int) -> str:
        return format_html('<span class="late-text">{}</span>', value) if value else "0"

    def value_overdue_count(self, value: int) -> int:
        return value
