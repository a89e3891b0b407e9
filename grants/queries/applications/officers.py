"""Who looks after a case today. The case names an officer; whoever holds that officer's post today does the work."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from grants.models import Application
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_in_force
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared


@dataclass(frozen=True)
class Handler:
    """The person whom a letter or a notice names; `deputy` if for somebody who is away."""

    user: User
    deputy: bool = False

    def __str__(self) -> str:
        return _("%(name)s（代理）") % {"name": self.user} if self.deputy else str(self.user)


def _officers(county: str, day: dt.date) -> QuerySet[Post]:
    posts = posts_in_force(day).filter(role=Role.CASE_OFFICER, county=county)
    return posts.select_related("user", "stands_for").order_by("stands_for_id", "user_id")


_OFFICERS = Prepared(_officers)


def officer_posts(county: str) -> list[Post]:
    """Return today's posts of case officer of the county, those of deputies last."""
    return _OFFICERS(county=county, day=clock.today())


def handlers_of(case: Application, posts: Sequence[Post]) -> list[Handler]:
    """Return who has the case today among `posts` (`officer_posts`): the deputies of its officer, else the officer;
    nobody if the officer has left or there is none.
    """
    own = [post for post in posts if case.officer_id is not None and post.holder_id == case.officer_id]
    deputies = [Handler(post.user, deputy=True) for post in own if post.stands_for_id]
    return deputies or [Handler(post.user) for post in own]


def handler_of(case: Application) -> Handler | None:
    """Return the one whom the page of the case names, None if the case waits for somebody to take it over."""
    if case.officer_id is None:
        return None
    return next(iter(handlers_of(case, officer_posts(case.county))), None)


def has_left(path: str = "") -> Q:
    """Return a filter for cases whose officer no longer holds the county's post, or that have none: they are
    everybody's. `path` leads from the row to the case.
    """
    return _has_left(path, clock.today())


@lru_cache(maxsize=8)
def _has_left(path: str, day: dt.date) -> Q:
    """Return the same of a day, built once: several queues of a desk have it."""
    of_case = {"user": OuterRef(f"{path}officer"), "county": OuterRef(f"{path}county")}
    holder = posts_in_force(day).filter(role=Role.CASE_OFFICER, stands_for=None, **of_case)
    return Q(~Exists(holder))
