"""The money of a year: how much is used and how much is left, always as sums of the ledger."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Sum

from grants.enums import WAITING_FOR_MONEY
from grants.models import Application, Envelope

from .public import EnvelopeUse, envelope_uses


def use_of(envelope: Envelope) -> EnvelopeUse:
    """Return one envelope with its sums, in one query of the ledger."""
    return envelope_uses(Envelope.objects.filter(pk=envelope.pk))[0]


def use_in(scheme_id: int, year: int) -> EnvelopeUse | None:
    """Return the scheme's envelope of the year (AD), or None if the county has entered none."""
    return next(iter(envelope_uses(Envelope.objects.filter(scheme_id=scheme_id, year=year))), None)


@dataclass(frozen=True)
class Left:
    """What an applicant reads of the year's money: what is left, and the cases filed before that are not decided yet."""

    use: EnvelopeUse
    ahead: int
    ahead_sum: int

    @property
    def enough(self) -> bool:
        """Whether what stands before would leave anything."""
        return self.use.left > self.ahead_sum


def left_for(case: Application, today: dt.date) -> Left | None:
    """Return the money left for a case in the year of the day, or None if the county has entered none. Two queries."""
    use = use_in(case.scheme_id, today.year)
    if use is None:
        return None
    rows = Application.objects.filter(scheme=case.scheme_id, status__in=WAITING_FOR_MONEY).exclude(pk=case.pk)
    if case.first_filed_on:
        rows = rows.filter(first_filed_on__lte=case.first_filed_on, pk__lt=case.pk)
    found = rows.aggregate(n=Count("pk"), sum=Sum("requested_total"))
    return Left(use, found["n"], found["sum"] or 0)
