"""Reads of alliances: whose they are, who is in them, what was learned, and the picture of the network."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from communities import places
from communities.enums import (
    OPEN_ALLIANCES,
    PUBLIC_ALLIANCES,
    AllianceStatus,
    MembershipStatus,
    OrganisationKind,
    OrganisationStatus,
)
from communities.models import Alliance, AllianceMember, LearningEntry, MentorVisit, Organisation
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock

from . import township_name

AGREED = Q(members__status=MembershipStatus.AGREED)


@dataclass(frozen=True)
class Candidates:
    """Associations of one township that may be asked to join."""

    township: str
    rows: list[Organisation]


def seen_by(user: User) -> QuerySet[Alliance]:
    """Return the alliances of the county, those with a member in the township, and those of one's own association."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role == Role.MEMBER:
            seen |= Q(members__organisation=post.organisation_id)
        elif post.role == Role.TOWNSHIP_OFFICER:
            seen |= Q(members__organisation__county=post.county, members__organisation__township=post.township_code)
        elif post.role in COUNTY_READERS:
            seen |= Q(county=post.county)
    keys = Alliance.objects.filter(seen).order_by().values("pk")
    return Alliance.objects.filter(pk__in=keys).select_related("lead")


def counted(rows: QuerySet[Alliance]) -> QuerySet[Any]:
    """Add `agreed`, how many associations are in it with the lead, `visits` and `learned`, how many entries there are."""
    return rows.annotate(
        agreed=Count("members", filter=AGREED, distinct=True),
        visits=Count("members__mentor_visits", distinct=True),
        learned=Count("members__learning", distinct=True),
    )


def public() -> QuerySet[Alliance]:
    """Return the alliances that came about, each with its `.agreed` members: names of associations and no persons."""
    rows = AllianceMember.objects.filter(status=MembershipStatus.AGREED).select_related("organisation")
    found = Alliance.objects.filter(status__in=PUBLIC_ALLIANCES).select_related("lead")
    return found.prefetch_related(Prefetch("members", rows.order_by("pk"), to_attr="agreed"))


def of_organisation(organisation: Organisation) -> QuerySet[AllianceMember]:
    """Return the association's place in each of its alliances, the newest first."""
    rows = AllianceMember.objects.filter(organisation=organisation).select_related("alliance__lead")
    return rows.order_by("-alliance__starts_on", "-alliance__pk")


def members_of(alliance: Alliance) -> list[AllianceMember]:
    """Return the associations of an alliance, the lead first, with who answered."""
    rows = AllianceMember.objects.filter(alliance=alliance).select_related("organisation__township", "answered_by")
    found = list(rows.order_by("pk"))
    for row in found:
        row.alliance = alliance
    return sorted(found, key=lambda row: row.organisation_id != alliance.lead_id)


def in_force(organisation: Organisation) -> QuerySet[Alliance]:
    """Return the alliances that the association leads today."""
    today = clock.today()
    return Alliance.objects.filter(
        lead=organisation, status=AllianceStatus.RUNNING, starts_on__lte=today, ends_on__gte=today
    )


def are_neighbours(members: list[AllianceMember]) -> bool:
    """Return whether the townships of these associations border on each other."""
    return places.hang_together({row.organisation.township_id or "" for row in members})


def candidates(lead: Organisation, alliance: Alliance | None = None) -> list[Candidates]:
    """Return the associations of the lead's township and of those around it that are not in the alliance yet."""
    home = lead.township_id or ""
    codes = {home, *places.neighbours().get(home, ())}
    rows = Organisation.objects.filter(
        county=lead.county,
        kind=OrganisationKind.COMMUNITY_ASSOCIATION,
        status=OrganisationStatus.ACTIVE,
        township_id__in=codes,
    ).exclude(pk=lead.pk)
    if alliance:
        rows = rows.exclude(alliance_memberships__alliance=alliance)
    found: dict[str, list[Organisation]] = {}
    for row in rows.order_by("township__position", "name"):
        found.setdefault(row.township_id or "", []).append(row)
    own_first = sorted(found, key=lambda code: code != home)
    return [Candidates(township_name(code), found[code]) for code in own_first]


def invited(organisation: int | None) -> QuerySet[AllianceMember]:
    """Return the invitations that wait for the association's chairperson."""
    rows = AllianceMember.objects.filter(organisation=organisation, status=MembershipStatus.INVITED)
    return rows.filter(alliance__status__in=OPEN_ALLIANCES)


def public_of(organisation: Organisation) -> QuerySet[Alliance]:
    """Return the alliances that came about with the association in them, the newest first."""
    return Alliance.objects.filter(
        status__in=PUBLIC_ALLIANCES,
        pk__in=AllianceMember.objects.filter(organisation=organisation, status=MembershipStatus.AGREED).values(
            "alliance"
        ),
    )


def visits_of(alliance: Alliance) -> QuerySet[MentorVisit]:
    """Return the visits of the coaching team, the newest first, with their photos."""
    rows = MentorVisit.objects.filter(member__alliance=alliance)
    return rows.select_related("member__organisation", "coach", "written_by").prefetch_related("photos")


def learning_of(alliance: Alliance) -> QuerySet[LearningEntry]:
    """Return what its associations learned, the newest first."""
    rows = LearningEntry.objects.filter(member__alliance=alliance)
    return rows.select_related("member__organisation", "written_by")
