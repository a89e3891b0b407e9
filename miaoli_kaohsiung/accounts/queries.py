"""Which posts a person holds on a day: the one question behind every permission."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from miaoli_kaohsiung.lib import clock

from .enums import Role
from .models import Invitation, Post, User


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


def posts_ever(user: User) -> list[Post]:
    """All posts of a person, those in force or to come first."""
    posts = list(Post.objects.filter(user=user).order_by("-valid_from", "role"))
    return sorted(posts, key=lambda post: post.valid_to is not None and post.valid_to < clock.today())


def people(counties: Iterable[str], search: str = "") -> QuerySet[User]:
    """The accounts that an administrator of `counties` looks after, found by name, sign-in name or e-mail address.

    "" among `counties` is the administrator of both, who looks after everybody. Else those are left out who hold, or
    will hold, a post beyond these counties: who changes an address opens an account.
    """
    found = User.objects.order_by("display_name", "username").prefetch_related("posts")
    reached = set(counties)
    if "" not in reached:
        not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
        beyond = Post.objects.filter(not_ended, user=OuterRef("pk")).exclude(county__in=reached)
        found = found.exclude(Exists(beyond))
    if search:
        found = found.filter(
            Q(display_name__icontains=search) | Q(username__icontains=search) | Q(email__icontains=search)
        )
    return found


def invitations(user: User) -> QuerySet[Invitation]:
    """Invitations of the counties in which the user invites: case officers their own county's, administrators theirs."""
    posts = [post for post in posts_of(user) if post.role in (Role.CASE_OFFICER, Role.ADMINISTRATOR)]
    rows = Invitation.objects.select_related("invited_by", "user")
    if any(post.role == Role.ADMINISTRATOR and not post.county for post in posts):
        return rows
    seen = Q(pk__in=[])
    for post in posts:
        below = {} if post.role == Role.ADMINISTRATOR else {"role__in": [Role.MEMBER, Role.TOWNSHIP_OFFICER]}
        seen |= Q(county=post.county, **below)
    return rows.filter(seen)
