"""Reads of activity centres: the public list, a township's own, and what stands in them."""

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from communities.models import ActivityCentre, CentreItem, CentreRecord
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of


def listed(county: str = "", township: str = "") -> QuerySet[Any]:
    """Return the centres that everybody sees, each with its newest `condition` and the day on which it was `seen`."""
    newest = CentreRecord.objects.filter(centre=OuterRef("pk")).order_by("-day", "-pk")
    rows = ActivityCentre.objects.select_related("township", "organisation").annotate(
        condition=Subquery(newest.values("condition")[:1]), seen=Subquery(newest.values("day")[:1])
    )
    rows = rows.filter(county=county) if county else rows
    rows = rows.filter(township=township) if township else rows
    return rows.order_by("county", "township__position", "name")


def whole() -> QuerySet[Any]:
    """Return the centres with what stands in them and what was seen there, the newest first."""
    items = CentreItem.objects.filter(gone_on=None)
    return listed().prefetch_related(Prefetch("items", queryset=items), "records__picture")


def seen_by(user: User) -> QuerySet[Any]:
    """Return the centres of the user's township or counties."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role == Role.TOWNSHIP_OFFICER:
            seen |= Q(county=post.county, township=post.township_code)
        elif post.role in COUNTY_READERS:
            seen |= Q(county=post.county)
    return whole().filter(seen)
