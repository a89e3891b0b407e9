"""The words of a letter on the screen, numbered as on its paper: `{% load letters %}`."""

from collections.abc import Sequence
from typing import Any

from django import template

from grants.letters import compose

register = template.Library()


@register.filter
def numbered(paragraphs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the paragraphs with their marks 一、 and (一)."""
    return compose.numbered(paragraphs)


@register.filter
def sentence(text: str) -> str:
    """Return typed words with a full stop at their end."""
    return text if not text or text.endswith(("。", "！", "？")) else f"{text}。"
