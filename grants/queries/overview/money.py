"""Money at a glance: what a year's envelopes became by programme, what will be paid and come back month by month, and an
award as one line. Sums are read from `MoneySum`, which triggers keep; `services.audit.reconciling` compares them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from grants.enums import BACK, SET_ASIDE, InstalmentStatus, LedgerKind
from grants.models import Award, Envelope, Instalment, MoneySum
from grants.queries.payments import Movements
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


def years(counties: Iterable[str]) -> list[int]:
    """Return the years of the counties' envelopes of which anything was approved, the newest first."""
    used = Envelope.objects.filter(Exists(Award.objects.filter(envelope=OuterRef("pk"))), scheme__county__in=counties)
    return list(used.order_by("-year").values_list("year", flat=True).distinct())


def programme_sums(envelopes: QuerySet[Envelope]) -> list[ProgrammeSums]:
    """Return the sums by envelope and programme, in one query of sums."""
    found: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = MoneySum.objects.filter(envelope__in=envelopes.order_by()).order_by()
    kept = rows.values_list("envelope", "programme__name", "kind")
    for envelope, programme, kind, amount, number in kept.annotate(sum=Sum("amount"), number=Sum("rows")):
        if kind in LedgerKind.values or amount:
            sums = found[envelope, programme]
            sums[kind] += amount
            sums["cases"] += number if kind == LedgerKind.COMMITTED else 0
    return [
        ProgrammeSums(
            envelope,
            programme,
            sums["cases"],
            sum(sums[kind] for kind in (*SET_ASIDE, LedgerKind.RESTORED)) - sums[LedgerKind.RELEASED],
            sums[LedgerKind.PAID],
            sum(sums[kind] for kind in BACK),
            sums[MoneySum.Also.WAITS],
        )
        for (envelope, programme), sums in sorted(found.items())
    ]


def envelopes_of(counties: Iterable[str], year: int) -> list[EnvelopeUse]:
    return envelope_uses(Envelope.objects.filter(scheme__county__in=counties, year=year).order_by("scheme"))


def flows(counties: Iterable[str], today: dt.date) -> list[Flow]:
    """Return by month what is approved and not paid yet, and what must come back; what is late counts for this month."""
    out: dict[str, int] = defaultdict(int)
    back: dict[str, int] = defaultdict(int)
    open_sums = MoneySum.objects.filter(
        kind__in=[MoneySum.Also.WAITS, MoneySum.Also.DUE], envelope__scheme__county__in=counties
    )
    for kind, period, amount in open_sums.order_by().values_list("kind", "period").annotate(sum=Sum("amount")):
        if amount and kind == MoneySum.Also.WAITS:
            out[_month(max(today, period or today))] += amount
        elif amount:
            back[_month(max(today, period)) if period else ""] += amount
    months = sorted(out.keys() | back.keys(), key=lambda month: (not month, month))
    most = max([*out.values(), *back.values()], default=0)
    return [Flow(month, out[month], back[month], _wide(out[month], most), _wide(back[month], most)) for month in months]


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
