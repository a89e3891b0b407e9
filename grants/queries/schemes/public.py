"""Reads of schemes for everybody: what is open, what money is left, who was awarded what."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from grants.enums import SET_ASIDE, LedgerKind
from grants.models import Award, Envelope, MoneySum, Scheme
from grants.models.schemes import Window
from grants.permissions import taken_in
from miaoli_kaohsiung.lib import roc_date
from miaoli_kaohsiung.lib.prepared import Prepared

# The newest awards show what is usual; reading all of them would cost a public page too much.
MOST_AWARDS = 400


@dataclass(frozen=True)
class EnvelopeUse:
    """An envelope with the sums of its ledger in whole NT dollars; `left` may be below zero if a memo allowed it."""

    envelope: Envelope
    approved: int
    paid: int

    @property
    def left(self) -> int:
        return self.envelope.amount - self.approved

    @property
    def roc_year(self) -> int:
        return roc_date.roc_year(self.envelope.year)


def approved_of(scheme: Scheme, year: int) -> int:
    """Return what is set aside of the scheme's money of a year, for approvals that stand."""
    return sum(use.approved for use in envelope_uses(scheme.envelopes.filter(year=year)))


def envelope_uses(envelopes: QuerySet[Envelope]) -> list[EnvelopeUse]:
    """Return what is used of each envelope, with its scheme, in two queries."""
    return uses_of(list(envelopes.select_related("scheme")))


_SUMS = Prepared(
    lambda *envelopes: (
        MoneySum.objects.filter(envelope__in=envelopes).values("envelope_id", "kind").annotate(total=Sum("amount"))
    )
)


def uses_of(rows: list[Envelope]) -> list[EnvelopeUse]:
    """Return what is used of these envelopes, in one query of the sums of the ledger: committed with surcharges less
    released, and paid less returned.
    """
    sums = {(row["envelope_id"], row["kind"]): row["total"] for row in _SUMS(*(row.pk for row in rows))}

    def total(envelope: Envelope, kind: LedgerKind) -> int:
        amount: int = sums.get((envelope.pk, kind), 0)
        return amount

    return [
        EnvelopeUse(
            row,
            sum(total(row, kind) for kind in SET_ASIDE)
            + total(row, LedgerKind.RESTORED)
            - total(row, LedgerKind.RELEASED),
            total(row, LedgerKind.PAID) - total(row, LedgerKind.RETURNED) - total(row, LedgerKind.RECOVERED),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class UsualSum:
    """What was approved for a programme so far, in whole NT dollars: the number of cases, the middle half's ends, the
    median.
    """

    cases: int
    low: int
    middle: int
    high: int


def usual_sums(scheme: Scheme) -> dict[int, UsualSum]:
    """Return programme id → the usual approved sums, from the newest awards of the scheme; programmes without any are
    left out. One query.
    """
    found: dict[int, list[int]] = {}
    rows = (
        Award.objects.filter(application__scheme=scheme)
        .order_by("-id")
        .values_list("application__programme_id", "total")
    )
    for programme, total in rows[:MOST_AWARDS]:
        found.setdefault(programme, []).append(total)
    return {programme: _usual(sorted(totals)) for programme, totals in found.items()}


def _usual(totals: list[int]) -> UsualSum:
    last = len(totals) - 1
    return UsualSum(len(totals), totals[last // 4], totals[last // 2], totals[last - last // 4])


def schemes_open(on: date) -> list[Scheme]:
    """Return the schemes that take in cases on the day. Two queries."""
    found = Scheme.objects.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=on), opens_on__lte=on)
    return [scheme for scheme in found.prefetch_related("rounds") if scheme.window_on(on)]


def when_open(scheme: Scheme, on: date) -> list[str]:
    """Return in words when the scheme takes in cases: now or why not, then the next time."""
    window, ahead = scheme.window_on(on), scheme.next_opening(on)
    if window is None:
        return [taken_in(scheme, on).reason]
    words = [_span(window)]
    return [*words, _("下一次：%(span)s") % {"span": _span(ahead)}] if ahead else words


def _span(window: Window) -> str:
    params = {
        "year": _("%(year)d年度：") % {"year": roc_date.roc_year(window.year)} if window.year else "",
        "from": roc_date.format_roc(window.opens_on),
        "to": roc_date.format_roc(window.closes_on) if window.closes_on else "",
    }
    words = _("%(year)s%(from)s至%(to)s，隨到隨審。") if window.closes_on else _("%(year)s%(from)s起，隨到隨審。")
    return words % params


def recent_awards(count: int) -> QuerySet[Award]:
    """Return the newest awards, which the law wants published: who was awarded how much for what."""
    return Award.objects.select_related("application__organisation", "application__scheme").order_by("-id")[:count]
