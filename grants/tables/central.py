"""The list of requests to central programmes, in the columns that a ministry's sheet asks for."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.tables import KEEP, AmountColumn, DayColumn, LinkColumn, ListTable, WordColumn


class CentralTable(ListTable):
    """Rows of queries.central.requests_of. The facts of the association are those of the day on which it asked."""

    title = LinkColumn("grants:central_request", "pk", verbose_name=_l("計畫名稱"))
    year = tables.Column(verbose_name=_l("年度"), attrs=KEEP)
    ministry = tables.Column(accessor="programme__ministry", verbose_name=_l("主管機關"), attrs=KEEP)
    programme = WordColumn(accessor="programme__name", verbose_name=_l("中央補助計畫"))
    item = WordColumn(accessor="programme__item", verbose_name=_l("補助項目"))
    organisation = WordColumn(accessor="organisation__name", verbose_name=_l("申請單位"))
    tax_id = tables.Column(accessor="data__tax_id", verbose_name=_l("統一編號"), orderable=False, attrs=KEEP)
    registration = tables.Column(
        accessor="data__registration_number", verbose_name=_l("立案字號"), orderable=False, attrs=KEEP
    )
    chair = tables.Column(accessor="data__chair", verbose_name=_l("理事長"), orderable=False, attrs=KEEP)
    township = tables.Column(accessor="data__township", verbose_name=TOWNSHIP, orderable=False, attrs=KEEP)
    address = WordColumn(accessor="data__address", verbose_name=_l("會址"), orderable=False)
    phone = tables.Column(accessor="data__phone", verbose_name=_l("電話"), orderable=False, attrs=KEEP)
    amount = AmountColumn(verbose_name=_l("申請金額（元）"))
    asked_on = DayColumn(verbose_name=_l("提出日期"))
    opinion = WordColumn(verbose_name=_l("縣府意見"))
    dispatch_number = tables.Column(verbose_name=_l("函轉文號"), attrs=KEEP)
    forwarded_on = DayColumn(verbose_name=_l("函轉日期"))
    state = tables.Column(accessor="pk", verbose_name=_l("狀態"), orderable=False, attrs=KEEP)
    granted = AmountColumn(verbose_name=_l("核定金額（元）"))
    result_number = tables.Column(verbose_name=_l("核定文號"), attrs=KEEP)
    result_on = DayColumn(verbose_name=_l("核定日期"))

    first_columns = ("title", "year", "programme", "organisation", "amount", "dispatch_number", "state", "granted")
    sums = {"amount": "amount", "granted": "granted"}
    caption = _l("中央補助申請")

    def render_year(self, value: int) -> str:
        return str(roc_year(value))

    def value_year(self, value: int) -> int:
        return roc_year(value)

    def render_state(self, record: Any) -> str:
        return str(record.state)
