"""The list of settlements that wait for the county."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _l

from communities.queries import township_name
from miaoli_kaohsiung.lists.tables import KEEP, AmountColumn, DayColumn, DaysColumn, LinkColumn, ListTable, WordColumn


class SettlementTable(ListTable):
    """Rows of queries.settlements.waiting.with_the_county."""

    number = LinkColumn("grants:settlement_detail", "number", verbose_name=_l("案號"))
    organisation = WordColumn(accessor="award__application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="award__application__title", verbose_name=_l("計畫名稱"))
    township = tables.Column(accessor="award__application__township_code", verbose_name=_l("鄉鎮市"), attrs=KEEP)
    status = tables.Column(verbose_name=_l("狀態"), attrs=KEEP)
    officer_name = tables.Column(verbose_name=_l("承辦人"), default="", attrs=KEEP)
    total = AmountColumn(accessor="award__total", verbose_name=_l("核定（元）"))
    spent = AmountColumn(verbose_name=_l("實支（元）"))
    completed_on = DayColumn(verbose_name=_l("完成日"))
    submitted_on = DayColumn(verbose_name=_l("送件日期"))
    days = DaysColumn(accessor="submitted_on", verbose_name=_l("等候天數"))
    late = tables.BooleanColumn(verbose_name=_l("逾期結報"), yesno=("✓", ""), attrs=KEEP)

    first_columns = (
        "number",
        "organisation",
        "title",
        "status",
        "officer_name",
        "total",
        "spent",
        "submitted_on",
        "days",
    )
    sums = {"total": "award__total", "spent": "spent"}
    caption = _l("待核結報")

    def render_township(self, value: str) -> str:
        return township_name(value)
