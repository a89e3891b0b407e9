"""Links from a finding, a question or a letter's sentence to the clause it rests on: `{% load law %}`."""

from django import template

from grants.models import Scheme
from grants.queries.law import address_of

register = template.Library()


@register.simple_tag
def clause_url(clause_id: str, scheme: Scheme | str) -> str:
    """The address of the clause on the scheme's law page; `scheme` is the scheme or its slug."""
    return address_of(scheme.slug if isinstance(scheme, Scheme) else scheme, clause_id)
