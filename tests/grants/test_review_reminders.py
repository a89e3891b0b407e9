"""Reviewers are reminded of their interest, then of their scores; once both are late, so is the officer; done ends it."""

import datetime as dt

import pytest

from grants.models import CountyReminder, ReviewAssignment
from grants.queries.reminders.table import filed
from grants.services import daily
from grants.services.reviews import proposals, reviewers
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 6, 15)
CODES = ("governance", "feasibility", "participation", "urgency")


@pytest.fixture
def asked(people) -> ReviewAssignment:
    case = reviews.checked(people)
    (row,) = reviewers.assign(people.officer, case, [people.reviewer], due_on=DUE)
    return row


def run(*days: int) -> None:
    """The daily jobs on these days, counted from the day that is due."""
    for day in days:
        with clock.travel(DUE + dt.timedelta(days=day)):
            daily.run(clock.today())


def kinds(person, *, still: bool = False) -> list[str]:
    rows = Notice.objects.filter(recipient=person, kind__startswith="panel.").order_by("id")
    return [row.kind.removeprefix("panel.") for row in (rows.filter(closed_at=None) if still else rows)]


def test_first_of_the_interest_and_then_of_the_scores(people, asked):
    run(-8, -7, -6)
    assert kinds(people.reviewer) == ["interest.asked.before-7"]
    body = Notice.objects.get(kind__startswith="panel.").body
    assert asked.application.organisation.name in body
    assert asked.application.title not in body, "nothing of the plan before interest is declared"
    reviewers.declare(people.reviewer, asked, "none")
    assert kinds(people.reviewer, still=True) == []
    run(-3, 0)
    assert kinds(people.reviewer)[1:] == ["scores.asked.before-3", "scores.asked.day"]
    assert kinds(people.officer) == []
    run(1, 2, 8)
    assert kinds(people.reviewer, still=True) == ["scores.late.after-8"]
    assert kinds(people.officer, still=True) == ["scores.office.after-1"]
    reviewers.score(people.reviewer, asked, dict.fromkeys(CODES, (80, "如上")), "可行")
    assert kinds(people.reviewer, still=True) == kinds(people.officer, still=True) == []
    run(15)
    assert len(kinds(people.reviewer)) == 5


def test_who_declared_nothing_and_a_conflict_that_ends_it(people, asked):
    run(1)
    assert (kinds(people.reviewer), kinds(people.officer)) == (["interest.late.after-1"], ["interest.office.after-1"])
    reviewers.declare(people.reviewer, asked, "conflict", "會員")
    assert kinds(people.reviewer, still=True) == kinds(people.officer, still=True) == []
    run(8)
    assert kinds(people.reviewer) == ["interest.late.after-1"]


def test_a_case_that_is_proposed_waits_for_nobody(people, asked):
    run(1)
    case = asked.application
    case.refresh_from_db()
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    run(2)
    assert kinds(people.reviewer, still=True) == kinds(people.officer, still=True) == []


def test_a_county_writes_its_own_row(people, asked):
    values = filed()["interest.asked"].values() | {"days": [-10], "subject": "【委員】請看【單位】"}
    CountyReminder.objects.create(county="kaohsiung", code="interest.asked", starts_on=dt.date(2010, 6, 1), **values)
    run(-10, -7)
    (notice,) = Notice.objects.filter(kind__startswith="panel.interest")
    assert notice.subject == f"{people.reviewer}請看{asked.application.organisation.name}"
