"""The money of a year: how much is used and how much is left, always as sums of the ledger."""

from grants.models import Envelope

from .public import EnvelopeUse, envelope_uses


def use_of(envelope: Envelope) -> EnvelopeUse:
    """Return one envelope with its sums, in one query of the ledger."""
    return envelope_uses(Envelope.objects.filter(pk=envelope.pk))[0]


def use_in(scheme_id: int, year: int) -> EnvelopeUse | None:
    """Return the scheme's envelope of the year (AD), or None if the county has entered none."""
    return next(iter(envelope_uses(Envelope.objects.filter(scheme_id=scheme_id, year=year))), None)
