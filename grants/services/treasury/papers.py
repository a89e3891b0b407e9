"""What leaves the portal for the treasury and the bank: the 付款清冊 as PDF, as a table to fill in, and the transfer file.

The transfer file is a CSV in UTF-8 with one transfer a row, in the columns of TRANSFER. A county whose bank wants other
columns, another order or a fixed width has them here.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import WITH_TREASURY, BatchPaymentState, PaymentBatchStatus
from grants.models import BatchPayment, PaymentBatch
from grants.queries.treasury import on_paper
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.amount_words import in_words
from miaoli_kaohsiung.lib.roc_date import format_slashed

EXPORT = actions.register("payment_batch.export", _l("取出付款清冊"))
Column = tuple[Any, Callable[[BatchPayment], Any]]


def remark(row: BatchPayment) -> str:
    """Return what stands on the bank's statement: the number of the case and of the instalment."""
    return f"{row.instalment.award.number}-{row.instalment.number}"


# Bank code and branch are the seven digits of the account's code: three of the bank, four of its branch.
TRANSFER: tuple[Column, ...] = (
    (_l("序號"), lambda row: row.position),
    (_l("銀行代碼"), lambda row: row.bank_code[:3]),
    (_l("分行代碼"), lambda row: row.bank_code[3:]),
    (_l("收款帳號"), lambda row: row.bank_account),
    (_l("收款戶名"), lambda row: row.bank_account_name),
    (_l("金額"), lambda row: row.amount),
    (_l("附言"), remark),
)


def _paid_day(row: BatchPayment) -> str:
    day = row.instalment.paid_on if row.state == BatchPaymentState.PAID else None
    return format_slashed(day) if day else ""


# The last three are for the treasury to fill in; the file is read back by their names (reading.HEADS).
TABLE: tuple[Column, ...] = (
    (_l("清冊編號"), lambda row: row.batch.number),
    (_l("序號"), lambda row: row.position),
    (_l("案號"), lambda row: row.instalment.award.number),
    (_l("期別"), lambda row: row.instalment.number),
    (_l("受款單位"), lambda row: row.instalment.award.application.organisation.name),
    (_l("統一編號"), lambda row: row.instalment.award.application.organisation.tax_id),
    (_l("金融機構"), lambda row: row.account.bank),
    (_l("金融機構代碼"), lambda row: row.bank_code),
    (_l("戶名"), lambda row: row.bank_account_name),
    (_l("帳號"), lambda row: row.bank_account),
    (_l("金額"), lambda row: row.amount),
    (
        _l("付款憑單號碼"),
        lambda row: row.instalment.voucher_number if row.state == BatchPaymentState.PAID else "",
    ),
    (_l("付款日期"), _paid_day),
    (_l("匯費"), lambda row: row.instalment.fee or "" if row.state == BatchPaymentState.PAID else ""),
)


def paper(batch: PaymentBatch) -> bytes:
    """Return the 付款清冊 as PDF. Raises pdf.UnavailableError."""
    rows = list(on_paper(batch))
    total = sum(row.amount for row in rows)
    context = {
        "batch": batch,
        "rows": rows,
        "total": total,
        "words": in_words(total),
        "payer": particulars(batch.county, batch.sent_on or batch.made_on).office,
        "draft": batch.status == PaymentBatchStatus.DRAFTED,
    }
    return pdf.render(render_to_string("grants/treasury/batch_paper.html", context))


def table(user: User, batch: PaymentBatch, extension: str) -> HttpResponseBase:
    """Return the rows of the batch as ODS, CSV or XLSX, to be filled in by the treasury and brought back."""
    return _file(user, batch, extension, TABLE, f"payments-{batch.number}")


def transfer(user: User, batch: PaymentBatch) -> HttpResponseBase:
    """Return the bank's file of what waits to be paid. Raises Refused for a batch that is not with the treasury."""
    if batch.status not in WITH_TREASURY:
        raise Refused(_("清冊送出納以後才有轉帳檔；已付完或不付的清冊沒有。"))
    return _file(user, batch, "csv", TRANSFER, f"transfer-{batch.number}", only=BatchPaymentState.WAITING)


def _file(
    user: User,
    batch: PaymentBatch,
    extension: str,
    columns: tuple[Column, ...],
    name: str,
    only: BatchPaymentState | None = None,
) -> HttpResponseBase:
    rows = on_paper(batch).filter(state=only) if only else on_paper(batch)
    kept = list(rows.select_related("batch", "instalment__award__application__organisation"))
    _note(user, batch, name.partition("-")[0], len(kept))
    heads = [str(head) for head, _value in columns]
    return written_sheets.answer(
        f"{name}-{clock.today().isoformat()}", extension, _("付款清冊"), heads, _cells(kept, columns)
    )


def _cells(rows: list[BatchPayment], columns: tuple[Column, ...]) -> Iterator[list[Any]]:
    for row in rows:
        yield [value(row) for _head, value in columns]


def _note(user: User, batch: PaymentBatch, kind: str, rows: int) -> None:
    with trail.unit_of_work(actor(user, COUNTY_READERS)):
        trail.record(EXPORT, batch, after={"file": kind, "rows": rows})
