"""A person's own notices."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from .models import Notice


def notices_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """All that this person was told, newest first."""
    return Notice.objects.filter(recipient_id=user.pk).order_by("-created_at", "-id")


def unread_for(user: AbstractBaseUser) -> QuerySet[Notice]:
    """What this person has not read yet, newest first; `.count()` for the number beside the bell."""
    return notices_of(user).filter(read_at=None)
