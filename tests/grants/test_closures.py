"""停班停課: what ends on a closed day moves to the next workday, once, with notice and trail; a wrong entry is taken back."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.enums import DeadlineKind
from grants.models import Closure, CorrectionRequest, Deadline, DueMove, Duty, ReviewAssignment, Settlement
from grants.services import daily
from grants.services.applications import correction_requests
from grants.services.calendar import closures
from grants.services.calendar.closures import Declared
from grants.services.letters import terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, township

pytestmark = pytest.mark.django_db

# 99年6月1日 is a Tuesday and the portal's today.
TUESDAY, WEDNESDAY, THURSDAY = (dt.date(2010, 6, day) for day in (1, 2, 3))
FRIDAY, SATURDAY, MONDAY = (dt.date(2010, 6, day) for day in (4, 5, 7))
JIAXIAN = "64000330"


@pytest.fixture
def staff():
    return money.county()


def declare(user, on=TUESDAY, *townships, county="kaohsiung"):
    return closures.declare(user, Declared(county, on, townships, "凡那比颱風"))


def due(award, on=TUESDAY):
    """Make the award's account due on a day; return the deadline."""
    return Deadline.objects.create(
        kind=DeadlineKind.SETTLEMENT, application=award.application, award=award, subject_key=f"award:{award.number}",
        clause="K7.2a", due_on=on, opened_on=on - dt.timedelta(days=30),
    )  # fmt: skip


def day_of(row):
    row.refresh_from_db()
    return row.due_on


def refusal(act, *args):
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reason


class TestDeclaring:
    def test_everything_that_ends_on_the_day_moves_and_nothing_else(self, staff):
        award = money.approved(staff=staff, settlement_due=TUESDAY, receipt_due=WEDNESDAY)
        other = due(money.approved(staff=money.county("miaoli"), organisation=OrganisationFactory(county="miaoli")))
        member = money.member(award)
        term = Deadline.objects.create(
            kind=DeadlineKind.TERM_EXPIRY, subject_key="term:1", clause="x", due_on=TUESDAY, opened_on=TUESDAY
        )
        closure, moves = declare(staff.officer)
        settlement = Deadline.objects.get(award=award, kind=DeadlineKind.SETTLEMENT)
        assert [(move.deadline, move.due_before, move.due_after) for move in moves] == [
            (settlement, TUESDAY, WEDNESDAY)
        ]
        assert (day_of(settlement), day_of(other), day_of(term)) == (WEDNESDAY, TUESDAY, TUESDAY)
        entry = AuditEntry.objects.get(action="calendar.move")
        assert (entry.case, entry.before, entry.after["due_on"]) == (
            award.number,
            {"due_on": "2010-06-01"},
            "2010-06-02",
        )
        assert "凡那比颱風" in entry.after["reason"]
        said = Notice.objects.get(recipient=member, kind="application.due_moved")
        assert "99年6月1日全縣停止上班（凡那比颱風），原來 99年6月1日的結報期限改到 99年6月2日。" in said.body
        head = Notice.objects.get(recipient=staff.head, kind="closure.declared")
        assert head.url == reverse("grants:closure", args=[closure.pk])
        assert not Notice.objects.filter(recipient=staff.officer, kind="closure.declared").exists()

    def test_pressed_twice_nothing_changes(self, staff):
        money.approved(staff=staff, settlement_due=TUESDAY)
        first, moves = declare(staff.officer)
        entries, notices = AuditEntry.objects.count(), Notice.objects.count()
        assert declare(staff.head) == (first, [])
        assert declare(staff.head, TUESDAY, QISHAN) == (first, [])
        assert (Closure.objects.count(), DueMove.objects.count(), len(moves)) == (1, 1, 1)
        assert (AuditEntry.objects.count(), Notice.objects.count()) == (entries, notices)

    def test_some_townships_first_the_whole_county_afterwards(self, staff):
        township(JIAXIAN, "甲仙鄉", postal_code="847")
        here = due(money.approved(staff=staff))
        there = due(money.approved(staff=staff, organisation=OrganisationFactory(township_id=JIAXIAN)))
        there.application.township_code = JIAXIAN
        there.application.save()
        declare(staff.officer, TUESDAY, JIAXIAN)
        assert (day_of(here), day_of(there)) == (TUESDAY, WEDNESDAY)
        office = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)
        _closure, moves = declare(staff.officer)
        assert (day_of(here), day_of(there), len(moves)) == (WEDNESDAY, WEDNESDAY, 1)
        assert "1 個期限" in Notice.objects.get(recipient=office).body

    def test_a_correction_moves_wherever_its_day_stands(self):
        people = reviews.staff()
        case = reviews.received(people)
        asked = CorrectionRequest.objects.create(
            application=case, version=case.versions.last(), items="補章", days=10, due_on=TUESDAY,
            requested_by=people.officer, requested_on=TUESDAY,
        )  # fmt: skip
        case.correction_due_on = TUESDAY
        case.save()
        correction_requests._run(asked, TUESDAY)
        declare(people.officer)
        case.refresh_from_db()
        assert (day_of(asked), case.correction_due_on, day_of(Deadline.objects.get())) == (WEDNESDAY,) * 3

    def test_duties_and_reviews_move_but_no_meeting(self):
        people = reviews.staff()
        case = reviews.received(people)
        review = ReviewAssignment.objects.create(
            application=case, reviewer=people.reviewer, assigned_by=people.officer, assigned_on=TUESDAY, due_on=TUESDAY
        )
        duty, meeting = (
            Duty.objects.create(
                key=key, clause="x", county="kaohsiung", application=case, period="1", due_on=TUESDAY, opened_on=TUESDAY
            )
            for key in ("statistics_report", "presentation")
        )
        declare(people.officer)
        assert (day_of(review), day_of(duty), day_of(meeting)) == (WEDNESDAY, WEDNESDAY, TUESDAY)
        assert Notice.objects.filter(recipient=people.reviewer, kind="application.review_moved").exists()

    def test_what_was_done_on_the_next_day_was_in_time(self, staff):
        """Declared a day late: the account of the day after the storm was not late."""
        award = money.approved(staff=staff, ends_on=dt.date(2010, 4, 30))
        row = due(award)
        Deadline.objects.filter(pk=row.pk).update(done_on=WEDNESDAY)
        Settlement.objects.create(award=award, submitted_on=WEDNESDAY, status="submitted", late=True)
        with clock.travel(THURSDAY):
            declare(staff.officer)
        assert (day_of(row), Settlement.objects.get().late) == (WEDNESDAY, False)

    def test_what_was_done_in_time_stays(self, staff):
        row = due(money.approved(staff=staff))
        Deadline.objects.filter(pk=row.pk).update(done_on=TUESDAY)
        assert declare(staff.officer)[1] == []
        assert day_of(row) == TUESDAY

    @pytest.mark.parametrize(
        ("on", "words"),
        [
            (THURSDAY, "只能登錄 99年4月2日 到 99年6月2日 的停班停課。"),
            (dt.date(2010, 4, 1), "只能登錄 99年4月2日 到 99年6月2日 的停班停課。"),
            (dt.date(2010, 5, 30), "99年5月30日本來就不上班，沒有期限在這一天結束。"),
        ],
    )
    def test_days_that_cannot_be_declared(self, staff, on, words):
        assert refusal(declare, staff.officer, on) == words
        assert not Closure.objects.exists()

    def test_only_the_countys_own_officers_and_approvers(self, staff):
        words = "停班停課由本縣的承辦人或主管登錄。"
        for user in (person(Role.CASE_OFFICER, "miaoli"), staff.finance, person(Role.ADMINISTRATOR)):
            assert refusal(declare, user) == words
        assert refusal(declare, staff.officer, TUESDAY, "10005010") == "本縣沒有這些鄉鎮市：10005010。"

    def test_what_is_counted_afterwards_ends_later_too(self, staff):
        award = money.approved(staff=staff)
        law = terms.ruleset_for(award.application.scheme, TUESDAY)
        start = dt.date(2010, 4, 29)  # three days for the post and thirty for the receipt
        assert terms.receipt_due(start, law, award.application) == TUESDAY
        declare(staff.officer)
        assert terms.receipt_due(start, law, award.application) == WEDNESDAY

    def test_a_window_that_would_close_on_the_day_stays_open(self, staff):
        scheme = money.approved(staff=staff).application.scheme
        scheme.closes_on = TUESDAY
        assert [scheme.window_on(day) is not None for day in (TUESDAY, WEDNESDAY)] == [True, False]
        declare(staff.officer)
        assert [scheme.window_on(day) is not None for day in (WEDNESDAY, THURSDAY)] == [True, False]
        assert scheme.closed_after(THURSDAY) == WEDNESDAY

    def test_the_daily_run_moves_what_was_counted_at_the_same_moment(self, staff):
        declare(staff.officer)
        row = due(money.approved(staff=staff))
        assert daily.run(WEDNESDAY)["closures"] == 1
        assert day_of(row) == WEDNESDAY


class TestTakingBack:
    def test_everything_moves_back_and_everybody_is_notified(self, staff):
        award = money.approved(staff=staff, settlement_due=TUESDAY)
        member = money.member(award)
        closure, _moves = declare(staff.officer)
        assert closures.take_back(staff.head, closure, "日期登錄錯誤")[1] == 1
        assert day_of(Deadline.objects.get(award=award)) == TUESDAY
        assert DueMove.objects.get().undone_on == TUESDAY
        subjects = Notice.objects.filter(recipient=member, kind="application.due_moved").order_by("pk")
        assert [row.subject.partition("：")[0] for row in subjects] == [
            "結報期限改到 99年6月2日",
            "結報期限改到 99年6月1日",
        ]
        # The first says a day that no longer holds.
        assert [row.closed_at is None for row in subjects] == [False, True]
        assert Notice.objects.filter(recipient=staff.officer, kind="closure.taken_back").exists()
        assert closures.take_back(staff.head, closure, "再一次")[1] == 0
        # Then it can be declared again.
        assert len(declare(staff.officer)[1]) == 1

    def test_what_was_done_or_set_to_another_day_meanwhile_stays(self, staff):
        done, changed, plain = (due(money.approved(staff=staff)) for _ in range(3))
        closure, _moves = declare(staff.officer)
        Deadline.objects.filter(pk=done.pk).update(done_on=TUESDAY)
        Deadline.objects.filter(pk=changed.pk).update(due_on=FRIDAY)
        assert closures.take_back(staff.officer, closure, "縣別登錄錯誤")[1] == 1
        assert [day_of(row) for row in (done, changed, plain)] == [WEDNESDAY, FRIDAY, TUESDAY]

    def test_nobody_becomes_late_by_the_countys_mistake(self, staff):
        row = due(money.approved(staff=staff))
        closure, _moves = declare(staff.officer)
        with clock.travel(WEDNESDAY):
            assert closures.take_back(staff.officer, closure, "日期登錄錯誤")[1] == 0
        assert day_of(row) == WEDNESDAY

    def test_two_days_in_a_row_and_the_first_was_wrong(self, staff):
        row = due(money.approved(staff=staff))
        first, _moves = declare(staff.officer)
        declare(staff.officer, WEDNESDAY)
        assert day_of(row) == THURSDAY
        assert closures.take_back(staff.officer, first, "第一天照常上班")[1] == 1
        assert day_of(row) == TUESDAY

    def test_a_day_in_between_was_wrong(self, staff):
        """Declared backwards: Wednesday first, so that Tuesday's deadlines jumped over it."""
        row = due(money.approved(staff=staff))
        between, _moves = declare(staff.officer, WEDNESDAY)
        declare(staff.officer)
        assert day_of(row) == THURSDAY
        assert closures.take_back(staff.officer, between, "那天照常上班")[1] == 1
        assert day_of(row) == WEDNESDAY

    def test_a_day_that_another_closure_keeps_stays_until_that_one_goes(self, staff):
        row = due(money.approved(staff=staff))
        township_only, _moves = declare(staff.officer, TUESDAY, QISHAN)
        county, _moves = declare(staff.officer)
        assert closures.take_back(staff.officer, township_only, "改為全縣")[1] == 0
        assert day_of(row) == WEDNESDAY
        assert closures.take_back(staff.officer, county, "沒有停班")[1] == 1
        assert day_of(row) == TUESDAY

    def test_another_county_takes_nothing_back(self, staff):
        closure, _moves = declare(staff.officer)
        assert refusal(closures.take_back, person(Role.APPROVER, "miaoli"), closure, "x")


class TestLooking:
    def test_a_second_person_looks_at_it_and_the_notices_end(self, staff):
        closure, _moves = declare(staff.officer)
        assert refusal(closures.look, staff.officer, closure) == "登錄的人不能自己核對，請另一位同仁核對。"
        closures.look(staff.head, closure)
        closure.refresh_from_db()
        assert (closure.seen_by, closure.seen_on) == (staff.head, TUESDAY)
        assert Notice.objects.get(recipient=staff.head, kind="closure.declared").closed_at is not None
        assert refusal(closures.look, person(Role.CASE_OFFICER), closure) == "這一筆已經核對或取消了。"
        assert refusal(closures.look, person(Role.APPROVER, "miaoli"), declare(staff.officer, WEDNESDAY)[0])
