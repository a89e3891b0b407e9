"""All tables of moves, for the desk and docs/workflow.md."""

from . import (
    amendments,
    applications,
    awards,
    letters,
    payments,
    record_corrections,
    rulings,
    sanctions,
    schemes,
    settlements,
    treasury,
)

TABLES = (
    applications.TABLE,
    awards.TABLE,
    amendments.TABLE,
    schemes.ENVELOPES,
    letters.TABLE,
    payments.TABLE,
    treasury.TABLE,
    record_corrections.TABLE,
    schemes.RETURN_TERMS,
    rulings.RULINGS,
    rulings.WAIVERS,
    sanctions.TABLE,
    sanctions.LIFTINGS,
    settlements.TABLE,
)
