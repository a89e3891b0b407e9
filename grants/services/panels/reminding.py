"""Reminders of reviewers: first of the declaration of interest, then of the scores, and of both to the officer once they
are late. When and in which words stands in the county's table of reminders.
"""

import datetime as dt

from django.db.models import F, QuerySet
from django.urls import reverse

from grants.enums import BEING_CHECKED
from grants.models import ReviewAssignment
from grants.queries.reminders.plans import HORIZON
from grants.services import notices
from grants.services.reminders.engine import Due, Source
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib.due_dates import days_left, reckoned
from miaoli_kaohsiung.notices.models import Notice

SERIES = "panel."
INTEREST, SCORES = "interest", "scores"


def key_of(row: ReviewAssignment) -> str:
    """Return what the reviewer has to do next about the case, as the key of its reminders."""
    what = INTEREST if row.interest == ReviewAssignment.Interest.UNANSWERED else SCORES
    return f"{what}:{row.pk}"


def example(county: str, of: str) -> Due | None:
    """Return something of the county that waits for a reviewer, the latest due, or waited once, for a preview."""
    if of not in (INTEREST, SCORES):
        return None
    rows = _related(ReviewAssignment.objects.filter(application__county=county))
    rows = rows.exclude(interest=ReviewAssignment.Interest.CONFLICT)
    row = rows.order_by(F("submitted_on").desc(nulls_first=True), "-due_on", "-pk").first()
    return _due_of(row, of) if row else None


def _waiting() -> QuerySet[ReviewAssignment]:
    rows = ReviewAssignment.objects.filter(submitted_on=None, application__status__in=BEING_CHECKED)
    return rows.exclude(interest=ReviewAssignment.Interest.CONFLICT)


def _related(rows: QuerySet[ReviewAssignment]) -> QuerySet[ReviewAssignment]:
    return rows.select_related(
        "application__organisation", "application__scheme", "application__programme", "application__officer", "reviewer"
    )


def _due(day: dt.date) -> list[Due]:
    """Return what may be due of the reviewers."""
    rows = _related(_waiting()).filter(due_on__lte=day + dt.timedelta(days=HORIZON)).order_by("pk")
    return [_due_of(row, key_of(row).partition(":")[0]) for row in rows]


def _due_of(row: ReviewAssignment, of: str) -> Due:
    case = row.application
    return Due(
        of=of,
        county=case.county,
        series=f"{SERIES}{of}.",
        key=f"{of}:{row.pk}",
        due_on=row.due_on,
        opened_on=row.assigned_on,
        values=lambda stage, day: _values(row, day),
        people=lambda who: _people(row, who),
        url=lambda who: _page(row, who),
        case_number=case.number,
    )


def _values(row: ReviewAssignment, day: dt.date) -> dict[str, str]:
    """Return what may be read before interest is declared: nothing of the plan."""
    case = row.application
    return {
        "案號": case.number,
        "單位": case.organisation.name,
        "期限": reckoned(row.due_on, case.county),
        "剩餘天數": days_left(row.due_on, day),
        "聯絡方式": notices.contact(case),
        "委員": str(row.reviewer),
    }


def _people(row: ReviewAssignment, who: str) -> list[User]:
    """Return the people; a reviewer who holds the post no more is another queue of the officer."""
    case = row.application
    if who == "reviewer":
        return [person for person in holders_of(Role.REVIEWER, county=case.county) if person.pk == row.reviewer_id]
    return holders_of(Role.APPROVER, county=case.county) if who == "approvers" else notices.officers(case)


def _page(row: ReviewAssignment, who: str) -> str:
    name = "grants:case_review" if who == "reviewer" else "grants:application_detail"
    return reverse(name, args=[row.application.number])


def _ended(current: QuerySet[Notice]) -> list[int]:
    """Return the ids of notices of what was done, or is not waited for any more, or is due on another day."""
    waiting = {(key_of(row), row.due_on) for row in _waiting()}
    asked = current.values_list("pk", "object_key", "due_on")
    return [pk for pk, key, due_on in asked if (key, due_on) not in waiting]


SOURCE = Source(SERIES, _due, _ended)
