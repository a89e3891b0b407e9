"""Reads of rounds and their associations, starting from what the user may see."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from communities.enums import OrganisationKind, OrganisationStatus
from communities.models import Organisation
from evaluation.enums import Interest, RoundStatus
from evaluation.models import Entry, Round, Sheet
from grants.queries.standing import tell_beside_tier
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, EVALUATION_STAFF, Who, each
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.prepared import Prepared


def rounds(user: User, who: Who = EVALUATION_STAFF) -> QuerySet[Round]:
    """Return the rounds of the counties in which the user serves, newest first."""
    counties = [post.county for post in posts_of(user) if post.role in each(who)]
    return Round.objects.filter(county__in=counties)


def entries(user: User, round_: Round) -> QuerySet[Any]:
    """Return the associations of a round that the user may see, with how far their judges are."""
    rows = round_.counted_entries().filter(pk__in=visible_entries(user).values("pk"))
    return rows.select_related("organisation")


def own_entries(user: User) -> QuerySet[Entry]:
    """Return the entries of the user's associations, newest first."""
    numbers = [post.member_of for post in posts_of(user) if post.role == Role.MEMBER]
    rows = Entry.objects.filter(organisation_id__in=numbers).select_related("organisation", "round")
    return rows.order_by("-round__year", "organisation__name")


def visible_entries(user: User) -> QuerySet[Entry]:
    """Return the entries that the user may open: all of the county for its readers, for judges those assigned to them,
    and those of their own associations. An interest hides an entry in every post but the association's own.
    """
    hidden = Sheet.objects.filter(judge=user, interest=Interest.CONFLICT).values("entry")
    judged = Sheet.objects.filter(judge=user, entry__round__in=rounds(user)).values("entry")
    county_side = (Q(round__in=rounds(user, COUNTY_READERS)) | Q(pk__in=judged)) & ~Q(pk__in=hidden)
    seen = county_side | Q(pk__in=own_entries(user).values("pk"))
    return Entry.objects.filter(seen).select_related("organisation", "round")


def registered_later(round_: Round) -> QuerySet[Organisation]:
    """Return the county's active associations that are not in the round: all when it is opened, then those that were
    registered since.
    """
    rows = Organisation.objects.filter(
        county=round_.county, kind=OrganisationKind.COMMUNITY_ASSOCIATION, status=OrganisationStatus.ACTIVE
    )
    return rows.exclude(pk__in=round_.entries.values("organisation")).order_by("name", "pk")


def sees_sheets(user: User, round_: Round) -> bool:
    """Return whether the user may look into everybody's sheets: the county's people may, but for judges only once they
    have submitted their own.
    """
    if not rounds(user, COUNTY_READERS).filter(pk=round_.pk).exists():
        return False
    if round_.status != RoundStatus.SCORING:
        return True
    mine = Sheet.objects.filter(entry__round=round_, judge=user, submitted_on=None)
    return not mine.exclude(interest=Interest.CONFLICT).exists()


_NEWEST = Prepared(
    lambda body: Entry.objects.filter(organisation=body).select_related("round").order_by("-round__year")[:1]
)


@tell_beside_tier
def why_not_evaluated(organisation: Organisation) -> list[str]:
    """Return why it was not evaluated in its newest round, if it was not."""
    newest = _NEWEST.first(body=organisation.pk)
    if newest is None or not newest.not_evaluated:
        return []
    return [_("%(year)d年度未受評：%(why)s") % {"year": newest.round.roc_year, "why": newest.not_evaluated}]
