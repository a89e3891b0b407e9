"""The words of a letter on the screen, numbered as on its paper: `{% load letters %}`."""

from collections.abc import Sequence
from typing import Any

from django import template

from grants.letters import numbering

register = template.Library()


@register.filter
def numbered(paragraphs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the paragraphs with their marks 一、 and (一)."""
    return numbering.numbered(paragraphs)
