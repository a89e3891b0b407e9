"""Which posts a person holds on a day: the one question behind every permission."""

from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared

from .audiences import APART, INVITED_BY_OFFICERS, INVITERS, STAFF_ROLES, Who, each
from .enums import ChangeKind, Office, Role
from .models import IdentityChange, Invitation, Post, User

# A post that ends within so many days is shown, so that it is renewed or given to somebody else in time.
ENDING_DAYS = 30
# Every column of a post.
_POST = [field.attname for field in Post._meta.concrete_fields]


def posts_of(user: User | AnonymousUser, on: date | None = None) -> list[Post]:
    """Return the posts in force on the portal's day `on` (default today), the one in which the person works at present
    first; one query per user object.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    day = on or clock.today()
    posts = [post for post in _all_posts(user) if _in_force(post, day)]
    return sorted(posts, key=lambda post: post.pk != user.acting_post_id)


def posts_in_view(user: User | AnonymousUser) -> list[Post]:
    """Return the posts whose work the person wants to see: the one that was chosen, else all. What somebody may do is
    asked of `posts_of`.
    """
    posts = posts_of(user)
    chosen = [post for post in posts if user.is_authenticated and post.pk == user.acting_post_id]
    return [*chosen, *(post for post in posts if post.counter_for and post not in chosen)] if chosen else posts


def ended_chairs(user: User | AnonymousUser) -> list[Post]:
    """Return posts as chairperson that have ended, the latest of each, of associations in which the user holds no post
    now.

    Whether somebody else has taken over is known to the communities (communities.queries.lapsed_posts).
    """
    if not user.is_authenticated or not user.is_active:
        return []
    day = clock.today()
    found: dict[int | None, Post] = {}
    held = {post.organisation_id for post in posts_of(user)}
    for post in sorted(_all_posts(user), key=lambda post: post.valid_from):
        ended = post.office == Office.CHAIRPERSON and post.valid_to is not None and post.valid_to < day
        if post.role == Role.MEMBER and ended and post.organisation_id not in held:
            found[post.organisation_id] = post
    return list(found.values())


def posts_in_force(on: date | None = None) -> QuerySet[Post]:
    """Return everybody's posts of a day, of active accounts."""
    day = on or clock.today()
    in_force = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return Post.objects.filter(in_force, user__is_active=True, closed=False)


_POSTS = Prepared(lambda user: Post.objects.filter(user_id=user).select_related("user", "stands_for__user"))


def person_with_posts(user_id: int) -> User | None:
    """Return the person of a session, for whom no further query asks which posts they hold."""
    posts = _POSTS(user=user_id)
    user = posts[0].user if posts else User.objects.filter(pk=user_id).first()
    if user is not None:
        _keep(user, posts)
    return user


def _all_posts(user: User) -> list[Post]:
    """Return all posts, with one query per user object; one's own before those held for somebody else."""
    posts: list[Post] | None = getattr(user, "_posts", None)
    return _keep(user, _POSTS(user=user.pk)) if posts is None else posts


def _keep(user: User, posts: list[Post]) -> list[Post]:
    # Not into the `__dict__`: the user of a request may stand behind a proxy that has one of its own.
    kept = user._posts = sorted(posts, key=lambda post: post.stands_for_id is not None)  # type: ignore[attr-defined]
    return kept


def _in_force(post: Post, day: date) -> bool:
    return post.valid_from <= day and (post.valid_to is None or post.valid_to >= day) and not post.closed


def ever_held(user: User, role: Role) -> bool:
    """Return whether the person holds, held or will hold the post, without a further query."""
    return any(post.role == role for post in _all_posts(user))


def values_of(user: User) -> Hashable:
    """Return all that a person and their posts are, as one value, without a further query: what is made of nothing else
    may be kept for it. Equal values are those of one person alone.
    """
    posts = tuple((*(getattr(post, name) for name in _POST), post.holder_id) for post in _all_posts(user))
    return user.pk, user.is_active, user.acting_post_id, posts


def counter_posts(user: User, organisation_id: int) -> list[Post]:
    """Return the posts, also those that are over, in which the user helped somebody of the association at the counter."""
    return [post for post in _all_posts(user) if post.counter_for and post.organisation_id == organisation_id]


def post_with(user: User, who: Who, **scope: Any) -> Post | None:
    """Return the first post among `who` whose fields equal `scope` (county=…, township_code=…, organisation_id=…)."""
    wanted = each(who)
    for post in posts_of(user):
        if post.role in wanted and all(getattr(post, name) == value for name, value in scope.items()):
            return post
    return None


def counties_with(user: User, who: Who) -> set[str]:
    """Return the counties in which the user holds one of the posts today."""
    return {post.county for post in posts_of(user) if post.role in each(who) and post.county}


def others_in_post(post: Post) -> list[User]:
    """Return who else holds the same post today and in the time to come, not as a deputy."""
    here = {"county": post.county, "township_code": post.township_code, "stands_for": None}
    return [user for user in holders_of(Role(post.role), **here) if user.pk != post.user_id]


def holders_of(role: Role, **scope: Any) -> list[User]:
    """Return the active people who hold a post today, deputies among them, to notify them that something waits. A clerk
    at the counter is not among them.
    """
    # A list, or nothing, makes another statement; any other value only stands in it.
    shape = {name: value for name, value in scope.items() if value is None or isinstance(value, list)}
    wanted = tuple((name, tuple(value) if value is not None else None) for name, value in shape.items())
    given = {name: value for name, value in scope.items() if name not in shape}
    return [post.user for post in _HOLDERS(role, wanted, day=clock.today(), **given)]


def _holders(role: Role, wanted: tuple[tuple[str, Any], ...], *, day: Any, **given: Any) -> QuerySet[Post]:
    posts = posts_in_force(day).filter(role=role, counter_for="", **dict(wanted), **given).select_related("user")
    return posts.order_by("user_id").distinct("user_id")


_HOLDERS = Prepared(_holders)


def posts_ever(user: User) -> list[Post]:
    """Return all posts of a person, present and future ones first."""
    rows = Post.objects.filter(user=user).select_related("stands_for__user")
    posts = list(rows.order_by("-valid_from", "role"))
    return sorted(posts, key=lambda post: post.valid_to is not None and post.valid_to < clock.today())


def people(counties: Iterable[str]) -> QuerySet[User]:
    """Return the accounts that an administrator of `counties` looks after.

    "" among `counties` is the administrator of both, who looks after everybody. Other administrators do not see people
    who hold, or will hold, a post beyond these counties: whoever changes an address can open the account.
    """
    posts = Prefetch("posts", Post.objects.select_related("stands_for__user"))
    found = User.objects.order_by("display_name", "username").prefetch_related(posts)
    reached = set(counties)
    if "" not in reached:
        beyond = Post.objects.filter(_not_over(), user=OuterRef("pk")).exclude(county__in=reached)
        found = found.exclude(Exists(beyond))
    return found


# An account that nobody has signed in to for so long may not be needed any more.
UNUSED_DAYS = 90


def search_people(rows: QuerySet[User], text: str) -> QuerySet[User]:
    """Return those whose name, sign-in name, e-mail address, office or kind of post has these words."""
    roles = [role.value for role in Role if text in str(role.label)]
    posts = Post.objects.filter(Q(place_name__icontains=text) | Q(role__in=roles), _not_over(), user=OuterRef("pk"))
    words = Q(display_name__icontains=text) | Q(username__icontains=text) | Q(email__icontains=text)
    return rows.filter(words | Exists(posts))


def with_post(rows: QuerySet[User], **wanted: str) -> QuerySet[User]:
    """Return those who hold, or will hold, a post with these values of its columns."""
    return rows.filter(Exists(Post.objects.filter(_not_over(), user=OuterRef("pk"), **wanted)))


def without_post(rows: QuerySet[User]) -> QuerySet[User]:
    return rows.filter(~Exists(Post.objects.filter(_not_over(), user=OuterRef("pk"))))


def unused(rows: QuerySet[User]) -> QuerySet[User]:
    """Return open accounts that nobody has signed in to for UNUSED_DAYS, though they have been there for as long."""
    first = clock.today() - timedelta(days=UNUSED_DAYS)
    seen = Q(last_login__isnull=True) | Q(last_login__date__lt=first)
    return rows.filter(seen, is_active=True, date_joined__date__lt=first)


def _not_over() -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())


def invitations(user: User) -> QuerySet[Invitation]:
    """Return invitations of the counties in which the user invites: case officers their own county's, administrators
    theirs.
    """
    posts = [post for post in posts_of(user) if post.role in INVITERS]
    rows = Invitation.objects.select_related("invited_by", "user")
    if any(post.role == Role.ADMINISTRATOR and not post.county for post in posts):
        return rows
    seen = Q(pk__in=[])
    for post in posts:
        below = {} if post.role == Role.ADMINISTRATOR else {"role__in": INVITED_BY_OFFICERS}
        seen |= Q(county=post.county, **below)
    return rows.filter(seen)


def invitations_to_confirm(user: User) -> QuerySet[IdentityChange]:
    """Return the invitations to deciding posts that wait for a second person, of the counties of an administrator."""
    counties = [post.county for post in posts_of(user) if post.role == Role.ADMINISTRATOR]
    waiting = IdentityChange.objects.filter(kind=ChangeKind.INVITATION, decided_at=None, expires_on__gte=clock.today())
    return (waiting if "" in counties else waiting.filter(county__in=counties)).select_related("proposed_by")


def posts_apart(user: User, role: str, first: date, last: date | None) -> QuerySet[Post]:
    """Return the person's posts on any of these days that nobody may hold together with `role`."""
    apart = [other for one, others in APART for other in others if role == one]
    apart += [one for one, others in APART if role in others]
    found = Post.objects.filter(user=user, role__in=apart).exclude(valid_to__lt=first)
    return found.filter(valid_from__lte=last) if last else found


def changes_to_decide(user: User) -> QuerySet[IdentityChange]:
    """Return the waiting changes of people that an administrator or approver sees, including their own proposals."""
    posts = posts_of(user)
    reached = {post.county for post in posts if post.role == Role.ADMINISTRATOR}
    approving = {post.county for post in posts if post.role == Role.APPROVER}
    waiting = IdentityChange.objects.filter(decided_at=None, expires_on__gte=clock.today())
    waiting = waiting.exclude(kind=ChangeKind.OWN_ADDRESS).select_related("user", "proposed_by")
    if "" in reached:
        return waiting
    seen = Q(county__in=reached | approving)
    return waiting.filter(seen | Q(county="") if approving else seen)


def changes_of(user: User) -> QuerySet[IdentityChange]:
    """Return the changes of a person that wait to be confirmed."""
    return IdentityChange.objects.filter(user=user, decided_at=None, expires_on__gte=clock.today())


def soon_over(user: User) -> list[Post]:
    """Return the person's own posts of authorities that end within ENDING_DAYS, without a further query."""
    last = clock.today() + timedelta(days=ENDING_DAYS)
    own = (post for post in posts_of(user) if post.role in STAFF_ROLES and post.stands_for_id is None)
    return [post for post in own if post.valid_to is not None and post.valid_to <= last]


def posts_ending(county: str) -> QuerySet[Post]:
    """Return the county's posts of authorities that end within ENDING_DAYS, or have ended with nobody in the same post
    now; not those that were given to the same person for the time after. No county is every county.
    """
    today = clock.today()
    own = Post.objects.filter(role__in=STAFF_ROLES, stands_for=None, valid_to__lte=today + timedelta(days=ENDING_DAYS))
    if county:
        own = own.filter(county=county)
    same = {name: OuterRef(name) for name in ("role", "county", "township_code")}
    after = Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to"))
    renewed = Post.objects.filter(after, stands_for=None, user=OuterRef("user"), **same)
    held = posts_in_force().filter(stands_for=None, **same)
    newer = Post.objects.filter(valid_to__gt=OuterRef("valid_to"), stands_for=None, **same)
    over = Q(valid_to__lt=today)
    rows = own.filter(~Exists(renewed), user__is_active=True)
    return rows.exclude(over & Exists(held)).exclude(over & Exists(newer))


def deputies_waiting(posts: QuerySet[Post]) -> QuerySet[IdentityChange]:
    """Return the deputies of these posts whom a second person has yet to confirm."""
    kept = {"kind": ChangeKind.DEPUTY, "decided_at": None, "expires_on__gte": clock.today()}
    return IdentityChange.objects.filter(data__post__in=[post.pk for post in posts], **kept)


def counties_of(user: User) -> set[str]:
    """Return the counties of the posts that a person holds or will hold; "" is the post for both."""
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
    return set(Post.objects.filter(not_ended, user=user).order_by().values_list("county", flat=True))
