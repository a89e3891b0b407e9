"""What a person may see. Every read of a case starts here, so that another tenant's case is not found (404)."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from communities.queries import lapsed_posts
from grants.models import (
    Amendment,
    Application,
    Award,
    Conflict,
    Debt,
    Duty,
    Instalment,
    Letter,
    RecordCorrection,
    Sanction,
    Settlement,
    Waiver,
)
from grants.models.applications.cases import FILED
from grants.models.reviews import ReviewAssignment
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import ever_held, posts_in_view, posts_of

NOTHING = Q(pk__in=[])
# An empty Q() would vanish in an "or" with NOTHING.
EVERYTHING = ~NOTHING


def apart(user: User, path: str = "pk") -> Q:
    """Return a filter that leaves out what belongs to cases in which the person has an interest (`Conflict`); `path`
    leads from the row to the case. Whatever an association's own people see stands beside it.
    """
    return _apart_from(user.pk, path) if ever_held(user, Role.REVIEWER) else EVERYTHING


def _apart_from(person: Any, path: str) -> Q:
    return ~Q(Exists(Conflict.holding.filter(person=person, application=OuterRef(path))))


# Where the desk's rows have their case.
_CASES: dict[type, str] = {
    Amendment: "award__application",
    Application: "pk",
    Award: "application",
    Debt: "award__application",
    Duty: "application",
    Instalment: "award__application",
    Letter: "application",
    RecordCorrection: "award__application",
    ReviewAssignment: "application",
    Sanction: "award__application",
    Settlement: "award__application",
    Waiver: "application",
}


def without_conflicts(user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows of a queue without those of cases in which the person has an interest."""
    path = _CASES.get(rows.model)
    return rows.filter(apart(user, path)) if path and ever_held(user, Role.REVIEWER) else rows


def cases(user: User, *, in_view: bool = False) -> QuerySet[Application]:
    """Return the applications that the user may see; until they are filed, drafts are the association's alone.

    `in_view` leaves out, here and below, what only a post other than the present one sees (accounts.queries).
    """
    reach = reach_of(user, posts_in_view(user) if in_view else posts_of(user))
    return Application.objects.filter(reached(user.pk, reach.reviews, reach.compared, *reach.places))


class Reach(NamedTuple):
    """Which applications somebody sees: those filed in counties and townships, those of organisations, and those that they
    are asked to review; `compared` with applicants are people who ever were reviewers.
    """

    reviews: bool
    compared: bool
    counties: tuple[str, ...]
    townships: tuple[str, ...]
    organisations: tuple[int | None, ...]

    @property
    def places(self) -> tuple[tuple[Any, ...], ...]:
        return self.counties, self.townships, self.organisations


def as_values(user: User, places: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    """Return the person and the places of a reach as the values of a prepared statement."""
    counties, townships, organisations = places
    return {"person": user.pk, "counties": counties, "townships": townships, "organisations": organisations}


def reach_of(user: User, posts: Sequence[Post]) -> Reach:
    return Reach(
        any(post.role == Role.REVIEWER for post in posts),
        ever_held(user, Role.REVIEWER),
        tuple(post.county for post in posts if post.role in COUNTY_READERS),
        tuple(post.township_code for post in posts if post.role == Role.TOWNSHIP_OFFICER),
        tuple(post.organisation_id for post in _members(user, posts)),
    )


def reached(
    person: Any,
    reviews: bool,
    compared: bool,
    counties: Collection[Any],
    townships: Collection[Any],
    organisations: Collection[Any],
) -> Q:
    """Return the filter of the applications within a reach; values, or what stands for them in a prepared statement."""
    seen = NOTHING
    if counties:
        seen |= Q(county__in=counties) & FILED
    if townships:
        seen |= Q(township_code__in=townships) & FILED
    if reviews:
        mine = ReviewAssignment.objects.filter(reviewer=person).exclude(interest=ReviewAssignment.Interest.CONFLICT)
        seen |= Q(pk__in=mine.values("application_id"))
    if compared:
        seen &= _apart_from(person, "pk")
    if organisations:
        # By the key: a lookup of the relation takes values alone.
        seen |= Q(organisation__pk__in=organisations)
    return seen


def _members(user: User, posts: Sequence[Post]) -> list[Post]:
    """Return those of the posts by which the user may read an association's cases, including a chairperson whose term
    is over, as long as nobody was elected.
    """
    return [*(post for post in posts if post.role == Role.MEMBER), *lapsed_posts(user)]


def awards(user: User, *, in_view: bool = False) -> QuerySet[Award]:
    """Return the awards of the cases that the user may see; reviewers see no money."""
    return Award.objects.filter(_of_awards(user, "", in_view=in_view))


def instalments(user: User, *, in_view: bool = False) -> QuerySet[Instalment]:
    return Instalment.objects.filter(_of_awards(user, "award__", in_view=in_view))


def settlements(user: User, *, in_view: bool = False) -> QuerySet[Settlement]:
    return Settlement.objects.filter(_of_awards(user, "award__", in_view=in_view))


def debts(user: User, *, in_view: bool = False) -> QuerySet[Debt]:
    return Debt.objects.filter(_of_awards(user, "award__", in_view=in_view))


def _of_awards(user: User, award: str, *, in_view: bool) -> Q:
    """Return the filter of awards, or of rows that have the award's county themselves and lead to it by `award`."""
    reach = reach_of(user, posts_in_view(user) if in_view else posts_of(user))
    return awards_reached(user.pk, reach.compared, *reach.places, award=award)


def awards_reached(
    person: Any,
    compared: bool,
    counties: Collection[Any],
    townships: Collection[Any],
    organisations: Collection[Any],
    *,
    award: str = "",
) -> Q:
    """Return the filter of the awards within a reach, as `reached` that of the applications."""
    seen = NOTHING
    if townships:
        seen |= Q(**{f"{award}application__township_code__in": townships})
    if counties:
        seen |= Q(county__in=counties)
    if compared:
        seen &= _apart_from(person, f"{award}application")
    if organisations:
        seen |= Q(**{f"{award}application__organisation__pk__in": organisations})
    return seen


def letters(user: User, *, in_view: bool = False) -> QuerySet[Letter]:
    """Return the letters: the county's for county people and administrators (who print them), issued ones for members
    and townships.
    """
    posts = posts_in_view(user) if in_view else posts_of(user)
    reach = reach_of(user, posts)
    return Letter.objects.filter(
        letters_reached(user.pk, prints_all(posts), reach.compared, *printed_too(reach, posts))
    )


def prints_all(posts: Sequence[Post]) -> bool:
    """Return whether an administrator of no county in particular is among the posts."""
    return any(post.role == Role.ADMINISTRATOR and not post.county for post in posts)


def printed_too(reach: Reach, posts: Sequence[Post]) -> tuple[tuple[Any, ...], ...]:
    """Return the places of the reach with the counties whose letters an administrator prints."""
    printed = [post.county for post in posts if post.role == Role.ADMINISTRATOR and post.county]
    return tuple(dict.fromkeys([*reach.counties, *printed])), reach.townships, reach.organisations


def letters_reached(
    person: Any,
    everything: bool,
    compared: bool,
    counties: Collection[Any],
    townships: Collection[Any],
    organisations: Collection[Any],
) -> Q:
    """Return the filter of the letters within a reach, as `reached` that of the applications."""
    seen, issued = NOTHING, ~Q(dispatch_number="")
    if townships:
        seen |= (Q(application__township_code__in=townships) | Q(organisation__township__pk__in=townships)) & issued
    if counties:
        seen |= Q(county__in=counties)
    if everything:
        seen |= EVERYTHING
    if compared:
        seen &= _apart_from(person, "application")
    if organisations:
        seen |= (Q(application__organisation__pk__in=organisations) | Q(organisation__pk__in=organisations)) & issued
    return seen
