"""What a change of the calendar would move, for the page on which it is confirmed."""

from django import template

from grants.queries.calendar.changes import moving
from grants.queries.calendar.running import Planned
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change

register = template.Library()


@register.simple_tag
def moving_days(change: Change) -> list[Planned]:
    """Return what would move; nothing once it is decided."""
    return moving(change) if change.status == ChangeStatus.WAITING else []
