"""An organisation's record, on its page in the registry: `{% load records %}`.

The registry's app lies below this one and knows no awards, so its template asks here and its view does not.
"""

from typing import Any

from django import template

from communities.models import Organisation
from grants.queries.sanctions.records import record_of
from miaoli_kaohsiung.accounts.models import User

register = template.Library()


@register.inclusion_tag("grants/awards/record.html")
def record(organisation: Organisation, user: User) -> dict[str, Any]:
    """Return the record for the template; empty for users who may not read it."""
    return {"record": record_of(organisation, user)}
