"""The list of awards."""

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_name
from grants.enums import AwardStatus, SettlementStatus
from grants.queries.awards import back_of, paid_of
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    NUMBER,
    AmountColumn,
    ChoiceColumn,
    DayColumn,
    LateColumn,
    ListTable,
    NumberLinkColumn,
    WordColumn,
)


class AwardTable(ListTable):
    """Rows of queries.payments.awards_listed."""

    number = NumberLinkColumn("grants:award_detail", "number", verbose_name=_l("案號"))
    organisation = WordColumn(accessor="application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="application__title", verbose_name=_l("計畫名稱"))
    township = tables.Column(accessor="application__township_code", verbose_name=TOWNSHIP, attrs=KEEP)
    programme = WordColumn(accessor="application__programme__name", verbose_name=_l("方案類別"))
    status = ChoiceColumn(AwardStatus, verbose_name=_l("狀態"))
    settlement = tables.Column(accessor="settlement__status", verbose_name=_l("結報"), empty_values=(), attrs=KEEP)
    officer_name = tables.Column(verbose_name=_l("承辦人"), default="", attrs=KEEP)
    total = AmountColumn(verbose_name=_l("核定（元）"))
    paid = AmountColumn(verbose_name=_l("已撥付（元）"))
    back = AmountColumn(verbose_name=_l("已繳回（元）"))
    approved_on = DayColumn(verbose_name=_l("核定日期"))
    ends_on = DayColumn(verbose_name=_l("執行迄日"))
    due_on = LateColumn(verbose_name=_l("結報期限"))

    first_columns: tuple[str, ...] = (
        "number",
        "organisation",
        "title",
        "status",
        "settlement",
        "total",
        "paid",
        "ends_on",
        "due_on",
    )
    sums = {"total": "total", "paid": "paid", "back": "back"}
    sums_of_many = {"paid": paid_of, "back": back_of}
    read_with = ()
    caption = _l("核定案")

    def render_township(self, value: str) -> str:
        return township_name(value)

    def render_settlement(self, value: str | None) -> str:
        return str(SettlementStatus(value).label) if value else _("還沒送")


class RiskTable(AwardTable):
    """Rows of queries.awards.at_risk."""

    elapsed = tables.Column(verbose_name=_l("期間已過（%）"), attrs=NUMBER)
    spent = AmountColumn(verbose_name=_l("已填支出（元）"))
    seen_on = DayColumn(verbose_name=_l("最後登入"))

    first_columns = ("number", "organisation", "title", "total", "spent", "elapsed", "seen_on", "ends_on")
    sums = {"total": "total", "spent": "spent"}
    caption = _l("要留意的核定案")
