"""An association's cash book: what it was paid, what it spent by its vouchers, and its own lines, by day.

Nothing is typed twice: payments, returns and fees are those of the ledger, spending that of its accounts (結報). The sums
by subject are the 收支決算表 of a year, those by month the 現金出納表 (社會團體財務處理辦法).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.models import Organisation
from grants.enums import FeeBearer, InstalmentStatus, LedgerKind
from grants.models import BookEntry, Duty, Instalment, LedgerEntry, SettlementLine, Voucher
from grants.rules import catalogue
from miaoli_kaohsiung.lib import folding
from miaoli_kaohsiung.lib.roc_date import format_month, roc_year

# What the association itself bears of a paper that a case bears in part.
OWN_MONEY = (Voucher.Bearer.OWN, Voucher.Bearer.FEES)


@dataclass(frozen=True)
class Line:
    """A line of the book in whole NT dollars; `income` or `cost` is 0, and below 0 where an entry was corrected. `url`
    leads to where the figure comes from; `own` is the association's own entry.
    """

    on: dt.date
    subject: str
    text: str
    number: str = ""
    income: int = 0
    cost: int = 0
    url: str = ""
    own: BookEntry | None = None
    balance: int = 0


@dataclass(frozen=True)
class Book:
    """A year of the book, with what was there before it."""

    year: int
    opening: int
    lines: list[Line]

    @property
    def label(self) -> str:
        return _("%(year)d年度") % {"year": roc_year(self.year)}

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def last(self) -> dt.date:
        return dt.date(self.year, 12, 31)

    @property
    def income(self) -> int:
        return sum(line.income for line in self.lines)

    @property
    def cost(self) -> int:
        return sum(line.cost for line in self.lines)

    @property
    def surplus(self) -> int:
        return self.income - self.cost

    @property
    def closing(self) -> int:
        return self.opening + self.surplus

    @property
    def incomes(self) -> list[tuple[str, int]]:
        return self._by_subject("income")

    @property
    def costs(self) -> list[tuple[str, int]]:
        return self._by_subject("cost")

    @property
    def months(self) -> list[tuple[str, int, int, int]]:
        """Return (month, income, cost, balance at its end) for each month with a line."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[f"{line.on:%Y-%m}"].append(line)
        return [
            (format_month(month), sum(row.income for row in rows), sum(row.cost for row in rows), rows[-1].balance)
            for month, rows in found.items()
        ]

    def _by_subject(self, side: str) -> list[tuple[str, int]]:
        sums: dict[str, int] = defaultdict(int)
        for line in self.lines:
            sums[line.subject] += getattr(line, side)
        return [(subject, amount) for subject, amount in sums.items() if amount]


def book_of(organisation: Organisation, year: int) -> Book:
    """Return the year's lines by day with the balance after each. What was carried over counts as opening, also where the
    association wrote it down itself within the year.
    """
    last = dt.date(year, 12, 31)
    rows = sorted((row for row in _lines(organisation) if row.on <= last), key=lambda row: row.on)
    opening, lines = 0, []
    for row in rows:
        if row.on.year < year or (row.own and row.own.subject == BookEntry.Subject.OPENING):
            opening += row.income - row.cost
        else:
            lines.append(row)
    balance, found = opening, []
    for row in lines:
        balance += row.income - row.cost
        found.append(Line(**{**vars(row), "balance": balance}))
    return Book(year, opening, found)


def years_of(organisation: Organisation, today: dt.date) -> list[int]:
    """Return the years of the book, the newest first."""
    return sorted({today.year, *(row.on.year for row in _lines(organisation) if row.on <= today)}, reverse=True)


def passed(organisation: Organisation, year: int) -> bool:
    """Return whether the year's accounts were passed by the assembly, as the duty of the following year records."""
    return Duty.objects.filter(
        organisation=organisation, key="accounts", period=str(year + 1), done_on__isnull=False
    ).exists()


def _lines(organisation: Organisation) -> Iterator[Line]:
    yield from _ledger(organisation)
    yield from _fees(organisation)
    yield from _vouchers(organisation)
    yield from _reported(organisation)
    for row in BookEntry.objects.filter(organisation=organisation, cancelled_on__isnull=True):
        income, cost = (row.amount, 0) if row.comes_in else (0, row.amount)
        yield Line(row.on, str(row.get_subject_display()), row.text, row.number, income, cost, own=row)


def _ledger(organisation: Organisation) -> Iterator[Line]:
    comes_in = {LedgerKind.PAID: _("補助收入"), LedgerKind.OVERPAID: _("暫收溢付款")}
    goes_out = {
        LedgerKind.RETURNED: _("補助款繳回"),
        LedgerKind.RECOVERED: _("補助款繳回"),
        LedgerKind.REGAINED: _("退還溢付款"),
    }
    rows = LedgerEntry.objects.filter(
        award__application__organisation=organisation, kind__in=(*comes_in, *goes_out)
    ).select_related("award__application", "instalment")
    for row in rows:
        case, url = row.award.application, reverse("grants:award_detail", args=[row.award.number])
        part = _("第 %(n)d 期") % {"n": row.instalment.number} if row.instalment else ""
        text = f"{case.title}　{part}".strip()
        if row.kind in comes_in:
            yield Line(row.on, comes_in[LedgerKind(row.kind)], text, row.note, income=row.amount, url=url)
        else:
            yield Line(row.on, goes_out[LedgerKind(row.kind)], text, row.note, cost=row.amount, url=url)


def _fees(organisation: Organisation) -> Iterator[Line]:
    rows = Instalment.objects.filter(
        award__application__organisation=organisation,
        status=InstalmentStatus.PAID,
        fee_bearer=FeeBearer.PAYEE,
        fee__gt=0,
        paid_on__isnull=False,
    )
    for row in rows.select_related("award__application"):
        url = reverse("grants:award_detail", args=[row.award.number])
        text = _("%(title)s　匯費") % {"title": row.award.application.title}
        assert row.paid_on is not None
        yield Line(row.paid_on, str(BookEntry.Subject.OFFICE.label), text, row.voucher_number, cost=row.fee, url=url)


def _vouchers(organisation: Organisation) -> Iterator[Line]:
    rows = Voucher.objects.filter(settlement__award__application__organisation=organisation)
    borne: dict[tuple[object, ...], int] = {}
    for row in rows.select_related("settlement__award__application").order_by("pk"):
        url, text = reverse("grants:settlement_vouchers", args=[row.settlement.number]), f"{row.payee}　{row.purpose}"
        yield Line(row.issued_on, _of_projects(), text, row.number, cost=row.amount, url=url)
        # A paper that several cases share has its own part once, however many of them name it.
        paper = (row.number, row.issued_on, folding.key(row.payee), row.paper_total)
        own = sum(one["amount"] for one in row.shares if one["bearer"] in OWN_MONEY)
        rest, borne[paper] = own - borne.get(paper, 0), max(own, borne.get(paper, 0))
        if rest > 0:
            text = _("%(text)s（同一張單據由本單位負擔的部分）") % {"text": text}
            yield Line(row.issued_on, _of_projects(), text, row.number, cost=rest, url=url)


def _reported(organisation: Organisation) -> Iterator[Line]:
    """Yield what a sent account reports of a line beyond its vouchers: it has no day of its own but the completion."""
    rows = SettlementLine.objects.filter(
        settlement__award__application__organisation=organisation,
        settlement__submitted_on__isnull=False,
        spent__gt=0,
    ).select_related("settlement__award__application", "line")
    for row in rows.annotate(entered=Sum("voucher_rows__amount")):
        rest, settlement = (row.spent or 0) - (row.entered or 0), row.settlement
        day = settlement.completed_on or settlement.submitted_on
        if rest > 0 and day:
            url = reverse("grants:settlement_detail", args=[settlement.number])
            name = catalogue.items()[row.line.item].name
            params = {"title": settlement.award.application.title, "name": name}
            text = _("%(title)s　%(name)s（結報所列，沒有逐張登錄）") % params
            yield Line(day, _of_projects(), text, cost=rest, url=url)


def _of_projects() -> str:
    return str(BookEntry.Subject.ACTIVITIES.label)
