"""The call list of a township: whom to call, about what, by when; and what came of it."""

import datetime as dt

import pytest

from communities.enums import Office
from communities.models import OfficeTerm
from grants.enums import DeadlineKind
from grants.models import CallRecord, Deadline
from grants.queries.reminders.calls import calls_of
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of
from tests.factories.money import approved, county

from .pages import signed_in, text_of

pytestmark = pytest.mark.django_db
DUE = dt.date(2010, 9, 30)


@pytest.fixture
def township():
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)


@pytest.fixture
def late():
    """A settlement of an association of 旗山鎮, with a member who has an account."""
    place = OrganisationFactory(name="甲社區發展協會", phone="076612345")
    award = approved((50_000, 60_000), staff=county(), organisation=place)
    member_of(place)
    Deadline.objects.all().delete()
    row = unsaved(DeadlineKind.SETTLEMENT, award, clause="K7.2a", due_on=DUE, opened_on=dt.date(2010, 6, 1))
    row.save()
    return row


def on(user: User, days: int) -> list[str]:
    with clock.travel(DUE + dt.timedelta(days=days)):
        return [call.organisation for call in calls_of(User.objects.get(pk=user.pk))]


def test_a_late_association_is_called_from_the_rows_day_on_by_its_own_township(late, township):
    assert [len(on(township, days)) for days in (7, 8, 100)] == [0, 1, 1]
    assert on(person(Role.TOWNSHIP_OFFICER, township_code="64000330"), 8) == []
    assert on(person(Role.CASE_OFFICER), 8) == []
    Deadline.objects.update(done_on=DUE)
    assert on(township, 8) == []


def test_who_has_no_account_is_called_from_the_first_reminder_on(late, township):
    late.case.organisation.refresh_from_db()
    User.objects.filter(posts__organisation_id=late.case.organisation_id).update(is_active=False)
    assert [len(on(township, days)) for days in (-31, -7, 0, 3)] == [0, 0, 0, 1]


def post(user: User, row: Deadline, days: int, **typed):
    with clock.travel(DUE + dt.timedelta(days=days)):
        return signed_in(user).post(f"/calls/{row.pk}/", {f"{row.pk}-{name}": value for name, value in typed.items()})


def test_no_answer_stays_and_an_answer_leaves_the_list_until_the_next_turn(late, township):
    post(township, late, 8, outcome="no_answer", note="下午再打")
    with clock.travel(DUE + dt.timedelta(days=8)):
        page = text_of(signed_in(township).get("/calls/"))
    assert "下午再打" in page
    assert "076612345" in page
    assert post(township, late, 9, outcome="answered").status_code == 302
    assert [len(on(township, days)) for days in (9, 21, 22)] == [0, 0, 1]
    entries = AuditEntry.objects.filter(action="deadline.call").order_by("seq")
    assert [entry.after["outcome"] for entry in entries] == ["no_answer", "answered"]


def test_a_call_needs_its_outcome_and_loses_no_note(late, township):
    answer = post(township, late, 8, note="下午再打")
    assert (answer.status_code, "下午再打" in text_of(answer)) == (422, True)
    assert not CallRecord.objects.exists()


def test_strangers_record_nothing(late):
    other = person(Role.TOWNSHIP_OFFICER, township_code="64000330")
    assert post(other, late, 8, outcome="answered").status_code == 404
    assert post(person(Role.FINANCE_OFFICER), late, 8, outcome="answered").status_code == 403


def test_the_chair_is_called_where_the_association_has_no_number(late, township):
    place = late.case.organisation
    type(place).objects.update(phone="")
    OfficeTerm.objects.create(
        organisation=place,
        office=Office.CHAIRPERSON,
        person_name="林理事長",
        valid_from=DUE.replace(year=2009),
        phone="0912345678",
    )
    with clock.travel(DUE + dt.timedelta(days=8)):
        answer = signed_in(township).get("/calls/list.csv")
        assert "0912345678" in text_of(signed_in(township).get("/calls/"))
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("旗山鎮,甲社區發展協會,林理事長,0912345678,")
    assert "結報，期限 99年9月30日（已逾 8 天）" in rows[1]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calls-2010-10-08.csv"'
