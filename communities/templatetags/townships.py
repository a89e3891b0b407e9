"""What the townships of a county are called today, for sentences of pages: `{% load townships %}`."""

from django import template

from communities import places

register = template.Library()


@register.simple_tag
def township_kinds(*counties: str) -> str:
    """Return 鄉鎮市, 區 or both, for these counties, for all without any."""
    return places.kinds(*filter(None, counties))
