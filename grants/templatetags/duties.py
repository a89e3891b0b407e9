"""Whether a county has yearly duties of its associations: meetings, elections, accounts, visits. `{% load duties %}`

The registry's app lies below this one, so its templates ask here and its views do not.
"""

from django import template

from grants import duty_kinds
from grants.models import Scheme
from grants.rules import tasks
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib.prepared import Prepared

register = template.Library()


@register.filter
def guides_associations(county: str) -> bool:
    """Return whether a law of the county's schemes asks its associations for something each year (M4.3b, M5.5a to M5.7)."""
    laws = _LAWS(county=str(county))
    return any(tasks.clauses_of(load(slug), key) for slug in laws for key in duty_kinds.OF_ASSOCIATIONS)


_LAWS = Prepared(
    lambda county: Scheme.objects.filter(county=county).order_by().values_list("ruleset", flat=True).distinct()
)
