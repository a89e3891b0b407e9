"""Reads of evaluations, starting from what the user may see."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities.models import Organisation
from grants.queries.standing import tell_beside_tier
from miaoli_kaohsiung.accounts.audiences import EVALUATION_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

from .enums import Dimension, RoundStatus
from .models import Entry, Round

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    ScoredEntry = WithAnnotations[Entry, "Progress"]


def rounds(user: User) -> QuerySet[Round]:
    """Return the rounds of the counties in which the user serves, newest first."""
    counties = [post.county for post in posts_of(user) if post.role in EVALUATION_STAFF]
    return Round.objects.filter(county__in=counties)


class Progress(TypedDict):
    """What `entries` annotates."""

    left: int
    points: int


def entries(round_: Round) -> "QuerySet[ScoredEntry]":
    """Return the associations of a round with `points` so far and how many indicators are `left` to score.

    In the order of names before publication, of results afterwards.
    """
    rows = round_.counted_entries().select_related("organisation")
    rows = rows.annotate(points=Coalesce(Sum("scores__points"), 0))
    if round_.status == RoundStatus.PUBLISHED:
        return rows.order_by(F("total").desc(nulls_last=True), "organisation__name")
    return rows.order_by("organisation__name")


def own_entries(user: User) -> QuerySet[Entry]:
    """Return the entries of the user's associations, newest first."""
    numbers = [post.member_of for post in posts_of(user) if post.role == Role.MEMBER]
    rows = Entry.objects.filter(organisation_id__in=numbers).select_related("organisation", "round")
    return rows.order_by("-round__year", "organisation__name")


def visible_entries(user: User) -> QuerySet[Entry]:
    """Return the entries that the user may open: those of the county's rounds and of their own associations."""
    seen = Q(round__in=rounds(user)) | Q(pk__in=own_entries(user).values("pk"))
    return Entry.objects.filter(seen).select_related("organisation", "round")


@tell_beside_tier
def why_not_evaluated(organisation: Organisation) -> list[str]:
    """Return why it was not evaluated in its newest round, if it was not."""
    newest = Entry.objects.filter(organisation=organisation).select_related("round").order_by("-round__year").first()
    if newest is None or not newest.not_evaluated:
        return []
    return [_("%(year)d年度未受評：%(why)s") % {"year": newest.round.roc_year, "why": newest.not_evaluated}]


def by_dimension(entry: Entry) -> dict[str, int]:
    """Return the points so far of 會務, 財務 and 業務."""
    sums = dict(entry.scores.order_by().values_list("indicator__dimension").annotate(Sum("points")))
    return {dimension.value: sums.get(dimension.value, 0) for dimension in Dimension}
