"""What left the portal for the people of a county, by channel, and what did not arrive: to whom, about what, why, and what
happened instead. On the screen every notice stands all the same.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from miaoli_kaohsiung.accounts.audiences import DELIVERY_READERS
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.deliveries import MAX_ATTEMPTS
from miaoli_kaohsiung.notices.models import Channel, Delivery, DeliveryState, EmailState, Notice

# How many days are counted and listed, and how many lines at most.
DAYS, MOST = 30, 200
_MAILED = (EmailState.SENT, EmailState.DIGESTED)


@dataclass(frozen=True)
class Counted:
    """What became of the messages of one channel."""

    channel: str
    sent: int
    open: int
    failed: int


@dataclass(frozen=True)
class Undelivered:
    """One message that did not arrive. `post` is the person's post in the county; an association's has its number."""

    at: dt.datetime
    recipient: User
    post: Post | None
    channel: str
    about: str
    why: str
    instead: str


def counted(user: User) -> list[Counted]:
    """Return the messages of the last days to people of the user's counties, by channel."""
    texts = {
        (row["channel"], row["state"]): row["n"]
        for row in _texts(user).order_by().values("channel", "state").annotate(n=Count("pk"))
    }
    mails = {
        (Channel.EMAIL.value, row["email_state"]): row["n"]
        for row in _mails(user).order_by().values("email_state").annotate(n=Count("pk"))
    }
    found = texts | mails

    def of(channel: str, *states: str) -> int:
        return sum(found.get((channel, state), 0) for state in states)

    return [
        Counted(
            str(Channel(channel).label),
            of(channel, DeliveryState.SENT),
            of(channel, DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.WAITING),
            of(channel, DeliveryState.FAILED),
        )
        for channel in Channel.values
    ]


def undelivered(user: User) -> list[Undelivered]:
    """Return what did not arrive in the last days, the newest first."""
    texts = list(_texts(user).filter(state=DeliveryState.FAILED).order_by("-pk")[:MOST])
    mails = list(_mails(user).filter(email_state=EmailState.FAILED).order_by("-pk")[:MOST])
    posts = _posts({row.recipient_id for row in texts} | {row.recipient_id for row in mails})
    found = [*_failed_texts(texts, posts), *_failed_mails(mails, posts)]
    return sorted(found, key=attrgetter("at"), reverse=True)[:MOST]


def _people(user: User) -> Any:
    """Return whether a row's recipient has, or had, a post in one of the user's counties."""
    counties = {post.county for post in posts_of(user) if post.role in DELIVERY_READERS}
    posts = Post.objects.filter(user=OuterRef("recipient"))
    return Exists(posts if "" in counties else posts.filter(county__in=counties))


def _texts(user: User) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(_people(user), made_at__gte=clock.now() - dt.timedelta(days=DAYS))
    return rows.select_related("recipient", "notice")


def _mails(user: User) -> QuerySet[Notice]:
    rows = Notice.objects.filter(_people(user), created_at__gte=clock.now() - dt.timedelta(days=DAYS))
    return rows.select_related("recipient")


def _posts(people: set[int]) -> dict[int, Post]:
    """Return the newest post of each."""
    return {post.user_id: post for post in Post.objects.filter(user__in=people).order_by("valid_from", "pk")}


def _failed_texts(rows: list[Delivery], posts: dict[int, Post]) -> Iterator[Undelivered]:
    for row in rows:
        about = row.notice.subject if row.notice else _("手機驗證碼")
        channel = str(Channel(row.channel).label)
        post = posts.get(row.recipient_id)
        yield Undelivered(row.made_at, row.recipient, post, channel, about, _why(row), _instead(row.notice))


def _failed_mails(rows: list[Notice], posts: dict[int, Post]) -> Iterator[Undelivered]:
    heard = Delivery.objects.filter(notice__in=rows, state=DeliveryState.SENT).values_list("notice_id", flat=True)
    reached = set(heard)
    for row in rows:
        why = _("郵件主機一直不收，試了 %(times)d 次；請核對信箱") % {"times": row.attempts}
        instead = _("簡訊或 LINE 已送到") if row.pk in reached else _ring(row)
        channel = str(Channel.EMAIL.label)
        yield Undelivered(
            row.created_at, row.recipient, posts.get(row.recipient_id), channel, row.subject, why, instead
        )


def _why(row: Delivery) -> str:
    if row.attempts >= MAX_ATTEMPTS:
        return _("業者一直沒有回應，試了 %(times)d 次") % {"times": row.attempts}
    if row.channel == Channel.LINE:
        return _("LINE 不收：可能解除了綁定，或封鎖了官方帳號")
    return _("業者不收這個號碼，或本人已經停用簡訊")


def _instead(notice: Notice | None) -> str:
    if notice is None:
        return _("請本人再按一次「寄驗證碼」")
    if notice.email_state in _MAILED:
        return _("已改寄電子郵件")
    if notice.email_state in (EmailState.QUEUED, EmailState.PENDING):
        return _("會和當天的通知一起寄電子郵件")
    return _ring(notice)


def _ring(notice: Notice) -> str:
    return _("已經辦完，不用再通知") if notice.closed_at else _("還沒有通知到，請打電話")
