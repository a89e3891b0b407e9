"""Reads of duties: those a person may see, the open ones, those of an award, of an association, of a county's year."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities.enums import OrganisationStatus, Tier
from communities.queries import lapsed_posts
from grants.duty_kinds import OCCASIONS
from grants.enums import RUNNING, EntryStage
from grants.models import Award, Duty, DutyEntry
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, PAPER_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.roc_date import roc_year

from . import scope

# The ladder on which an association climbs from year to year; the special prize stands beside it.
LADDER = (DutyEntry.Grade.THIRD, DutyEntry.Grade.SECOND, DutyEntry.Grade.FIRST, DutyEntry.Grade.GOLD)
# Tax is withheld for a year, whether or not the award is closed by its end (K7.4c).
OUTLIVES = ("withholding",)
# So many duties the page of an award shows.
SHOWN = 6


def visible(user: User) -> QuerySet[Duty]:
    """Return an association's own duties and its county's occasions, the township's, or the county's for its staff and
    auditor.
    """
    seen = own = Q(pk__in=[])
    for post in [*posts_of(user), *lapsed_posts(user)]:
        if post.role == Role.MEMBER:
            mine = Q(application__organisation_id=post.organisation_id) | Q(organisation_id=post.organisation_id)
            own |= mine | (Q(county=post.county, key__in=OCCASIONS) & ~Q(title=""))
        elif post.role == Role.TOWNSHIP_OFFICER:
            place = {"organisation__township_id": post.township_code, "organisation__county": post.county}
            seen |= Q(**place) | Q(application__township_code=post.township_code, county=post.county)
        elif post.role in COUNTY_READERS:
            seen |= Q(county=post.county)
    rows = Duty.objects.filter(own | seen & scope.apart(user, "application"))
    return rows.select_related("application__organisation", "application__scheme", "award", "organisation")


def listed(user: User) -> QuerySet[Duty]:
    """Return what the list of duties shows: the associations' yearly duties only to the associations themselves,
    occasions only to the county, whose work they are.
    """
    posts = posts_of(user)
    own = [post.organisation_id for post in posts if post.role == Role.MEMBER]
    counties = [post.county for post in posts if post.role in COUNTY_READERS]
    rows = visible(user).filter(Q(organisation__isnull=True) | Q(organisation_id__in=own))
    return rows.exclude(Q(key__in=OCCASIONS) & ~Q(county__in=counties))


def as_listed(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return the duties with what a list shows besides: `body`, the name of the association, and `place`, the code of
    its township.
    """
    body = Coalesce("application__organisation__name", "organisation__name", Value(""))
    place = Coalesce("application__township_code", "organisation__township", Value(""), output_field=CharField())
    return rows.annotate(body=body, place=place)


def has_occasions(user: User) -> bool:
    """Return whether the user's county has selections, courses and visits that the user may see; townships may not."""
    counties = [post.county for post in posts_of(user) if post.role in PAPER_READERS]
    return Duty.objects.filter(county__in=counties, key__in=OCCASIONS).exists()


def still_owed(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return duties without those that nobody will do any more, because the association was dissolved."""
    return rows.exclude(done_on=None, organisation__status=OrganisationStatus.DISSOLVED)


def waiting(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return duties that are not done and whose award or association is not over."""
    alive = Q(award__isnull=True) | Q(award__status__in=RUNNING) | Q(key__in=OUTLIVES)
    dissolved = Q(organisation__status=OrganisationStatus.DISSOLVED)
    return rows.filter(alive & (Q(organisation__isnull=True) | ~dissolved), done_on__isnull=True)


def waiting_of(award: Award) -> list[Duty]:
    """Return of an award's duties that wait those that are due first, as many as its page shows."""
    return _OF_AWARD(award=award.pk)


_OF_AWARD = Prepared(lambda award: waiting(Duty.objects.filter(award=award))[:SHOWN])


def of_associations(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return the yearly duties of each association: visits, meetings, election, accounts."""
    return rows.filter(organisation__isnull=False).order_by("due_on", "organisation__township__position", "pk")


def in_state(rows: QuerySet[Duty], state: str) -> QuerySet[Duty]:
    """Return duties that are open, late, unchecked (recorded by the association, not yet checked by the county) or done."""
    if state == "unchecked":
        return rows.filter(done_on__isnull=False, checked_on__isnull=True)
    if state == "done":
        return rows.filter(done_on__isnull=False).order_by("-done_on", "-pk")
    rows = waiting(rows)
    return rows.filter(due_on__lt=clock.today()) if state == "late" else rows


def progress(rows: QuerySet[Duty], year: int) -> list[dict[str, Any]]:
    """Return by tier, the lowest last, how many duties of this year there are, how many are done, how many late; one
    query.
    """
    late = Q(done_on__isnull=True, due_on__lt=clock.today())
    counted = (
        still_owed(rows.filter(period__startswith=str(year)))
        .order_by()
        .values("organisation__current_tier")
        .annotate(
            places=Count("organisation", distinct=True),
            total=Count("pk"),
            done=Count("pk", filter=Q(done_on__isnull=False)),
            late=Count("pk", filter=late),
        )
    )
    found = {row["organisation__current_tier"]: row for row in counted}
    return [found[tier] | {"tier": label} for tier, label in (*Tier.choices, ("", _("未分級"))) if tier in found]


def occasions(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """Return selections, courses and visits with the number of associations written down for each."""
    return rows.filter(key__in=OCCASIONS).annotate(places=Count("entries__organisation", distinct=True))


def entries(duty: Duty, user: User) -> QuerySet[DutyEntry]:
    """Return what is written down about the associations at an occasion; a member reads only the own association's."""
    rows = duty.entries.select_related("organisation", "by").prefetch_related("papers__file")
    posts = posts_of(user)
    if any(post.role in COUNTY_READERS and post.county == duty.county for post in posts):
        return rows
    own = [post.member_of for post in posts if post.role == Role.MEMBER]
    return rows.filter(organisation_id__in=own)


def sums(duty: Duty) -> dict[str, int]:
    """Return the sums of what is written down at an occasion: `people` and `entries`, by the names of the record's
    figures.
    """
    counted = duty.entries.aggregate(people=Sum("people"), entries=Count("pk", filter=Q(stage=EntryStage.ENTERED)))
    return {name: number or 0 for name, number in counted.items()}


def attended(organisation_id: int) -> QuerySet[DutyEntry]:
    """Return the courses and visits that an association's people attended (M5.6, M5.7), newest first."""
    rows = DutyEntry.objects.filter(organisation_id=organisation_id, stage=EntryStage.ATTENDED)
    return rows.select_related("duty").order_by("-on", "-pk")


@dataclass(frozen=True)
class Step:
    """What an association reached in the national selection of a year; `climbs` if it is above all earlier ones."""

    year: int
    grade: str
    climbs: bool

    @property
    def roc_year(self) -> int:
        return roc_year(self.year)

    @property
    def label(self) -> str:
        return str(DutyEntry.Grade(self.grade).label)


def ladder_of(organisation_id: int) -> list[Step]:
    """Return the results of an association in the national selections (M5.2), the oldest first."""
    rows = DutyEntry.objects.filter(organisation_id=organisation_id, stage=EntryStage.RESULT).exclude(grade="")
    steps: list[Step] = []
    best = -1
    for period, grade in rows.order_by("duty__period", "pk").values_list("duty__period", "grade"):
        place = LADDER.index(DutyEntry.Grade(grade)) if grade in LADDER else -1
        steps.append(Step(int(period[:4]), grade, place > best))
        best = max(best, place)
    return steps


def next_step(steps: list[Step]) -> str:
    """Return the grade above the best one so far; "" at the top."""
    best = max((LADDER.index(DutyEntry.Grade(step.grade)) for step in steps if step.grade in LADDER), default=-1)
    return str(LADDER[best + 1].label) if best + 1 < len(LADDER) else ""
