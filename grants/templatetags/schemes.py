"""Tags of the pages on which a county keeps its schemes."""

from django import template

from grants.queries.schemes.proposed import Proposed, proposed
from grants.services.schemes.particulars import scheme_of
from miaoli_kaohsiung.changes.models import Change

register = template.Library()


@register.simple_tag
def as_proposed(change: Change) -> Proposed:
    """Return what the scheme of a change will look like."""
    return proposed(scheme_of(change), change.data)
