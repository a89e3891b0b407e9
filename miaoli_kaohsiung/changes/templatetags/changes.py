"""What templates ask of a change of a county's own data."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.permissions import may_read

register = template.Library()


@register.simple_tag
def change_url(change: Change, user: User | AnonymousUser) -> str:
    """Return the address of the change for whom it opens to, and nothing for others, who read only that there is one."""
    return reverse("changes:show", args=[change.pk]) if may_read(user, change) else ""
