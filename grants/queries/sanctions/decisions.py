"""Reads of 柒三: the decisions of the user's county, and those of an award."""

from typing import Any

from django.db.models import Q, QuerySet

from grants.enums import RulingStatus
from grants.models import Sanction
from grants.queries.scope import apart
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.prepared import Prepared


def visible(user: User) -> QuerySet[Sanction]:
    """Return the county's decisions, for its staff and the auditor; nobody else reads decisions that are not confirmed
    yet.
    """
    counties = [post.county for post in posts_of(user) if post.role in COUNTY_READERS]
    rows = Sanction.objects.filter(apart(user, "award__application"), county__in=counties)
    return rows.select_related(
        "award__application__organisation",
        "award__application__scheme",
        "recorded_by",
        "confirmed_by",
        "consumed_by",
        "letter__replaced_by",
    )


def of_award(award_id: int, *, drafts: bool) -> list[Sanction]:
    """Return the award's decisions; those that wait or were refused only with `drafts`."""
    return _OF_AWARD(drafts, award=award_id)


def _of_award(drafts: bool, award: Any) -> QuerySet[Sanction]:
    seen = Q(award=award) if drafts else Q(award=award, status=RulingStatus.CONFIRMED)
    return Sanction.objects.filter(seen).select_related("letter__replaced_by")


_OF_AWARD = Prepared(_of_award)
