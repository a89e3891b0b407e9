"""The money of a year: what is used of it and what is left, always as sums of the ledger."""

from grants.models import Envelope

from .public import EnvelopeUse, envelope_uses


def use_of(envelope: Envelope) -> EnvelopeUse:
    """One envelope with its sums; one query of the ledger."""
    return envelope_uses(Envelope.objects.filter(pk=envelope.pk))[0]


def use_in(scheme_id: int, year: int) -> EnvelopeUse | None:
    """The scheme's envelope of the year (AD), or None where the county has entered none."""
    return next(iter(envelope_uses(Envelope.objects.filter(scheme_id=scheme_id, year=year))), None)
