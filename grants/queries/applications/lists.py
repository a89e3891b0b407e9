"""Lists of cases and what a case page shows. Every read starts from what the person may see."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from communities.models import Organisation
from communities.queries import township_name
from grants.enums import BEFORE_FILING
from grants.models import Application, Document, ReviewAssignment, Scheme
from grants.permissions import in_scope
from grants.queries import scope
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import search

PAGE_SIZE = 15
# Counting stops here: nobody needs the exact length of a list of 20,000, and counting it takes time.
COUNTED = 300


@dataclass(frozen=True)
class Page:
    """A page of rows, without counting all the rows after it."""

    rows: list[dict[str, Any]]
    number: int
    has_next: bool
    count: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def more_than_counted(self) -> bool:
        return self.count > COUNTED


def sought(cases: QuerySet[Application], typed: str) -> QuerySet[Application]:
    """Return the cases whose number, title or organisation contain every word typed."""
    if not typed.strip():
        return cases
    found = search.matching("search", typed)
    common = cases.filter(found).order_by()[: COUNTED + 1].count() > COUNTED
    return cases.filter(search.matching("search", typed, by_index=False) if common else found)


def page_of(cases: QuerySet[Application], number: int, undeclared: Collection[int] = ()) -> Page:
    """Return one page of a list, newest first, in two bounded queries. For `undeclared` cases (ids) it holds only
    number and township.
    """
    first = (number - 1) * PAGE_SIZE
    rows = list[Any](
        cases.order_by("-id").values(
            "pk",
            "number",
            "title",
            "status",
            "status_since",
            "requested_total",
            "first_filed_on",
            "organisation__name",
            "township_code",
            "programme__name",
            "award__status",
        )[first : first + PAGE_SIZE + 1]
    )
    rows = [_number_and_township(row) if row["pk"] in undeclared else row for row in rows]
    known = first + len(rows) if rows else 0
    full = number == 1 and len(rows) <= PAGE_SIZE
    count = known if full else max(known, cases.order_by()[: COUNTED + 1].count())
    return Page(rows[:PAGE_SIZE], number, len(rows) > PAGE_SIZE, count)


def _number_and_township(row: dict[str, Any]) -> dict[str, Any]:
    kept = {"number": row["number"], "organisation__name": township_name(row["township_code"]), "undeclared": True}
    return dict.fromkeys(row) | kept


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Return the organisations for which the user may file today."""
    mine = [post.member_of for post in posts_of(user) if post.role == Role.MEMBER]
    return Organisation.objects.filter(pk__in=mine)


def open_drafts(user: User) -> QuerySet[Application]:
    """Return drafts that were never filed, last changed first."""
    mine = Application.objects.filter(organisation__in=organisations_of(user), status__in=BEFORE_FILING)
    return mine.select_related("programme", "organisation").order_by("-updated_at")


def earlier_cases(user: User) -> QuerySet[Application]:
    """Return filed cases whose words and lines a new one may take over, newest first."""
    mine = Application.objects.filter(organisation__in=organisations_of(user), first_filed_on__isnull=False)
    return mine.only("number", "title", "programme_id", "organisation_id").order_by("-id")


def open_schemes(counties: set[str]) -> QuerySet[Scheme]:
    """Return the schemes of these counties with their programmes."""
    return Scheme.objects.filter(county__in=counties).prefetch_related("programmes", "terms", "rounds")


def case_of(user: User, number: str, *, whole: bool = False) -> Application | None:
    """Return the case, or None if this person may see none of that number. `whole` also reads its lines, reasons and
    documents once for a whole page; not for requests that change them.
    """
    cases = scope.cases(user).select_related("scheme", "programme", "organisation", "officer", "filed_under")
    cases = cases.defer("search")
    if whole:
        documents = Prefetch("documents", Document.objects.select_related("file"))
        cases = cases.select_related("first_review__forwarded_by")
        cases = cases.prefetch_related("lines", "justifications", documents)
    return cases.filter(number=number).first()


def only_name_shown(user: User, case: Application) -> bool:
    """Return whether only the organisation's name is shown: to a reviewer who has not declared interest yet."""
    return case.pk in undeclared_of(user)


def undeclared_of(user: User) -> set[int]:
    """Return the ids of the cases that the user is asked to review, has not declared interest in, and may see in no
    other post.
    """
    posts = posts_of(user)
    if not any(post.role == Role.REVIEWER for post in posts):
        return set()
    others = [post for post in posts if post.role != Role.REVIEWER]
    asked = ReviewAssignment.objects.filter(reviewer=user, interest=ReviewAssignment.Interest.UNANSWERED)
    return {
        row.application_id
        for row in asked.select_related("application")
        if not any(in_scope(post, row.application) for post in others)
    }
