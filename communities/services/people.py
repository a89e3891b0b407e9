import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts import services
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.sign_ins import tell_owner
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import roc_date
from miaoli_kaohsiung.lib.access import Refused


@dataclass(frozen=True)
class Hanging:
    """Work that only the holder of a post has on the desk: what it is, how many, and where it can be looked through."""

    words: str
    number: int
    url: str


# What rooms above find of work that hangs on a post.
Find = Callable[[Post], list[Hanging]]
_FINDS: list[Find] = []


def when_ending(find: Find) -> Find:
    """Let the function say what hangs on a post before that is ended."""
    _FINDS.append(find)
    return find


def hanging_on(post: Post) -> list[Hanging]:
    """Return the work that waits for the holder of this post alone."""
    return [row for find in _FINDS for row in find(post) if row.number]


def give_post(by: Actor, user: User, **fields: Any) -> Post:
    """Give a post of an authority, as an administrator. Raises accounts PostError."""
    with trail.unit_of_work(by):
        User.objects.select_for_update().get(pk=user.pk)
        post = services.record_post(user, **fields)
        tell_owner(user, "post", _("您有新的職務：%(post)s") % {"post": post.label})
        return post


def end_post(by: Actor, post: Post, last_day: dt.date, *, seen: int = 0) -> None:
    """End a post of an authority, as an administrator who has seen what hangs on it. Raises Refused if that is more than
    the `seen` pieces of work.
    """
    with trail.unit_of_work(by):
        number = sum(row.number for row in hanging_on(post))
        if number > seen:
            raise Refused(_("這個職務手上還有事，請先看過清單，知道由誰接手。"))
        services.end_post(Post.objects.select_for_update().get(pk=post.pk), last_day)
        what = {"post": post.label, "day": roc_date.format_roc(last_day)}
        tell_owner(post.user, "post", _("您的職務 %(post)s 到%(day)s為止") % what)
