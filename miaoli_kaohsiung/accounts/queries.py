"""Which posts a person holds on a day: the one question behind every permission."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from miaoli_kaohsiung.lib import clock

from .enums import Role
from .models import Post, User


def posts_of(user: User, on: date | None = None) -> list[Post]:
    """The posts in force on the portal's day `on` (default today); one query per user object and day."""
    if not user.is_authenticated or not user.is_active:
        return []
    day = on or clock.today()
    cache = user.__dict__.setdefault("_posts_by_day", {})
    if day not in cache:
        in_force = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        cache[day] = list(Post.objects.filter(in_force, user_id=user.pk))
    return cache[day]


def post_with(user: User, roles: Iterable[Role | str], **scope) -> Post | None:
    """The first post of one of `roles` whose fields equal `scope` (county=…, township_code=…, organisation_id=…)."""
    wanted = set(roles)
    for post in posts_of(user):
        if post.role in wanted and all(getattr(post, name) == value for name, value in scope.items()):
            return post
    return None


def holders_of(role: Role, **scope) -> list[User]:
    """The active people who hold a post today, for telling them that something waits."""
    day = clock.today()
    in_force = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    posts = Post.objects.filter(in_force, role=role, user__is_active=True, **scope).select_related("user")
    return [post.user for post in posts.order_by("user_id").distinct("user_id")]
