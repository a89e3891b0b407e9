"""What a proposed reminder will look like, on the page where it is confirmed."""

from django import template

from grants.services.reminders.changing import proposed
from grants.services.reminders.preview import Preview, preview_of
from miaoli_kaohsiung.changes.models import Change

register = template.Library()


@register.simple_tag
def preview_of_change(change: Change) -> Preview:
    return preview_of(change.county, proposed(change))
