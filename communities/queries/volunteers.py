"""Reads of volunteers: teams, hours of people and of associations, the awards that hours reach. Each figure is counted here
alone.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, DecimalField, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

import communities
from communities.enums import EnrolmentStatus, HoursWay, OrganisationStatus
from communities.models import (
    AssociationPerson,
    Enrolment,
    Organisation,
    ServiceHours,
    Township,
    Volunteer,
    VolunteerTeam,
)
from miaoli_kaohsiung.lib import clock

NO_HOURS = Decimal(0)
_AWARDS = Path(communities.__file__).parent / "data" / "volunteer_awards.csv"
# So many days before the insurance of a team ends its association is reminded.
INSURANCE_DAYS = (30, 7)


@dataclass(frozen=True)
class Award:
    """An honour that hours of service reach: `hours` in all, `years` of service, from a day on, with its source in law."""

    name: str
    hours: int
    years: int
    starts_on: dt.date
    source: str


@dataclass(frozen=True)
class Reached:
    """What somebody's hours reach: the highest honours, the next one and the hours that are missing for it."""

    awards: tuple[Award, ...]
    following: Award | None
    missing: Decimal


@cache
def awards() -> tuple[Award, ...]:
    """Return the honours of the file, the smallest first."""
    with _AWARDS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Award(row["name"], int(row["hours"]), int(row["years"]), dt.date.fromisoformat(row["from"]), row["source"])
            for row in csv.DictReader(file)
        )


def reached(hours: Decimal, since: dt.date | None) -> Reached:
    """Return the honours that so many hours reach for somebody who serves since that day."""
    today = clock.today()
    in_force = [award for award in awards() if award.starts_on <= today]
    met = tuple(award for award in in_force if hours >= award.hours and _years(since, today) >= award.years)
    following = next((award for award in in_force if hours < award.hours), None)
    return Reached(met, following, following.hours - hours if following else NO_HOURS)


def _years(since: dt.date | None, today: dt.date) -> int:
    if since is None:
        return 0
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def in_service(on: dt.date | None = None) -> Q:
    """Return a filter for volunteers who are in their team on a day."""
    day = on or clock.today()
    return Q(joined_on__lte=day) & (Q(left_on=None) | Q(left_on__gte=day))


def teams_of(organisation: Organisation) -> QuerySet[Any]:
    """Return its teams that still serve, each with the number of `people` in it."""
    today = clock.today()
    there = Q(volunteers__joined_on__lte=today) & (Q(volunteers__left_on=None) | Q(volunteers__left_on__gte=today))
    rows = VolunteerTeam.objects.filter(organisation=organisation, ended_on=None)
    return rows.annotate(people=Count("volunteers", filter=there))


def volunteers_of(team: VolunteerTeam) -> QuerySet[Any]:
    """Return the people of a team, those who left last, with their `total` hours in it."""
    hours = ServiceHours.objects.filter(volunteer=OuterRef("pk")).order_by().values("volunteer")
    rows = Volunteer.objects.filter(team=team).select_related("person")
    rows = rows.annotate(total=F("hours_before") + Coalesce(Subquery(hours.values(n=Sum("hours"))), NO_HOURS))
    return rows.order_by(F("left_on").desc(nulls_first=True), "person__name", "pk")


def month_of(team: VolunteerTeam, month: dt.date) -> QuerySet[Any]:
    """Return who served in a month, with the hours of the `door` and those `written` for the whole month, None if none
    were.
    """
    following = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    mine = ServiceHours.objects.filter(volunteer=OuterRef("pk"), day__gte=month, day__lt=following)
    visits = mine.filter(way=HoursWay.DOOR).order_by().values("volunteer").values(n=Sum("hours"))
    rows = Volunteer.objects.filter(team=team, joined_on__lt=following).exclude(left_on__lt=month)
    return (
        rows.select_related("person")
        .annotate(
            door=Coalesce(Subquery(visits), NO_HOURS),
            written=Subquery(mine.filter(way=HoursWay.MONTH).values("hours")[:1]),
        )
        .order_by("person__name", "pk")
    )


def people_with_hours(organisation: Organisation) -> list[Any]:
    """Return its people who volunteer or did, with `served` hours in all teams, `learned` hours of courses, `since` and
    `.reached`.
    """
    served = ServiceHours.objects.filter(volunteer__person=OuterRef("pk")).order_by().values("volunteer__person")
    before = Volunteer.objects.filter(person=OuterRef("pk")).order_by().values("person")
    learned = Enrolment.objects.filter(person=OuterRef("pk"), status=EnrolmentStatus.ATTENDED).order_by()
    rows = organisation.people.filter(volunteering__isnull=False).distinct().annotate(
        served=Coalesce(Subquery(served.values(n=Sum("hours"))), NO_HOURS)
        + Coalesce(Subquery(before.values(n=Sum("hours_before"))), NO_HOURS),
        learned=Coalesce(Subquery(learned.values("person").values(n=Sum("course__hours"))), NO_HOURS),
        since=Subquery(before.values(n=Min("joined_on"))),
    )  # fmt: skip
    people = list(rows.order_by("-served", "name", "pk"))
    for person in people:
        person.reached = reached(person.served, person.since)  # type: ignore[attr-defined]  # for its row on the page
    return people


def _sum(rows: QuerySet[Any], group: str, what: Any) -> Any:
    return Coalesce(Subquery(rows.order_by().values(group).values(n=what)), 0)


def _hours(rows: QuerySet[Any], group: str) -> Any:
    sums = Subquery(rows.order_by().values(group).values(n=Sum("hours")), output_field=DecimalField())
    return Coalesce(sums, NO_HOURS)


def with_service(rows: QuerySet[Organisation], year: int) -> QuerySet[Any]:
    """Add of each association its `teams`, its `volunteers` of today, their `service_hours` of a year (AD) and the teams
    that are `uninsured` today.
    """
    own = {"team__organisation": OuterRef("pk")}
    teams = VolunteerTeam.objects.filter(organisation=OuterRef("pk"), ended_on=None)
    served = ServiceHours.objects.filter(volunteer__team__organisation=OuterRef("pk"), day__year=year)
    insured = Q(insured_from__lte=clock.today(), insured_until__gte=clock.today())
    return rows.annotate(
        teams=_sum(teams, "organisation", Count("pk")),
        volunteers=_sum(
            Volunteer.objects.filter(in_service(), **own), "team__organisation", Count("person", distinct=True)
        ),
        service_hours=_hours(served, "volunteer__team__organisation"),
        uninsured=_sum(teams.exclude(insured), "organisation", Count("pk")),
    )


def by_township(counties: Iterable[str], codes: set[str] | None, year: int) -> QuerySet[Any]:
    """Return the townships with the same figures, and how many `bodies` have volunteers."""
    rows = Township.objects.filter(county__in=list(counties))
    rows = rows if codes is None else rows.filter(pk__in=codes)
    place = "team__organisation__township"
    here = Volunteer.objects.filter(in_service(), **{place: OuterRef("pk")})
    here = here.exclude(team__organisation__status=OrganisationStatus.DISSOLVED)
    served = ServiceHours.objects.filter(**{f"volunteer__{place}": OuterRef("pk")}, day__year=year)
    return rows.annotate(
        bodies=_sum(here, place, Count("team__organisation", distinct=True)),
        volunteers=_sum(here, place, Count("person", distinct=True)),
        service_hours=_hours(served, f"volunteer__{place}"),
    )


def insurance_ending(day: dt.date) -> list[tuple[VolunteerTeam, dt.date]]:
    """Return the teams that still serve whose insurance ends soon, or ended some days ago, each with the last day on which
    it was to be called to mind.
    """
    first, *_others = INSURANCE_DAYS
    span = dt.timedelta(days=first)
    rows = VolunteerTeam.objects.filter(ended_on=None, insured_until__range=(day - span, day + span))
    rows = rows.exclude(organisation__status=OrganisationStatus.DISSOLVED)
    found = []
    for team in rows.select_related("organisation").order_by("pk"):
        assert team.insured_until is not None, "asked for by this day"
        stages = [team.insured_until - dt.timedelta(days=days) for days in INSURANCE_DAYS]
        found.append((team, max(stage for stage in stages if stage <= day)))
    return found


def free_people(team: VolunteerTeam) -> QuerySet[AssociationPerson]:
    """Return the association's known people who are not in the team."""
    return team.organisation.people.exclude(volunteering__team=team).order_by("name", "pk")
