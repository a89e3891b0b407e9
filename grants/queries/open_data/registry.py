"""The rows of the datasets about associations, their tiers, courses and volunteers. Sums and facts of bodies, never people."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, ExtractYear

from communities.enums import CentreCondition, TierDecisionStatus
from communities.models import Organisation, ServiceHours, TierDecision
from communities.queries import township_name
from communities.queries.centres import listed
from communities.queries.training import calendar
from miaoli_kaohsiung.accounts import counties

from .fields import CHUNK


def organisations() -> Iterator[list[Any]]:
    for row in Organisation.objects.order_by("county", "township_id", "pk").defer("search").iterator(chunk_size=CHUNK):
        yield [
            row.pk,
            row.name,
            row.get_kind_display(),
            row.get_county_display(),
            township_name(row.township_id or ""),
            row.present_village,
            row.get_status_display(),
            row.registration_number,
            row.registered_on,
            row.households,
            row.population,
            row.members_count,
            row.get_current_tier_display(),
            row.current_tier_year,
            row.profile_updated_on,
        ]


def tiers() -> Iterator[list[Any]]:
    confirmed = TierDecision.objects.filter(status=TierDecisionStatus.CONFIRMED).select_related("organisation")
    for row in confirmed.defer("organisation__search").order_by("year", "pk").iterator(chunk_size=CHUNK):
        body = row.organisation
        yield [
            body.pk,
            body.name,
            body.get_county_display(),
            township_name(body.township_id or ""),
            row.year,
            row.get_tier_display(),
            row.get_basis_display(),
            row.decided_on,
        ]


def courses() -> Iterator[list[Any]]:
    for row in calendar().order_by("day", "pk").iterator(chunk_size=CHUNK):
        yield [
            row.pk,
            row.get_county_display(),
            row.get_kind_display(),
            row.title,
            row.day,
            row.hours,
            row.place,
            row.places,
            row.get_status_display(),
            row.present,
        ]


def activity_centres() -> Iterator[list[Any]]:
    things = Coalesce(Sum("items__quantity", filter=Q(items__gone_on=None)), 0)
    words = dict(CentreCondition.choices)
    for row in listed().annotate(things=things).iterator(chunk_size=CHUNK):
        yield [
            row.pk,
            row.get_county_display(),
            township_name(row.township_id),
            row.name,
            row.present_address,
            row.organisation.name if row.organisation else "",
            row.built_in,
            row.area,
            row.things,
            words.get(row.condition, ""),
            row.seen,
            row.closed_on,
        ]


def _hours() -> QuerySet[Any, Any]:
    body = "volunteer__team__organisation"
    rows: QuerySet[Any, Any] = ServiceHours.objects.order_by().annotate(
        year=ExtractYear("day"), place=F(f"{body}__township")
    )
    by_place: QuerySet[Any, Any] = rows.values(f"{body}__county", "place", "year").annotate(
        bodies=Count(body, distinct=True), people=Count("volunteer__person", distinct=True), sum=Sum("hours")
    )
    return by_place


def volunteer_hours() -> Iterator[list[Any]]:
    names = dict(counties.choices())
    for row in _hours().order_by("volunteer__team__organisation__county", "place", "year"):
        county = row["volunteer__team__organisation__county"]
        yield [
            names.get(county, county),
            township_name(row["place"] or ""),
            row["year"],
            row["bodies"],
            row["people"],
            row["sum"],
        ]


def volunteer_years() -> int:
    return _hours().count()
