"""The lists of what waits to be paid, with its account and batch, and of batches."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.lib import banks, clock
from miaoli_kaohsiung.lists.tables import (
    KEEP,
    AmountColumn,
    DayColumn,
    ListTable,
    NumberColumn,
    NumberLinkColumn,
    WordColumn,
)

from .payments import InstalmentTable


class PayableTable(InstalmentTable):
    """Rows of queries.treasury.to_pay."""

    batch_number = NumberColumn(verbose_name=_l("付款清冊"), attrs=KEEP, default="")
    bank = WordColumn(accessor="bank_code", verbose_name=_l("金融機構"), orderable=False)
    account = tables.Column(accessor="bank_account", verbose_name=_l("帳號"), attrs=KEEP, default="")
    holder = WordColumn(accessor="bank_account_name", verbose_name=_l("戶名"))

    first_columns = ("number", "organisation", "n", "amount", "bank", "account", "approved_on", "batch_number")
    ticked = "amount"
    read_with = ("amount",)
    caption = _l("待撥款")

    def render_bank(self, value: str) -> str:
        return banks.name_of(value, clock.today())


class BatchTable(ListTable):
    """Rows of queries.treasury.batches."""

    number = NumberLinkColumn("grants:payment_batch", "pk", verbose_name=_l("清冊編號"))
    status = tables.Column(verbose_name=_l("狀態"), attrs=KEEP)
    rows_on_it = AmountColumn(accessor="rows", verbose_name=_l("筆數"))
    total = AmountColumn(verbose_name=_l("金額（元）"))
    paid = AmountColumn(verbose_name=_l("已撥付（元）"))
    made_on = DayColumn(verbose_name=_l("編製日期"))
    made_by = WordColumn(verbose_name=_l("編製人"))
    sent_on = DayColumn(verbose_name=_l("送出日期"))

    sums = {"total": "total", "paid": "paid"}
    caption = _l("付款清冊")
