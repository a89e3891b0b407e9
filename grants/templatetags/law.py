"""Links from a finding, a question or a letter's sentence to the clause it rests on: `{% load law %}`."""

from django import template
from django.urls import reverse

from grants.models import Scheme

register = template.Library()


@register.simple_tag
def clause_url(clause_id: str, scheme: Scheme | str) -> str:
    """The address of the clause on the scheme's law page; `scheme` is the scheme or its slug."""
    slug = scheme.slug if isinstance(scheme, Scheme) else scheme
    return f"{reverse('grants:law', args=[slug])}#{clause_id}"
