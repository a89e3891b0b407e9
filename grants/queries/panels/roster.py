"""A county's reviewers: what they are asked about, and how much lies with each."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, Prefetch, Q, QuerySet

from grants.enums import BEING_CHECKED
from grants.models import ReviewAssignment, ReviewerRemit
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib import clock

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ReviewerWithLoad = WithAnnotations[User, "Load"]


class Load(TypedDict):
    """The columns that `roster` adds."""

    open: int
    undeclared: int
    late: int
    scored: int
    apart: int


APART = ReviewAssignment.Interest.CONFLICT
# What a reviewer has still to do: neither scored nor apart, in a case that waits for it.
OPEN = Q(submitted_on=None, application__status__in=BEING_CHECKED) & ~Q(interest=APART)


def roster(county: str) -> "QuerySet[ReviewerWithLoad]":
    """Return the county's reviewers with their load in it: `open`, of these `undeclared` and `late`; `scored` this year,
    `apart`; `shown_remits` is their remit, if they have one.
    """
    today = clock.today()
    mine = Q(review_assignments__application__county=county)
    still = mine & Q(
        review_assignments__submitted_on=None, review_assignments__application__status__in=BEING_CHECKED
    ) & ~Q(review_assignments__interest=APART)  # fmt: skip
    undeclared = still & Q(review_assignments__interest=ReviewAssignment.Interest.UNANSWERED)
    remits = Prefetch(
        "remits", ReviewerRemit.objects.filter(county=county).prefetch_related("programmes"), to_attr="shown_remits"
    )
    people = User.objects.filter(pk__in=[person.pk for person in holders_of(Role.REVIEWER, county=county)])
    counted = people.annotate(
        open=Count("review_assignments", filter=still),
        undeclared=Count("review_assignments", filter=undeclared),
        late=Count("review_assignments", filter=still & Q(review_assignments__due_on__lt=today)),
        scored=Count("review_assignments", filter=mine & Q(review_assignments__submitted_on__year=today.year)),
        apart=Count("review_assignments", filter=mine & Q(review_assignments__interest=APART)),
    )
    return counted.prefetch_related(remits).order_by("display_name", "pk")


def remits_of(county: str) -> dict[int, ReviewerRemit]:
    """Return the remits of a county by reviewer."""
    rows = ReviewerRemit.objects.filter(county=county).prefetch_related("programmes")
    return {row.reviewer_id: row for row in rows}


def loads(county: str, people: Iterable[User]) -> dict[int, int]:
    """Return by reviewer how many cases of the county wait for them."""
    rows: Any = (
        ReviewAssignment.objects.filter(OPEN, application__county=county, reviewer__in=list(people))
        .order_by()
        .values("reviewer")
        .annotate(count=Count("pk"))
    )
    found = {row["reviewer"]: row["count"] for row in rows}
    return {person.pk: found.get(person.pk, 0) for person in people}
