"""代理人: a colleague does the work of somebody who is away, from one day to another, under that person's post.

A colleague who holds the same post already gains no power, so that the arrangement holds at once. Anybody else gains
the absent person's: then a second person confirms it, as for every deciding post (`changes`).
"""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import changes, services
from .audiences import CHANGE_CONFIRMERS, DEPUTISED, DEPUTY_ARRANGERS
from .enums import Role
from .models import Post, User
from .permissions import may_stand_for, same_office
from .queries import post_with, posts_in_force, posts_of
from .sign_ins import tell_owner

# Longer absences are a matter of giving the post to somebody else.
MOST_DAYS = 184


class DeputyError(Refused):
    """A deputy who cannot be arranged."""


def arranged_by(user: User) -> QuerySet[Post]:
    """Return the posts for which the user may arrange a deputy: their own, as approver all of the county, as
    administrator those looked after.
    """
    seen = Q(user=user)
    for post in posts_of(user):
        if post.role == Role.ADMINISTRATOR and not post.county:
            seen = ~Q(pk=None)
            break
        if post.role in CHANGE_CONFIRMERS:
            seen |= Q(county=post.county)
    today = clock.today()
    current = Post.objects.filter(role__in=DEPUTISED, stands_for=None, user__is_active=True)
    current = current.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)
    return current.filter(seen).select_related("user").order_by("county", "role", "user__display_name")


def deputies_of(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Return the deputies of these posts who act now or will."""
    rows = Post.objects.filter(stands_for__in=posts.order_by().values("pk"), valid_to__gte=clock.today())
    return rows.select_related("user", "stands_for__user").order_by("valid_from", "pk")


def standing_for(user: User) -> QuerySet[Post]:
    """Return the posts in which the user stands, or will stand, for somebody."""
    rows = Post.objects.filter(user=user, stands_for__isnull=False, valid_to__gte=clock.today())
    return rows.select_related("stands_for__user").order_by("valid_from", "pk")


def colleagues(posts: QuerySet[Post]) -> QuerySet[User]:
    """Return those who may stand for one of these posts (`may_stand_for` says who for which); nobody for himself."""
    found = Q(pk=None)
    for county, role, code in posts.order_by().values_list("county", "role", "township_code").distinct():
        found |= same_office(county, role, code)
    holders = set(posts.order_by().values_list("user", flat=True))
    held = posts_in_force().filter(found, stands_for=None).exclude(user__in=holders if len(holders) == 1 else ())
    return User.objects.filter(pk__in=held.values("user")).order_by("display_name", "pk")


def arrange(user: User, post: Post, deputy: User, first: dt.date, last: dt.date) -> bool:
    """Let a colleague stand for the holder of the post from the first to the last day. Returns whether that holds
    already, or waits for a second person.

    Raises DeputyError, accounts PostError and ChangeError.
    """
    with trail.unit_of_work(services.actor(user, DEPUTY_ARRANGERS)) as by:
        post = Post.objects.select_for_update(of=("self",)).select_related("user").get(pk=post.pk)
        if not arranged_by(user).filter(pk=post.pk).exists():
            raise DeputyError(_("代理人由本人、縣府主管或系統管理員安排。"))
        require(may_stand_for(deputy, post))
        if first < clock.today() or last < first or (last - first).days >= MOST_DAYS:
            raise DeputyError(_("代理從今天或以後開始，一次最多 %(days)d 天。") % {"days": MOST_DAYS})
        same = {"county": post.county, "township_code": post.township_code, "stands_for": None}
        if post_with(deputy, Role(post.role), **same) is None:
            changes.propose_deputy(by, post, deputy, first, last)
            return False
        _notify(services.record_deputy(post, deputy, first, last))
        return True


def end(user: User, deputy: Post) -> None:
    """End a deputy's days with yesterday, because the holder is back or somebody else takes over. Raises DeputyError."""
    with trail.unit_of_work(services.actor(user, DEPUTY_ARRANGERS)):
        deputy = Post.objects.select_for_update(of=("self",)).select_related("stands_for", "user").get(pk=deputy.pk)
        if deputy.stands_for is None or not arranged_by(user).filter(pk=deputy.stands_for.pk).exists():
            raise DeputyError(_("代理人由本人、縣府主管或系統管理員安排。"))
        words = {"post": deputy.label}
        services.end_deputy(deputy, clock.today() - dt.timedelta(days=1))
        tell_owner(deputy.user, "deputy-ended", _("代理結束了：%(post)s") % words)


def _notify(made: Post) -> None:
    assert made.stands_for is not None
    assert made.valid_to is not None
    days = {"first": format_roc(made.valid_from), "last": format_roc(made.valid_to)}
    words = _("%(first)s 至 %(last)s。") % days
    tell_owner(made.user, "deputy", _("請您代理：%(post)s") % {"post": made.label}, words)
    subject = _("您的職務由%(who)s代理：%(post)s") % {"who": made.user, "post": made.stands_for.label}
    tell_owner(made.stands_for.user, "deputised", subject, words)
