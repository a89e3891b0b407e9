"""What a person keeps of lists: the views, their own and those that colleagues share, and how rows look."""

from typing import Any

from django.db.models import Q, QuerySet

from miaoli_kaohsiung.accounts.audiences import OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.prepared import Prepared

from .models import ListLook, SavedView


def counties_of(user: User) -> list[str]:
    """Return the counties in whose offices the person works."""
    return sorted({post.county for post in posts_of(user) if post.role in OFFICE_READERS and post.county})


def views_of(user: User, listing: str) -> QuerySet[SavedView]:
    return _views(*counties_of(user), user=user.pk, listing=listing)


def _views(*counties: str, user: Any, listing: Any) -> QuerySet[SavedView]:
    seen = Q(owner_id=user) | Q(county__in=counties)
    return SavedView.objects.filter(seen, listing=listing).select_related("owner")


_VIEWS = Prepared(_views)


def views_now(user: User, listing: str) -> list[SavedView]:
    """Return the same as they are now: every list asks."""
    return _VIEWS(*counties_of(user), user=user.pk, listing=listing)


def may_remove(user: User, view: SavedView) -> bool:
    """Return whether it is the person's own, or a shared one of the county that the person heads."""
    heads = any(post.role == Role.APPROVER and post.county == view.county for post in posts_of(user))
    return view.owner_id == user.pk or bool(view.county and heads)


_ROOMY = Prepared(lambda user: ListLook.objects.filter(user_id=user, roomy=True).values_list("pk", flat=True))


def roomy(user: User) -> bool:
    return bool(_ROOMY(user=user.pk))
