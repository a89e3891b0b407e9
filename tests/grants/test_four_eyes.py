"""Who proposed, decided and paid, from the trail: what is to be looked at, totals, the file, and for whom it is."""

import csv
import datetime as dt
import io

import pytest
import structlog

from grants.queries.audit.entries import entries
from grants.queries.audit.four_eyes import Totals, totals_of, ways
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.accounts import person
from tests.factories.grants import ApplicationFactory
from tests.grants.settling import paid_first

pytestmark = pytest.mark.django_db
DAY = dt.date(2010, 6, 1)


def act(case, action, user, post="承辦人", address="", after=None, obj=None):
    with structlog.contextvars.bound_contextvars(ip=address), trail.unit_of_work(Actor(user, post)):
        trail.record(action, obj or case, after=after, case=case.number)


def found(auditor, since=DAY, until=DAY):
    return ways(entries(auditor), since, until)


@pytest.fixture
def auditor():
    return person(Role.AUDITOR)


@pytest.mark.parametrize(
    ("same", "post", "addresses", "said"),
    [
        (False, "主管", ("10.0.0.1", "10.0.0.2"), ()),
        (False, "主管", ("", ""), ()),
        (True, "承辦人", ("", ""), ("建議和決定是同一人",)),
        (True, "主管", ("10.0.0.1", "10.0.0.1"), ("建議和決定是同一人，用兩個職務",)),
        (False, "主管", ("10.0.0.1", "10.0.0.1"), ("建議和決定在一分鐘內來自同一個連線位址",)),
    ],
)
def test_two_steps_of_one_person_or_one_place_are_found(auditor, same, post, addresses, said):
    case, officer = ApplicationFactory(), person(Role.CASE_OFFICER)
    act(case, "application.propose", officer, address=addresses[0])
    act(case, "application.approve", officer if same else person(Role.APPROVER), post, addresses[1], {"total": 77_080})
    (way,) = found(auditor)
    assert way.found == said
    assert [step.word for step in way.steps] == ["建議", "決定"]
    assert totals_of([way]) == Totals(1, 77_080, 0, 0, len(said))


def test_a_minute_is_the_edge(auditor, time_machine):
    case, later = ApplicationFactory(), ApplicationFactory()
    for one, seconds in ((case, 60), (later, 61)):
        time_machine.move_to("2010-06-01T01:00:00+00:00", tick=False)
        act(one, "application.propose", person(Role.CASE_OFFICER), address="10.0.0.1")
        time_machine.shift(seconds)
        act(one, "application.approve", person(Role.APPROVER), "主管", "10.0.0.1", {"total": 1})
    assert [(way.final.case, bool(way.found)) for way in found(auditor)] == [(later.number, False), (case.number, True)]


def test_a_payment_has_its_three_steps_and_days_narrow(auditor):
    people = money.county()
    award = money.approved(staff=people)
    paid_first(award, people)
    (way,) = [way for way in found(auditor, clock.today(), clock.today()) if way.paid]
    assert [(step.word, step.entry.actor) for step in way.steps] == [
        ("請款", people.officer), ("核付", people.head), ("撥付", people.cashier),
    ]  # fmt: skip
    assert (way.amount, way.found) == (award.instalments.get(number=1).amount, ())
    assert found(auditor, clock.today() + dt.timedelta(days=1), clock.today() + dt.timedelta(days=9)) == []
    assert found(person(Role.AUDITOR, "miaoli"), clock.today(), clock.today()) == []


def test_the_list_its_totals_and_its_file(client, auditor):
    case, officer = ApplicationFactory(number="88-099-0001"), person(Role.CASE_OFFICER)
    act(case, "application.propose", officer)
    act(case, "application.approve", officer, "主管", after={"total": 77_080})
    other = ApplicationFactory(number="88-099-0002")
    act(other, "application.propose", officer)
    act(other, "application.reject", person(Role.APPROVER), "主管")
    client.force_login(auditor)
    page = client.get("/audit/four-eyes/").content.decode()
    assert "2 件，核定 77,080 元" in page
    assert "1 筆" in page
    narrowed = client.get("/audit/four-eyes/?only=on").content.decode()
    assert ("88-099-0001" in narrowed, "88-099-0002" in narrowed) == (True, False)
    answer = client.post("/audit/four-eyes/?only=on", {"export": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["日期", "案號", "種類", "金額（元）", "誰辦的", "要查明的"]
    assert [row[1:4] + row[5:] for row in rows[1:]] == [
        ["88-099-0001", "核定", "77080", "建議和決定是同一人，用兩個職務"]
    ]
    assert AuditEntry.objects.latest("seq").after["list"] == "four-eyes"
    for role in (Role.APPROVER, Role.ADMINISTRATOR):
        client.force_login(person(role))
        assert client.get("/audit/four-eyes/").status_code == 403


def test_the_address_itself_stands_nowhere(auditor):
    case = ApplicationFactory()
    with structlog.contextvars.bound_contextvars(request_id="r-1", ip="192.0.2.77"), trail.unit_of_work(Actor(auditor)):
        trail.record("application.propose", case, case=case.number)
    entry = AuditEntry.objects.latest("seq")
    number, mark = entry.request_id.split(" ")
    assert (number, len(mark), entry.address_mark) == ("r-1", 16, mark)
    assert "192" not in entry.request_id
