import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.prepared import Prepared

from .enums import ChangeStatus
from .kinds import checked_by_role, confirmed_by_role, in_county, seen_by
from .models import Change


def visible_to(user: User) -> QuerySet[Change]:
    """Return the changes that the user proposed, or that their posts propose or confirm, the newest first, with the
    people in them.
    """
    seen = Q(proposed_by=user)
    for post in posts_of(user):
        seen |= seen_by(post)
    return Change.objects.filter(seen).select_related("proposed_by", "checked_by", "decided_by", "scan")


def waiting_for(user: User) -> QuerySet[Change]:
    """Return the changes that the user may check, confirm or refuse now."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        seen |= Q(pk__in=waiting_at(post, user).values("pk"))
    return Change.objects.filter(seen).select_related("proposed_by")


def waiting_at(post: Post, user: User) -> QuerySet[Change]:
    """Return what waits for this very post of the user; never what they proposed themselves."""
    to_check = Q(kind__in=checked_by_role(post.role), needs_check=True, checked_by=None)
    to_confirm = Q(kind__in=confirmed_by_role(post.role)) & (Q(needs_check=False) | Q(checked_by__isnull=False))
    rows = Change.objects.filter(in_county(post), to_check | to_confirm, status=ChangeStatus.WAITING)
    return rows.exclude(proposed_by=user).exclude(checked_by=user)


def history(kind_name: str, county: str, subject: str) -> QuerySet[Change]:
    """Return every change of these data, the newest first, with the people in them."""
    rows = Change.objects.filter(kind=kind_name, county=county, subject=subject)
    return rows.select_related("proposed_by", "checked_by", "decided_by", "scan")


def history_of(kind_name: str, county: str, subject: str) -> list[Change]:
    """Return the same for a page that only shows them."""
    return _HISTORY(kind_name=kind_name, county=county, subject=subject)


_HISTORY = Prepared(history)


def open_change(kind_name: str, county: str, subject: str) -> Change | None:
    """Return the change of these data that waits, if there is one."""
    return history(kind_name, county, subject).filter(status=ChangeStatus.WAITING).first()


def in_force(kind_name: str, county: str, on: dt.date) -> Change | None:
    """Return the confirmed change that holds in the county on the day, of data of which the changes themselves are the
    rows: the newest that has begun.
    """
    return _IN_FORCE.first(kind=kind_name, county=county, on=on)


def _in_force(kind: Any, county: Any, on: Any) -> QuerySet[Change]:
    rows = Change.objects.filter(kind=kind, county=county, status=ChangeStatus.CONFIRMED, starts_on__lte=on)
    return rows.order_by("-starts_on", "-pk")[:1]


_IN_FORCE = Prepared(_in_force)
