"""A person's own notices."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from .models import DIGEST, Notice


def notices_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """All that this person was told, newest first; the mail of a day is no notice of its own."""
    return Notice.objects.filter(recipient_id=user.pk).exclude(kind=DIGEST).order_by("-created_at", "-id")


def current_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """Those whose thing is not over yet."""
    return notices_of(user).filter(closed_at=None)


def unread_for(user: AbstractBaseUser) -> QuerySet[Notice]:
    """What this person has not read yet and is not over, newest first; `.count()` for the number beside the bell."""
    return current_of(user).filter(read_at=None)


def cases_of(user: AbstractBaseUser) -> list[str]:
    """The numbers of the cases that the person's current notices speak of, for the filter of the inbox."""
    rows = current_of(user).exclude(case_number="").order_by("case_number")
    return list(rows.values_list("case_number", flat=True).distinct())
