"""Money at a glance: what a year's envelopes became by programme, what will be paid and come back month by month, and an
award as one line. Each sum is one query of the ledger or of the instalments that wait; `services.audit.reconciling` compares them.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from grants.enums import (
    BACK,
    BEING_PAID,
    PAID_OR_CANCELLED,
    SET_ASIDE,
    DeadlineKind,
    InstalmentStatus,
    LedgerKind,
)
from grants.models import Award, Deadline, Envelope, Instalment, LedgerEntry
from grants.queries.payments import Movements, owing
from grants.queries.schemes.public import EnvelopeUse, envelope_uses
from miaoli_kaohsiung.lib.roc_date import format_month

# How wide a picture is that stands beside its numbers.
WIDE = 1000


@dataclass(frozen=True)
class ProgrammeSums:
    """What a programme's awards of one envelope came to, in whole NT dollars: `approved` is set aside now, `paid` left,
    `back` came back, `waits` is still to be paid.
    """

    envelope: int
    programme: str
    cases: int
    approved: int
    paid: int
    back: int
    waits: int

    @property
    def held(self) -> int:
        return self.paid - self.back


class Flow(NamedTuple):
    """What is expected in a month, whole NT dollars; `month` is empty for what has no day yet. The widths are those of
    the picture.
    """

    month: str
    out: int
    back: int
    wide_out: int
    wide_back: int

    @property
    def label(self) -> str:
        return format_month(self.month) if self.month else _("期限還沒訂")


class Step(NamedTuple):
    """One amount in the life of an award, with its width in the picture."""

    label: str
    amount: int
    wide: int


def years(awards: QuerySet[Award]) -> list[int]:
    """Return the years of the envelopes of these awards, the newest first."""
    return list(awards.order_by("-envelope__year").values_list("envelope__year", flat=True).distinct())


def programme_sums(awards: QuerySet[Award]) -> list[ProgrammeSums]:
    """Return the sums by envelope and programme, in two queries."""
    by = ("envelope", "award__application__programme__name")
    entries = LedgerEntry.objects.filter(award__in=awards).order_by().values_list(*by, "kind")
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for envelope, programme, kind, amount, rows in entries.annotate(sum=Sum("amount"), rows=Count("pk")):
        sums = found[envelope, programme]
        sums[kind] += amount
        sums["cases"] += rows if kind == LedgerKind.COMMITTED else 0
    unpaid = Instalment.objects.filter(award__in=awards).exclude(status__in=PAID_OR_CANCELLED).order_by()
    waiting = unpaid.values_list("award__envelope", by[1]).annotate(sum=Sum("amount"))
    waits = {(envelope, programme): amount for envelope, programme, amount in waiting}
    return [
        ProgrammeSums(
            envelope,
            programme,
            sums["cases"],
            sum(sums[kind] for kind in (*SET_ASIDE, LedgerKind.RESTORED)) - sums[LedgerKind.RELEASED],
            sums[LedgerKind.PAID],
            sum(sums[kind] for kind in BACK),
            waits.get((envelope, programme), 0),
        )
        for (envelope, programme), sums in sorted(found.items())
    ]


def envelopes_of(counties: set[str], year: int) -> list[EnvelopeUse]:
    return envelope_uses(Envelope.objects.filter(scheme__county__in=counties, year=year).order_by("scheme"))


def flows(awards: QuerySet[Award], today: dt.date) -> list[Flow]:
    """Return by month what is approved and not paid yet, and what must come back; what is late counts for this month."""
    out: dict[str, int] = defaultdict(int)
    back: dict[str, int] = defaultdict(int)
    for status, amount, receipt, settlement, ends_on in _unpaid(awards).iterator():
        out[_month(max(today, _expected(status, receipt, settlement or ends_on) or today))] += amount
    for due, due_on in owing(awards).values_list("due", "due_on"):
        back[_month(max(today, due_on)) if due_on else ""] += due
    months = sorted(out.keys() | back.keys(), key=lambda month: (not month, month))
    most = max([*out.values(), *back.values()], default=0)
    return [Flow(month, out[month], back[month], _wide(out[month], most), _wide(back[month], most)) for month in months]


def _unpaid(awards: QuerySet[Award]) -> QuerySet[Instalment, tuple[str, int, dt.date, dt.date, dt.date]]:
    laid = Deadline.objects.filter(done_on__isnull=True).order_by("due_on").values("due_on")
    rows = Instalment.objects.filter(award__in=awards).exclude(status__in=PAID_OR_CANCELLED)
    return rows.annotate(
        receipt_by=Subquery(laid.filter(instalment=OuterRef("pk"), kind=DeadlineKind.RECEIPT)[:1]),
        settle_by=Subquery(laid.filter(award=OuterRef("award"), kind=DeadlineKind.SETTLEMENT)[:1]),
    ).values_list("status", "amount", "receipt_by", "settle_by", F("award__ends_on"))


def _expected(status: str, receipt: dt.date | None, settlement: dt.date) -> dt.date | None:
    """Return the day on which an instalment can be paid at the latest, by the deadline that runs; None for now."""
    if status in BEING_PAID:
        return None
    return receipt if status == InstalmentStatus.AWAITING_RECEIPT else settlement


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def _wide(amount: int, most: int) -> int:
    return amount * WIDE // most if most else 0


def line_of(award: Award, money: Movements, parts: list[Instalment], spent: int | None) -> list[Step]:
    """Return the award from approved to closed; `spent` is what the association reports so far."""
    settlement = getattr(award, "settlement", None)
    steps = [(_("核定"), award.total)]
    steps += [
        (_("第 %(n)d 期已撥") % {"n": part.number}, part.amount)
        for part in parts
        if part.status == InstalmentStatus.PAID
    ]
    if settlement is not None and settlement.accepted_on:
        steps.append((_("准予核銷"), (settlement.eligible or 0) + settlement.surcharge))
    elif spent:
        steps.append((_("填報支出"), spent))
    if money.back:
        steps.append((_("已繳回"), money.back))
    most = max(amount for _label, amount in steps)
    return [Step(label, amount, _wide(amount, most)) for label, amount in steps]
