"""How an organisation stands with the county, on pages of rooms below this one: `{% load records %}`.

The registry's app lies below this one and knows no awards, so its templates ask here and its views do not.
"""

from typing import Any

from django import template

from communities.models import Organisation
from grants.queries.duties import ladder_of, next_step
from grants.queries.standing import cases_of, central_of, letters_to, reads_as_county, standing_for, visits_to
from miaoli_kaohsiung.accounts.models import User

register = template.Library()


@register.inclusion_tag("grants/awards/record.html")
def record(organisation: Organisation, user: User) -> dict[str, Any]:
    """Return the organisation's whole life with the county for its page; no standing for users who may not read it."""
    standing = standing_for(user, organisation)
    if standing is None:
        return {"standing": None}
    return {
        "standing": standing,
        "cases": cases_of(organisation),
        "central": central_of(organisation),
        "letters": letters_to(organisation),
        "visits": visits_to(organisation),
        "as_county": reads_as_county(user, organisation),
    }


@register.inclusion_tag("grants/duties/_ladder.html")
def selections(organisation: Organisation) -> dict[str, Any]:
    """Return what it reached in the national selections: results are public."""
    steps = ladder_of(organisation.pk)
    return {"steps": steps, "following": next_step(steps)}


@register.inclusion_tag("grants/awards/_standing.html")
def standing(organisation: Organisation, user: User) -> dict[str, Any]:
    """Return how it stands, for the panel beside a decision; nothing for users who may not read it."""
    return {"standing": standing_for(user, organisation)}
