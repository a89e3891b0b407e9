"""The county's list of property that grants paid for."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lists.tables import KEEP, AmountColumn, DayColumn, LinkColumn, ListTable, NumberColumn


class PropertyTable(ListTable):
    """Rows of queries.assets.in_counties."""

    name = tables.Column(verbose_name=_l("品名"))
    number = NumberColumn(verbose_name=_l("財產編號"), attrs=KEEP)
    organisation = LinkColumn(
        "grants:property", "organisation_id", accessor="organisation__name", verbose_name=_l("單位")
    )
    amount = AmountColumn(verbose_name=_l("金額（元）"))
    acquired_on = DayColumn(verbose_name=_l("取得日期"))
    place = tables.Column(verbose_name=_l("放置地點"))
    years = tables.Column(verbose_name=_l("使用年限"))
    written_off_on = DayColumn(verbose_name=_l("報廢日期"))

    first_columns = ("name", "number", "organisation", "amount", "acquired_on", "place", "written_off_on")
    sums = {"amount": "amount"}
    caption = _l("補助購置的財產")
