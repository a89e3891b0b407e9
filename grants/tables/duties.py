"""The lists of duties: what is open, and the associations' year."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_name
from communities.tables import TierColumn
from grants.duty_kinds import DUTIES, MEMBER, period_in_words
from grants.models import Duty
from grants.queries.law.pages import link_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lists.tables import KEEP, DayColumn, LateColumn, ListTable, WordColumn


class DutyTable(ListTable):
    """Rows of queries.duties.as_listed."""

    title = WordColumn(accessor="key", verbose_name=_l("事項"))
    period = tables.Column(verbose_name=_l("期間"), attrs=KEEP)
    body = WordColumn(verbose_name=_l("單位"))
    township = tables.Column(accessor="place", verbose_name=TOWNSHIP, default="", attrs=KEEP)
    case = tables.Column(accessor="application__number", verbose_name=_l("案號"), default="", attrs=KEEP)
    tier = TierColumn(accessor="organisation__current_tier", empty_values=(None,), default="")
    by = tables.Column(accessor="key", verbose_name=_l("誰辦"), orderable=False, attrs=KEEP)
    due_on = LateColumn(verbose_name=_l("期限"))
    done_on = DayColumn(verbose_name=_l("登錄日期"))
    clause = tables.Column(verbose_name=_l("條文"), attrs=KEEP)
    state = tables.Column(accessor="pk", verbose_name=_l("狀態"), orderable=False, attrs=KEEP)

    first_columns: tuple[str, ...] = ("title", "period", "body", "township", "case", "due_on", "clause", "state")
    caption = _l("應辦事項")

    def render_title(self, record: Duty) -> str:
        return format_html('<a href="{}">{}</a>', reverse("grants:duty", args=[record.pk]), self.value_title(record))

    def value_title(self, record: Duty) -> str:
        return str(record.title or DUTIES[record.key].title)

    def render_period(self, value: str) -> str:
        return period_in_words(value)

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_tier(self, value: str) -> str:
        return value or _("未分級")

    def render_by(self, value: str) -> str:
        return _("協會") if DUTIES[value].by == MEMBER else _("縣府")

    def render_clause(self, value: str, record: Duty) -> str:
        return link_of(value, record.application.scheme if record.application else None)

    def value_clause(self, value: str, record: Duty) -> str:
        return strip_tags(self.render_clause(value, record))

    def render_state(self, record: Duty) -> str:
        """Return where the duty stands; what an association recorded is checked by the county."""
        if record.done_on is None:
            return _("逾期") if record.due_on < clock.today() else _("還沒辦")
        if record.organisation_id and record.checked_on is None:
            return _("待確認")
        return _("已登錄")

    def render_due_on(self, value: Any, column: LateColumn, record: Duty) -> str:
        """Return the day; it stands out while the duty is open."""
        return column.render(value) if record.done_on is None else DayColumn.render(column, value)

    def value_due_on(self, value: Any, column: LateColumn) -> str:
        return column.value(value)


class AssociationDutyTable(DutyTable):
    """The same for the associations' year."""

    first_columns = ("body", "township", "tier", "title", "period", "due_on", "done_on", "state")
    caption = _l("社區輔導與會務")

    class Meta(DutyTable.Meta):
        sequence = ("body", "township", "tier", "title", "...")
