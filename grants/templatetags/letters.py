"""The words of a letter on the screen, numbered as on its paper: `{% load letters %}`."""

from collections.abc import Sequence
from typing import Any

from django import template

from grants.letters import numbering
from grants.letters.specimen import specimen_of
from grants.models import Letter
from grants.services.letters import wording
from miaoli_kaohsiung.changes.models import Change

register = template.Library()


@register.filter
def numbered(paragraphs: Sequence[str]) -> list[dict[str, Any]]:
    """Return the paragraphs with their marks 一、 and (一)."""
    return numbering.numbered(paragraphs)


@register.simple_tag
def specimen_of_change(change: Change) -> Letter:
    """Return an invented letter with the words of a proposed change, on their first day."""
    return specimen_of(wording.proposed(change), change.county, change.first_day)
