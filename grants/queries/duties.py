"""Reads of duties: those a person may see, those that wait, those of an award."""

from django.db.models import Q, QuerySet

from grants.enums import AwardStatus
from grants.models import Duty
from miaoli_kaohsiung.accounts.enums import COUNTY_STAFF, Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

RUNNING = (AwardStatus.ACTIVE, AwardStatus.COMPLETED)
# Tax is withheld for the year, whether or not the award is closed by its end (K7.4c).
OUTLIVES = ("withholding",)


def visible(user: User) -> QuerySet[Duty]:
    """The association's own, and the county's for its staff and auditor."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role == Role.MEMBER:
            seen |= Q(application__organisation_id=post.organisation_id)
        elif post.role in (*COUNTY_STAFF, Role.AUDITOR):
            seen |= Q(county=post.county)
    return Duty.objects.filter(seen).select_related("application__organisation", "application__scheme", "award")


def waiting(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Not done, and not of an award that is over."""
    alive = Q(award__isnull=True) | Q(award__status__in=RUNNING) | Q(key__in=OUTLIVES)
    return rows.filter(alive, done_on__isnull=True)
