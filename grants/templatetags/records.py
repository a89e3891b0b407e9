"""What stands on an organisation's record, on its page in the registry: `{% load records %}`.

The registry's room lies below this one and knows no awards: its template asks, its view does not.
"""

from typing import Any

from django import template

from communities.models import Organisation
from grants.queries.sanctions.records import record_of
from miaoli_kaohsiung.accounts.models import User

register = template.Library()


@register.inclusion_tag("grants/awards/record.html")
def record(organisation: Organisation, user: User) -> dict[str, Any]:
    """Nothing for whom it does not concern."""
    return {"record": record_of(organisation, user)}
