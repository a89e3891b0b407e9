"""Reads of the vouchers of a 結報: by line, what they prove, and which of them look like another one of the portal."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from grants.enums import INVOICES, VoucherKind
from grants.models import Settlement, SettlementDocument, SettlementLine, Voucher
from grants.rules.settlement import answer_of
from miaoli_kaohsiung.files.looks import BITS, MOST_BITS
from miaoli_kaohsiung.lib import folding, identifiers
from miaoli_kaohsiung.lib.money import format_amount, share_floor
from miaoli_kaohsiung.lib.roc_date import format_roc

Kind = SettlementDocument.Kind


def rows_of(settlement: Settlement) -> list[Voucher]:
    """Return all vouchers in the order of their numbers, fetched once for a page that only reads."""
    return list(settlement.voucher_rows.all())


@dataclass
class Checked:
    """What the vouchers of a line come to, and what finance admitted of them so far, in whole NT dollars."""

    spent: int = 0
    count: int = 0
    admitted: int = 0
    open: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, row: Voucher) -> None:
        self.spent, self.count = self.spent + row.amount, self.count + 1
        self.open += row.admitted is None
        self.admitted += row.admitted or 0
        if row.reason:
            self.reasons.append(_("%(number)d 號：%(reason)s") % {"number": row.position, "reason": row.reason})


def by_line(settlement: Settlement) -> dict[int, Checked]:
    """Return the sums by the id of the settlement line; a line without vouchers is not among them."""
    sums: dict[int, Checked] = {}
    for row in rows_of(settlement):
        sums.setdefault(row.line_id, Checked()).add(row)
    return sums


def unchecked(settlement: Settlement) -> int:
    """Return how many vouchers finance has not looked at yet."""
    return sum(row.admitted is None for row in rows_of(settlement))


def next_unchecked(settlement: Settlement, after: int = 0) -> int | None:
    """Return the key of the next voucher to look at after this number, beginning anew at the end; None if all are
    checked.
    """
    rows = [row for row in rows_of(settlement) if row.admitted is None]
    following = [row for row in rows if row.position > after] or rows
    return following[0].pk if following else None


def proof_of(line: SettlementLine, rows: Iterable[Voucher]) -> str:
    """Return what the vouchers of a line say to the question about its receipts; "" if they leave it open."""
    answers = {answer_of(line.line.item, row.kind, row.title) for row in rows} - {""}
    return answers.pop() if len(answers) == 1 else ""


def papers_in(settlement: Settlement, lines: Iterable[SettlementLine]) -> set[str]:
    """Return the kinds of papers that the photos of the vouchers stand for: the vouchers themselves once every line
    that cost something has them, each with its photo; tickets and rosters as there are any.
    """
    rows = rows_of(settlement)
    shown = {row.kind for row in rows if row.photo_id}
    kinds = {
        str(paper)
        for kind, paper in ((VoucherKind.STUB, Kind.TICKETS), (VoucherKind.ROSTER, Kind.ROSTER))
        if kind in shown
    }
    have = {row.line_id for row in rows}
    whole = all(line.pk in have for line in lines if line.spent)
    return kinds | ({str(Kind.VOUCHERS)} if rows and whole and all(row.photo_id for row in rows) else set())


@dataclass(frozen=True)
class Facts:
    """What a voucher is recognised by; `body` and `payee` find a paper without a tax id entered twice in the accounts of
    one association, `look` its photo taken or sent twice.
    """

    body: int
    kind: str
    number: str
    issued_on: dt.date
    payee: str
    payee_tax_id: str
    amount: int
    look: str = ""

    @property
    def invoice(self) -> str:
        """The number if it is one of an invoice, whatever kind of paper was ticked; else ""."""
        return self.number if self.kind in INVOICES or identifiers.is_invoice_number(self.number) else ""


def facts_of(row: Voucher) -> Facts:
    body = row.settlement.award.application.organisation_id
    return Facts(body, row.kind, row.number, row.issued_on, row.payee, row.payee_tax_id, row.amount, row.look)


def of_payee(body: int, payee: str, **facts: Any) -> list[int]:
    """Return the keys of the body's vouchers with these facts whose payee has the same name, however it is written."""
    rows = Voucher.objects.filter(settlement__award__application__organisation=body, **facts).order_by()
    wanted = folding.key(payee)
    return [pk for pk, name in rows.values_list("pk", "payee") if folding.key(name) == wanted]


class _BitsApart(Func):
    """In how many bits two looks differ."""

    template = f"bit_count(('x' || %(expressions)s)::bit({BITS}))"
    arg_joiner = f")::bit({BITS}) # ('x' || "
    output_field = IntegerField()


def twins(facts: Facts, *, apart_from: int | None = None) -> QuerySet[Voucher]:
    """Return the vouchers of the whole portal, of all bodies and counties, that may be the same paper: the number of an
    invoice, or payee, day and amount, or a picture that is nearly the same. A payee known by name alone is looked for
    among the vouchers of the body.
    """
    same = Q(pk__in=of_payee(facts.body, facts.payee, issued_on=facts.issued_on, amount=facts.amount))
    if facts.invoice:
        same |= Q(number=facts.invoice)
    if facts.payee_tax_id:
        same |= Q(payee_tax_id=facts.payee_tax_id, issued_on=facts.issued_on, amount=facts.amount)
    if facts.look:
        near = Voucher.objects.exclude(look="").annotate(apart=_BitsApart(F("look"), Value(facts.look)))
        same |= Q(pk__in=near.filter(apart__lte=MOST_BITS).values("pk"))
    rows = Voucher.objects.filter(same)
    if apart_from is not None:
        rows = rows.exclude(pk=apart_from)
    return rows.select_related("settlement__award__application").order_by("pk")


def twins_in_words(found: Iterable[Voucher], settlement: Settlement) -> str:
    """Return the sentence for the association: its own vouchers by number, of other bodies no more than that there is
    one.
    """
    body = settlement.award.application.organisation_id
    own = [row for row in found if row.settlement.award.application.organisation_id == body]
    words = [
        _("%(case)s 的第 %(number)d 號（%(day)s，%(amount)s 元）")
        % {
            "case": row.settlement.number,
            "number": row.position,
            "day": format_roc(row.issued_on),
            "amount": format_amount(row.amount),
        }
        for row in own
    ]
    if len(own) < len(list(found)):
        words.append(_("別的單位報過的一張單據"))
    return _("這張單據或它的照片和%(others)s一樣，同一筆支出不能報兩次。") % {"others": "、".join(words)}


def pro_rata(row: Voucher) -> str:
    """Return what this case would bear of a shared paper by the sources of money of its budget, with the arithmetic; ""
    if the budget of the line has no other source.
    """
    budgeted, approved = row.line.line.line, row.line.line.approved
    others = (budgeted.own_funds or 0) + (budgeted.other_funds or 0)
    if not row.paper_total or not others or not approved:
        return ""
    share = share_floor(row.paper_total, approved, approved + others)
    params = {"total": row.paper_total, "approved": approved, "whole": approved + others, "share": share}
    words = {name: format_amount(amount) for name, amount in params.items()}
    return _("照核定的經費來源比例：%(total)s × %(approved)s ÷ %(whole)s = %(share)s 元") % words
