"""All tables of moves, as the desk and docs/workflow.md go through them."""

from . import (
    applications,
    awards,
    envelopes,
    letters,
    payments,
    record_corrections,
    return_terms,
    rulings,
    sanctions,
    settlements,
)

TABLES = (
    applications.TABLE,
    awards.TABLE,
    envelopes.TABLE,
    letters.TABLE,
    payments.TABLE,
    record_corrections.TABLE,
    return_terms.TABLE,
    rulings.RULINGS,
    rulings.WAIVERS,
    sanctions.TABLE,
    settlements.TABLE,
)
