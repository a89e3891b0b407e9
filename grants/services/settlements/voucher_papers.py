"""What is printed from the vouchers of a 結報: a sheet to paste each on (黏貼憑證用紙), the register of all (支出明細表), and each
印領清冊 ready to sign.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from grants.letters.compose import item_name
from grants.models import Settlement, Voucher
from grants.queries.settlements.rows import lines_of
from grants.rules import rosters, withholding
from grants.services.payments.receipts import names_of
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.amount_words import in_words
from miaoli_kaohsiung.lib.fields import format_quantity
from miaoli_kaohsiung.lib.roc_date import format_month

from .shares import shares_of


def sheets(settlement: Settlement) -> bytes:
    """Return a page for each voucher as PDF, by line and number. Raises pdf.UnavailableError where the machine cannot
    make PDFs, and Refused for characters that no font has.
    """
    pages = [
        {"row": row, "name": item_name(row.line.line.item), "words": in_words(row.amount)} for row in _rows(settlement)
    ]
    return _drawn("voucher_sheets", settlement, pages=pages)


def register(settlement: Settlement) -> bytes:
    """Return the register of all vouchers by line, with the sum of each line and of all, as PDF. Raises as `sheets`."""
    rows = _rows(settlement)
    groups = [
        {"line": line, "name": item_name(line.line.item), "rows": mine, "spent": sum(row.amount for row in mine)}
        for line in lines_of(settlement)
        if (mine := [row for row in rows if row.line_id == line.pk])
    ]
    total = sum(row.amount for row in rows)
    return _drawn("voucher_register", settlement, groups=groups, count=len(rows), total=total, words=in_words(total))


def share_table(settlement: Settlement) -> bytes:
    """Return who bears which part of each shared paper as PDF. Raises as `sheets`."""
    payer = particulars(settlement.award.county, clock.today()).office
    papers = [
        {"row": row, "name": item_name(row.line.line.item), "words": in_words(row.paper_total or 0)}
        | {"shares": _shares(row, payer)}
        for row in _rows(settlement)
        if row.paper_total
    ]
    return _drawn("share_table", settlement, papers=papers)


def _shares(row: Voucher, payer: str) -> list[dict[str, Any]]:
    parts = [(payer, row.amount), *((share.words, share.amount) for share in shares_of(row))]
    whole = row.paper_total or row.amount
    return [
        {
            "name": name,
            "amount": amount,
            "percent": format_quantity((Decimal(amount * 100) / whole).quantize(Decimal("0.01"))),
        }
        for name, amount in parts
    ]


def roster(row: Voucher) -> bytes:
    """Return a 印領清冊 with its people as PDF, to be signed by each. Raises as `sheets`."""
    item, people = row.line.line.item, list(row.people.all())
    income = withholding.income_of(item)
    shown = [{"row": one, "month": format_month(one.month)} for one in people]
    sums = {name: sum(getattr(one, name) for one in people) for name in ("pay", "tax", "premium", "net")}
    content: dict[str, Any] = {
        "row": row,
        "people": shown,
        "sums": sums,
        "shape": rosters.shape_of(item),
        "income": withholding.income_title(income),
        "remarks": withholding.remarks(income, row.issued_on),
        "sources": withholding.sources(income),
        "name": item_name(item),
        "words": in_words(row.amount),
    }
    return _drawn("roster", row.settlement, **content)


def _rows(settlement: Settlement) -> list[Voucher]:
    return list(settlement.voucher_rows.select_related("line__line").order_by("line__line__position", "position"))


def _drawn(template: str, settlement: Settlement, **content: Any) -> bytes:
    case, today = settlement.award.application, clock.today()
    context = content | {
        "settlement": settlement,
        "award": settlement.award,
        "case": case,
        "organisation": case.organisation,
        "payer": particulars(case.county, today).office,
        "names": names_of(case.organisation_id),
        "today": today,
    }
    html = render_to_string(f"grants/settlements/{template}.html", context)
    return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")
