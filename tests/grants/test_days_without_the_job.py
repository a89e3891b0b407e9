"""Ten days on which nothing ran: the one run after them leaves what ten daily runs would have left.

The same county goes through the same ten days twice, once day by day and once with a single run at their end. Deadlines,
duties, drafts and the open lines of each inbox are then compared by their natural keys. What must differ is compared too:
words count the days as they are on the day of the run, and nobody gets more mails than by daily runs, ten lines or one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from communities.enums import Office
from communities.models import OfficeTerm
from communities.services import volunteers
from communities.services.training import enrolments
from grants.enums import ApplicationStatus, DeadlineKind, LetterKind
from grants.models import Award, Deadline, Duty, Letter
from grants.services import daily, notices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditSeal
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import DIGEST, EmailState, Notice
from tests.factories.accounts import PostFactory, person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.money import approved, county, member
from tests.factories.training import announced

from .sanctioning import decided
from .test_services_daily import correction

pytestmark = pytest.mark.django_db
BEFORE = dt.date(2010, 6, 1)
LAST = dt.date(2010, 6, 11)
MAILED = (EmailState.PENDING, EmailState.SENT)
ONE = dt.timedelta(days=1)


def on(number: int) -> dt.date:
    """The day so many days after the last one before the ten."""
    return BEFORE + number * ONE


def work(first: dt.date, last: dt.date) -> None:
    day = first
    while day <= last:
        with clock.travel(day):
            assert daily.run(day) is not None
        day += ONE


@pytest.fixture(scope="module", autouse=True)
def seen(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """The county before the ten days, and what is there after them: by ten runs, by one, and by one and another day's."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.travel(BEFORE):
        found = SimpleNamespace(made=at_work())
        found.before = Notice.objects.order_by("-pk").values_list("pk", flat=True)[0]
        found.daily = after(lambda: work(on(1), LAST), found.before)
        found.once = after(lambda: work(LAST, LAST), found.before)
        yield found
        transaction.set_rollback(True)


def at_work() -> SimpleNamespace:
    """One of each that falls due, ends, begins or is found in the ten days; its last daily work was on the day before."""
    staff = county()
    made = SimpleNamespace(staff=staff, auditor=person(Role.AUDITOR))
    made.late = approved((50_000,), staff=staff, settlement_due=on(2))
    made.member = member(made.late)
    made.receipt = approved(staff=staff, receipt_due=on(2), settlement_due=dt.date(2010, 9, 30))
    member(made.receipt)
    member(Award.objects.get(pk=correction_of(staff)))
    made.barred = approved((50_000,), staff=staff)
    made.ban = decided(staff, made.barred)
    type(made.ban).objects.filter(pk=made.ban.pk).update(barred_to=on(4))
    made.barred_member = member(made.barred)
    body = OrganisationFactory()
    made.chair = chair_of(body)
    OfficeTerm.objects.filter(organisation=body, office=Office.CHAIRPERSON).update(valid_to=on(5) + 90 * ONE)
    with clock.travel(BEFORE):
        made.soon = volunteers.found_team(
            made.chair, body, name="楓香志工隊", insured_from=BEFORE, insured_until=on(6) + 7 * ONE
        )
        made.over = volunteers.found_team(made.chair, body, name="環保志工隊", insured_from=BEFORE, insured_until=on(9))
        course = announced(staff.officer, day=LAST)
        enrolments.enrol(made.chair, course, body, ["甲示範"])
        made.deputy = deputy_until(staff.officer, on(1))
        work(BEFORE, BEFORE)
        notices.about_case(made.late.application, notices.officers(made.late.application), "meanwhile", "請辦", "")
    Award.objects.filter(pk=made.receipt.pk).update(total=130_000)
    for number in range(1, 10):
        AuditSeal.objects.create(day=on(number), seq=number, hash=f"{number}0" * 32, made_at=clock.now())
    return made


def correction_of(staff: SimpleNamespace) -> int:
    """A correction that is due in the ten days, and another award; returns the key of the award."""
    asked = correction(staff, on(4))
    assert asked.application.status == ApplicationStatus.CORRECTION_REQUESTED
    late = approved((50_000,), staff=staff, settlement_due=on(-8))
    return late.pk


def deputy_until(absent: Any, last: dt.date) -> Any:
    post = absent.posts.get()
    deputy = person(Role.FINANCE_OFFICER)
    PostFactory(
        user=deputy, role=post.role, county=post.county, stands_for=post, valid_from=BEFORE - ONE, valid_to=last
    )
    return deputy


def after(run: Callable[[], None], before: int) -> SimpleNamespace:
    """What is there after the runs, which are then undone."""
    with transaction.atomic():
        run()
        fresh = Notice.objects.filter(pk__gt=before)
        found = SimpleNamespace(
            rows=rows(), lines=lines(), mails=mails(fresh), notices=list(fresh.filter(closed_at=None))
        )
        work(LAST + ONE, LAST + ONE)
        found.deadlines_of_tomorrow = rows()["deadlines"]
        transaction.set_rollback(True)
    return found


def rows() -> dict[str, list[Any]]:
    """Deadlines, duties and drafts as they are known to people, without what numbers them."""
    return {
        "deadlines": sorted(
            Deadline.objects.values_list("kind", "subject_key", "clause", "due_on", "opened_on", "done_on"), key=repr
        ),
        "duties": sorted(
            Duty.objects.values_list("key", "period", "application", "organisation", "due_on", "done_on"), key=repr
        ),
        "drafts": sorted(Letter.objects.values_list("kind", "application", "status", "context__stage"), key=repr),
    }


def lines() -> set[tuple[Any, ...]]:
    """The open lines of every inbox."""
    found = Notice.objects.filter(closed_at=None).exclude(kind=DIGEST)
    return set(found.values_list("recipient", "kind", "object_key", "due_on"))


def mails(fresh: QuerySet[Notice]) -> Counter[tuple[int, str]]:
    """How many mails each person got, by what they say."""
    return Counter(fresh.filter(email_state__in=MAILED).values_list("recipient", "kind"))


def test_deadlines_duties_and_drafts_are_those_of_ten_daily_runs(seen):
    daily_rows, one_run = seen.daily.rows, seen.once.rows
    # What the ten days brought is there at all.
    assert {(row[0], row[5]) for row in one_run["deadlines"]} >= {
        (DeadlineKind.SETTLEMENT, None),
        (DeadlineKind.RECEIPT, None),
        (DeadlineKind.CORRECTION, None),
    }
    assert [row[0] for row in one_run["drafts"]].count(LetterKind.URGING) == 1
    # Who may apply again is notified first; that deadline closes a day later, as of the day on which it was over.
    ends = [row for row in one_run["deadlines"] if row[0] == DeadlineKind.BAN_END]
    assert [(row[3], row[5]) for row in ends] == [(on(5), None)]
    closed = [(*row[:5], on(6)) if row in ends else row for row in one_run["deadlines"]]
    assert sorted(closed, key=repr) == daily_rows["deadlines"]
    assert seen.once.deadlines_of_tomorrow == seen.daily.deadlines_of_tomorrow
    assert one_run["duties"] == daily_rows["duties"]
    assert one_run["drafts"] == daily_rows["drafts"]


def test_every_inbox_has_the_lines_of_ten_daily_runs(seen):
    made, daily_lines, one_run = seen.made, seen.daily.lines, seen.once.lines
    # Of all that is there after daily runs, nothing is missing; the newest seal comes with those before it.
    assert {line[2] for line in daily_lines - one_run} == {f"seal:{on(number)}" for number in range(1, 9)}
    # More is there only of what daily runs had said, and closed again, before the last day: that a ban is over.
    assert {line[:3] for line in one_run - daily_lines} == {
        (made.barred_member.pk, "reminder.ban_end.asked.day", f"ban_end:ban:{made.ban.pk}")
    }
    assert {line[1] for line in one_run} >= {
        "reminder.settlement.late.after-8",
        "reminder.settlement.office.after-1",
        "reminder.receipt.late.after-8",
        "reminder.correction.office.after-1",
        "reminder.term_expiry.asked.before-90",
        "volunteers.insurance",
        "course.tomorrow",
        "audit.reconcile",
        "audit.seal",
    }
    # What the deputy had when the absence ended is the officer's again.
    assert (made.staff.officer.pk, "application.meanwhile") in {line[:2] for line in one_run}
    assert (made.deputy.pk, "application.meanwhile") in {line[:2] for line in one_run}


def test_words_count_the_days_of_the_day_on_which_they_are_sent(seen):
    def of(kind: str, **more: Any) -> list[Notice]:
        mine = [row for row in seen.once.notices if row.kind == kind]
        return [row for row in mine if all(getattr(row, name) == value for name, value in more.items())]

    (late,) = of("reminder.settlement.late.after-8", recipient_id=seen.made.member.pk)
    assert "已逾 8 天" in late.subject
    assert (late.due_on, late.first_on) == (on(2), LAST)
    (ends,) = of("reminder.ban_end.asked.day")
    assert "99年6月6日起可以再申請補助" in ends.body
    insured = [row.subject for row in sorted(of("volunteers.insurance"), key=lambda row: row.due_on)]
    assert insured == ["志工保險已到期：環保志工隊", "志工保險快到期：楓香志工隊"]
    assert [row.subject[:5] for row in of("course.tomorrow")] == ["今天上課："]
    (seals,) = of("audit.seal")
    assert [f"{number}0" * 32 in seals.body for number in range(1, 10)] == [True] * 9


def test_nobody_gets_ten_mails_where_one_is_enough(seen):
    auditor = (seen.made.auditor.pk, "audit.reconcile")
    assert set(seen.once.mails.values()) == {1}
    assert set(seen.once.mails) <= set(seen.daily.mails)
    assert (seen.once.mails[auditor], seen.daily.mails[auditor]) == (1, 10)
    # One mail of the day for each who got any; the alarm of the sums and a course of the same day go on their own.
    assert {kind for _person, kind in seen.once.mails} == {DIGEST, "audit.reconcile", "course.tomorrow"}
    assert sum(seen.once.mails.values()) * 2 < sum(seen.daily.mails.values())
