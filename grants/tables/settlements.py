"""The lists of settlements that wait for the county, and of the people whom associations paid."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from communities.queries import township_name
from grants.rules import withholding
from miaoli_kaohsiung.lib import sealed
from miaoli_kaohsiung.lib.identifiers import masked_national_id
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    NUMBER,
    AmountColumn,
    DayColumn,
    DaysColumn,
    ListTable,
    NumberLinkColumn,
    WordColumn,
)


class SettlementTable(ListTable):
    """Rows of queries.settlements.waiting.with_the_county."""

    number = NumberLinkColumn("grants:settlement_detail", "number", verbose_name=_l("案號"))
    organisation = WordColumn(accessor="award__application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="award__application__title", verbose_name=_l("計畫名稱"))
    township = tables.Column(accessor="award__application__township_code", verbose_name=TOWNSHIP, attrs=KEEP)
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


class PayeeTable(ListTable):
    """Rows of queries.settlements.payees. The numbers of people are masked on the screen and whole in a file."""

    name = WordColumn(verbose_name=_l("受領人"))
    national_id = tables.Column(
        accessor="sealed_id",
        verbose_name=_l("身分證字號"),
        orderable=False,
        default=_l("已逾保存期限，刪除了"),
        attrs=KEEP,
    )
    income = tables.Column(verbose_name=_l("所得類別"), attrs=KEEP)
    pay = AmountColumn(verbose_name=_l("給付總額（元）"))
    tax = AmountColumn(verbose_name=_l("扣繳稅額（元）"))
    premium = AmountColumn(verbose_name=_l("補充保險費（元）"))
    vouchers = tables.Column(verbose_name=_l("清冊份數"), attrs=NUMBER)
    year = tables.Column(verbose_name=_l("年度"), attrs=KEEP)
    body = WordColumn(verbose_name=_l("單位"))

    sums = {"pay": "pay", "tax": "tax", "premium": "premium"}
    caption = _l("受領人清單")

    def render_national_id(self, value: str) -> str:
        return masked_national_id(sealed.unseal(value))

    def value_national_id(self, value: str) -> str:
        return sealed.unseal(value)

    def render_income(self, value: str) -> str:
        return f"{value} {withholding.income_title(value)}"

    def render_year(self, value: int) -> str:
        return str(roc_year(value))
