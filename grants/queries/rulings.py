"""The rulings and waivers that a person may see, and what the public law page says of them."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from grants.enums import RulingStatus
from grants.models import Application, Ruling, Scheme, Waiver
from grants.queries.scope import apart, cases
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of


def confirmed_of(scheme: Scheme) -> list[Ruling]:
    """Return the rulings that two officers have confirmed, newest effect first, future ones included."""
    return list(Ruling.objects.filter(scheme=scheme, status=RulingStatus.CONFIRMED))


def rulings(user: User) -> QuerySet[Ruling]:
    """Return rulings of the user's counties; an administrator without a county sees those of both."""
    return Ruling.objects.filter(_in_counties(user, "scheme__county")).select_related("scheme", "author", "decided_by")


def schemes(user: User) -> QuerySet[Scheme]:
    """Return the schemes of the counties whose rulings the user may see."""
    return Scheme.objects.filter(_in_counties(user, "county"))


def waivers(user: User) -> QuerySet[Waiver]:
    """Return the waivers of the cases whose waivers the user may see."""
    return Waiver.objects.filter(application__in=waivable(user)).select_related("author", "decided_by", "scan")


def waivable(user: User) -> QuerySet[Application]:
    """Return the cases that the user may see. Officers also find every case of the county by its number, drafts too,
    because a waiver is what lets a draft be filed; of a draft the page shows only the number that the officer was
    given.
    """
    counties = [post.county for post in posts_of(user) if post.role in CASE_HANDLERS]
    seen = Q(pk__in=cases(user).values("pk")) | Q(county__in=counties) & apart(user)
    return Application.objects.filter(seen).select_related("scheme", "organisation", "programme")


def in_effect(scheme_ids: Iterable[int], on: dt.date) -> set[int]:
    """Return the keys of the rulings in force on the day: for each parameter the confirmed one that began last."""
    rows = Ruling.objects.filter(scheme__in=scheme_ids, status=RulingStatus.CONFIRMED, effective_from__lte=on)
    newest = rows.order_by("scheme_id", "parameter", "-effective_from", "-id").distinct("scheme_id", "parameter")
    return set(newest.values_list("pk", flat=True))


def _in_counties(user: User, column: str) -> Q:
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role in COUNTY_READERS or (post.role == Role.ADMINISTRATOR and post.county):
            seen |= Q(**{column: post.county})
        elif post.role == Role.ADMINISTRATOR:
            return Q()
    return seen
