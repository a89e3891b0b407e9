import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts import services
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.sign_ins import tell_owner
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import roc_date


def give_post(by: Actor, user: User, **fields: Any) -> Post:
    """Give a post of an authority, as an administrator. Raises accounts PostError."""
    with trail.unit_of_work(by):
        User.objects.select_for_update().get(pk=user.pk)
        post = services.record_post(user, **fields)
        tell_owner(user, "post", _("您有新的職務：%(post)s") % {"post": post.label})
        return post


def end_post(by: Actor, post: Post, last_day: dt.date) -> None:
    """End a post of an authority, as an administrator."""
    with trail.unit_of_work(by):
        services.end_post(Post.objects.select_for_update().get(pk=post.pk), last_day)
        what = {"post": post.label, "day": roc_date.format_roc(last_day)}
        tell_owner(post.user, "post", _("您的職務 %(post)s 到%(day)s為止") % what)
