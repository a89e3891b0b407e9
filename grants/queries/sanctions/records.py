"""An association's record from its awards: settled late or never, money still to return, decisions of 柒三."""

from dataclasses import dataclass

from communities.models import Organisation
from communities.queries import lapsed_posts
from grants.enums import RulingStatus
from grants.models import Award, Sanction
from grants.queries.applications.other_cases import late_awards
from grants.queries.payments import owing
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock


@dataclass(frozen=True)
class Record:
    """The record: `late` are awards with their `due_on`, including those never settled; `owing` awards with `due` and
    `due_on`.
    """

    late: list[Award]
    owing: list[Award]
    decisions: list[Sanction]

    def __bool__(self) -> bool:
        return bool(self.late or self.owing or self.decisions)


def record_of(organisation: Organisation, user: User) -> Record | None:
    """Return the record, in three queries. Only the county's staff, the auditor and the association itself may read it,
    the association a decision only once its letter is issued; None for everybody else.
    """
    readers = [post for post in posts_of(user) if post.role in COUNTY_READERS]
    county = any(post.county == organisation.county for post in readers)
    if not county and not _belongs(user, organisation):
        return None
    decided = Sanction.objects.filter(organisation=organisation, status=RulingStatus.CONFIRMED)
    if not county:
        decided = decided.filter(notified_on__isnull=False)
    awards = Award.objects.filter(application__organisation=organisation)
    return Record(
        list(late_awards(organisation.pk, clock.today()).select_related("settlement")),
        list(owing(awards).order_by("due_on", "pk")),
        list(decided.select_related("award", "letter__replaced_by")),
    )


def _belongs(user: User, organisation: Organisation) -> bool:
    posts = [*posts_of(user), *lapsed_posts(user)]
    return any(post.role == Role.MEMBER and post.organisation_id == organisation.pk for post in posts)
