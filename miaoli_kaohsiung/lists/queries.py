"""What a person keeps of lists: the views, their own and those that colleagues share, and how rows look."""

from django.db.models import Q, QuerySet

from miaoli_kaohsiung.accounts.audiences import OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

from .models import ListLook, SavedView


def counties_of(user: User) -> list[str]:
    """Return the counties in whose offices the person works."""
    return sorted({post.county for post in posts_of(user) if post.role in OFFICE_READERS and post.county})


def views_of(user: User, listing: str) -> QuerySet[SavedView]:
    shared = Q(county__in=counties_of(user))
    return SavedView.objects.filter(Q(owner=user) | shared, listing=listing).select_related("owner")


def may_remove(user: User, view: SavedView) -> bool:
    """Return whether it is the person's own, or a shared one of the county that the person heads."""
    heads = any(post.role == Role.APPROVER and post.county == view.county for post in posts_of(user))
    return view.owner_id == user.pk or bool(view.county and heads)


def roomy(user: User) -> bool:
    return ListLook.objects.filter(user=user, roomy=True).exists()
