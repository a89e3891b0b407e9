"""A person's own notices, and what waits in the outbox."""

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from miaoli_kaohsiung.lib import natural
from miaoli_kaohsiung.lib.prepared import Prepared

from .models import DIGEST, Delivery, DeliveryState, EmailState, Notice


def notices_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """Return all of this person's notices, newest first; the mail of a day is not one of them."""
    return Notice.objects.filter(recipient_id=user.pk).exclude(kind=DIGEST).order_by("-created_at", "-id")


def current_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """Return the person's notices that are not over yet."""
    return notices_of(user).filter(closed_at=None)


def unread_for(user: AbstractBaseUser) -> QuerySet[Notice]:
    """Return the unread notices that are not over, newest first; `.count()` for the number beside the bell."""
    return current_of(user).filter(read_at=None)


_UNREAD = Prepared(
    lambda most, user: (
        Notice.objects.filter(recipient_id=user, closed_at=None, read_at=None)
        .exclude(kind=DIGEST)
        .order_by()
        .values_list("pk", flat=True)[:most]
    )
)


def count_unread(user: AbstractBaseUser, most: int) -> int:
    """Return how many are unread, at most so many: every page asks."""
    return len(_UNREAD(most, user=user.pk))


def cases_of(user: AbstractBaseUser) -> list[str]:
    """Return the numbers of the cases that the person's current notices are about, for the filter of the inbox."""
    rows = current_of(user).exclude(case_number="").order_by(natural.in_order("case_number"))
    return list(rows.values_list("case_number", flat=True).distinct())


def oldest_waiting() -> dt.datetime | None:
    """Return since when the first thing in the outbox should have left; None if nothing waits."""
    mails = Notice.objects.filter(email_state=EmailState.PENDING).order_by("next_attempt_at")
    texts = Delivery.objects.filter(state__in=[DeliveryState.PENDING, DeliveryState.SENDING])
    found = [
        rows.values_list("next_attempt_at", flat=True).first() for rows in (mails, texts.order_by("next_attempt_at"))
    ]
    return min(filter(None, found), default=None)
