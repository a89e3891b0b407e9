import datetime as dt
from typing import Any

from miaoli_kaohsiung.accounts import services as accounts
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor


def give_post(user: User, by: Actor, **fields: Any) -> Post:
    """An administrator gives a post of an authority. Raises accounts PostError."""
    with trail.unit_of_work(by):
        User.objects.select_for_update().get(pk=user.pk)
        return accounts.record_post(user, **fields)


def end_post(post: Post, by: Actor, last_day: dt.date) -> None:
    """An administrator ends a post of an authority."""
    with trail.unit_of_work(by):
        accounts.end_post(Post.objects.select_for_update().get(pk=post.pk), last_day)
