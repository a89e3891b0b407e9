"""The list of decisions by 柒三."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Sanction
from grants.services.sanctions import in_words
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    AmountColumn,
    DayColumn,
    LinkColumn,
    ListTable,
    NumberLinkColumn,
    WordColumn,
)


class SanctionTable(ListTable):
    """Rows of queries.sanctions.decisions.visible."""

    organisation = LinkColumn(
        "grants:sanction", "pk", accessor="award__application__organisation__name", verbose_name=_l("單位")
    )
    award = NumberLinkColumn("grants:award_detail", "award__number", accessor="award__number", verbose_name=_l("案號"))
    event = tables.Column(verbose_name=_l("事由"), attrs=KEEP)
    disallowed = AmountColumn(verbose_name=_l("支用不當（元）"))
    bar = WordColumn(accessor="barred_to", verbose_name=_l("停止申請"), empty_values=())
    number = tables.Column(verbose_name=_l("處分文號"), empty_values=(), orderable=False, attrs=KEEP)
    decided_on = DayColumn(verbose_name=_l("處分日期"))
    recorded_on = DayColumn(verbose_name=_l("登錄日期"))
    confirmed_on = DayColumn(verbose_name=_l("確認日期"))
    status = tables.Column(verbose_name=_l("狀態"), attrs=KEEP)

    first_columns = ("organisation", "award", "event", "disallowed", "bar", "number", "decided_on", "status")
    sums = {"disallowed": "disallowed"}
    caption = _l("停止申請處分")

    def render_bar(self, record: Sanction) -> str:
        if record.consumed_by:
            return _("已用於 %(number)s") % {"number": record.consumed_by.number}
        return in_words(record) or "—"

    def render_number(self, value: Any) -> str:
        return str(value) if value else _("（待發文）")
