"""The lists of instalments and of money that must come back."""

import django_tables2 as tables
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import InstalmentStatus
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    AmountColumn,
    ChoiceColumn,
    DayColumn,
    LateColumn,
    ListTable,
    NumberLinkColumn,
    WordColumn,
)


class InstalmentTable(ListTable):
    """Rows of queries.payments.instalments."""

    number = NumberLinkColumn("grants:award_detail", "award__number", accessor="award__number", verbose_name=_l("案號"))
    organisation = WordColumn(accessor="award__application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="award__application__title", verbose_name=_l("計畫名稱"))
    n = tables.Column(accessor="number", verbose_name=_l("期別"), attrs=KEEP)
    amount = AmountColumn(verbose_name=_l("金額（元）"))
    status = ChoiceColumn(InstalmentStatus, verbose_name=_l("狀態"))
    due_on = LateColumn(verbose_name=_l("期限"))
    requested_on = DayColumn(verbose_name=_l("請款日期"))
    approved_on = DayColumn(verbose_name=_l("核付日期"))
    paid_on = DayColumn(verbose_name=_l("撥付日期"))

    first_columns: tuple[str, ...] = (
        "number", "organisation", "title", "n", "amount", "status", "due_on", "requested_on", "paid_on",
    )  # fmt: skip
    sums = {"amount": "amount"}
    read_with: tuple[str, ...] = ()
    caption = _l("分期撥款")

    def render_n(self, value: int) -> str:
        return _("第 %(n)d 期") % {"n": value}


class ReturnTable(ListTable):
    """Rows of queries.payments.returns."""

    number = NumberLinkColumn("grants:settlement_detail", "number", verbose_name=_l("案號"))
    organisation = WordColumn(accessor="application__organisation__name", verbose_name=_l("單位"))
    title = WordColumn(accessor="application__title", verbose_name=_l("計畫名稱"))
    held = AmountColumn(verbose_name=_l("已撥未繳回（元）"))
    due = AmountColumn(verbose_name=_l("應繳回（元）"))
    since = DayColumn(verbose_name=_l("核銷或處分日期"))
    due_on = LateColumn(verbose_name=_l("期限"))

    sums = {"held": "held", "due": "due"}
    read_with = ()
    caption = _l("待繳回的款項")
