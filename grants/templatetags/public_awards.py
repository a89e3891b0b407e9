"""What an organisation was awarded, on its page in the public directory: `{% load public_awards %}`.

The directory's app lies below this one and knows no money, so its template asks here and its view does not.
"""

from typing import Any

from django import template

from communities.models import Organisation
from grants.queries.open_data.money import awards_of

register = template.Library()
SHOWN = 15


@register.inclusion_tag("grants/awards/public.html")
def public_awards(organisation: Organisation) -> dict[str, Any]:
    """Return a table of the newest awards; the open data have them all."""
    rows = list(awards_of(organisation)[: SHOWN + 1])
    return {"awards": rows[:SHOWN], "more": len(rows) > SHOWN}
