"""Tags of the pages on which a county keeps its schemes."""

from typing import Any

from django import template

from grants.models import Application
from grants.queries.schemes.envelopes import left_for
from grants.queries.schemes.proposed import Proposed, proposed
from grants.services.schemes.particulars import scheme_of
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock

register = template.Library()


@register.simple_tag
def as_proposed(change: Change) -> Proposed:
    """Return what the scheme of a change will look like."""
    return proposed(scheme_of(change), change.data)


@register.inclusion_tag("grants/schemes/_money_left.html")
def money_left(case: Application) -> dict[str, Any]:
    """Show what is left of the year's money of the case's scheme, and how many filed cases stand before it."""
    return {"left": left_for(case, clock.today())}
