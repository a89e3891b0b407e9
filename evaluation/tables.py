"""The associations of a round as the offices see them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import OrganisationStatus
from communities.places import TOWNSHIP
from communities.queries import township_name
from evaluation.enums import Theme
from miaoli_kaohsiung.lib.fields import format_quantity
from miaoli_kaohsiung.lists.tables import KEEP, NUMBER, LinkColumn, ListTable, WordColumn


class PlaceTable(ListTable):
    """What every list of entries begins with."""

    organisation = LinkColumn(
        "evaluation:entry",
        "pk",
        accessor="organisation__name",
        verbose_name=_l("協會"),
        order_by=("organisation__name",),
    )
    township = tables.Column(
        verbose_name=TOWNSHIP,
        accessor="organisation__township_id",
        order_by=("organisation__township__position", "organisation__name"),
        attrs=KEEP,
        default="",
    )

    def render_township(self, value: str) -> str:
        return township_name(value)


class EntryTable(PlaceTable):
    """Rows of queries.rounds.entries. `totals` are those that stand; None while they are not to be seen."""

    state = tables.Column(verbose_name=_l("評分"), empty_values=(), orderable=False, attrs=KEEP)
    points = tables.Column(verbose_name=_l("總分"), empty_values=(), order_by=("total",), attrs=NUMBER)
    difficulties = WordColumn(verbose_name=_l("困難與需要"))

    first_columns = ("organisation", "township", "state", "points")
    caption = _l("受評協會")

    def __init__(self, *args: Any, totals: Mapping[int, Decimal] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.totals = totals or {}

    def render_state(self, record: Any) -> str:
        if record.not_evaluated:
            return _("未受評：%(why)s") % {"why": record.not_evaluated}
        if record.organisation.status == OrganisationStatus.DISSOLVED:
            return _("協會已解散")
        if not record.judges:
            return _("還沒有委員")
        if record.submitted == record.judges:
            return _("%(count)d位都已評完") % {"count": record.judges}
        return _("%(every)d位委員，%(done)d位已送出") % {"every": record.judges, "done": record.submitted}

    def order_points(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """Order by the totals that are shown, also before they are published; associations without one last."""
        shown = Case(*(When(pk=key, then=Value(total)) for key, total in self.totals.items()), default=F("total"))
        order = shown.desc(nulls_last=True) if is_descending else shown.asc(nulls_last=True)
        return queryset.order_by(order, "organisation__name"), True

    def render_points(self, record: Any) -> str:
        if record.not_evaluated:
            return ""
        total = record.total if record.total is not None else self.totals.get(record.pk)
        return "" if total is None else format_quantity(total)


class DifficultyTable(PlaceTable):
    """Rows of queries.rounds.entries in which associations named difficulties."""

    themes = WordColumn(verbose_name=_l("類別"), orderable=False)
    difficulties = WordColumn(verbose_name=_l("困難與需要"), orderable=False)

    caption = _l("協會的困難與需要")

    def render_themes(self, value: list[str]) -> str:
        return "、".join(str(Theme(name).label) for name in value if name in Theme.values)
