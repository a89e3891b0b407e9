import datetime as dt
from decimal import Decimal

import pytest
import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction

from miaoli_kaohsiung.audit import actions, queries, trail
from miaoli_kaohsiung.audit.models import GENESIS, AuditEntry, AuditHead, AuditSeal
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

SAVE = actions.register("test.save", "儲存")


@pytest.fixture
def person():
    return UserFactory(display_name="王示範")


def record(person, **values):
    trail.record(SAVE, person, **values)


def test_an_entry_says_who_in_which_post_when_what_before_and_after(person):
    with structlog.contextvars.bound_contextvars(request_id="r-1"), trail.unit_of_work(Actor(person, "高雄縣 承辦人")):
        record(person, before={"amount": 100}, after={"amount": 90, "reason": "核減"}, case="88-099-0001")
    (entry,) = AuditEntry.objects.all()
    assert (entry.seq, entry.actor, entry.actor_name, entry.post_label) == (1, person, "王示範", "高雄縣 承辦人")
    assert (entry.action, entry.action_label, entry.title) == ("test.save", "儲存", "儲存")
    assert (entry.object_type, entry.object_id, entry.object_label) == ("accounts.user", str(person.pk), "王示範")
    assert (entry.case, entry.before, entry.after) == ("88-099-0001", {"amount": 100}, {"amount": 90, "reason": "核減"})
    assert entry.changed == [("amount", 100, 90), ("reason", None, "核減")]
    assert (entry.portal_date, entry.request_id, entry.prev_hash) == (clock.today(), "r-1", GENESIS)
    assert abs(clock.now() - entry.at) < dt.timedelta(minutes=1)
    assert (entry.who, entry.text) == ("王示範（高雄縣 承辦人）", "核減")


def test_numbers_of_accounts_stand_short_in_an_entry(person):
    before, after = (
        {"bank_account": "", "bank_code": "7000021"},
        {"bank_account": "00123456789012", "note": "00123456789012"},
    )
    with trail.unit_of_work(Actor(person)):
        record(person, before=before, after=after)
    entry = AuditEntry.objects.get()
    assert entry.before == {"bank_account": "", "bank_code": "7000021"}
    assert entry.after == {"bank_account": "…9012", "note": "00123456789012"}


def test_the_portal_itself_has_no_account(person):
    with trail.unit_of_work(Actor.system("daily")):
        record(person)
    (entry,) = AuditEntry.objects.all()
    assert (entry.actor, entry.who) == (None, "系統（daily）")


def test_entries_wait_until_the_outermost_unit_ends(person):
    other = UserFactory()
    with trail.unit_of_work(Actor(person)):
        record(person, case="1")
        with trail.unit_of_work(Actor(other)) as actor:
            assert actor.user == person
            assert trail.current_actor().user == person
            record(person, case="2")
        assert AuditEntry.objects.count() == 0
    assert list(AuditEntry.objects.values_list("seq", "case", "actor")) == [(1, "1", person.pk), (2, "2", person.pk)]
    assert str(AuditHead.objects.get()) == f"2:{AuditEntry.objects.get(seq=2).hash}"


def test_a_unit_that_wrote_nothing_leaves_nothing(person, django_assert_num_queries):
    with django_assert_num_queries(2), trail.unit_of_work(Actor(person)):
        pass
    assert AuditEntry.objects.count() == 0


def test_outside_a_unit_there_is_nothing_to_record_into(person):
    with pytest.raises(trail.OutsideUnitError):
        record(person)
    with pytest.raises(trail.OutsideUnitError):
        trail.current_actor()


def test_an_exception_discards_the_rows_and_the_entries(person):
    with pytest.raises(ZeroDivisionError), trail.unit_of_work(Actor(person)):
        UserFactory(username="lost")
        record(person)
        raise ZeroDivisionError
    assert type(person).objects.filter(username="lost").count() == 0
    assert AuditEntry.objects.count() == 0
    with trail.unit_of_work(Actor(person)):
        record(person, case="kept")
    assert list(AuditEntry.objects.values_list("seq", "case")) == [(1, "kept")]


def test_an_inner_unit_that_fails_takes_only_its_own_entries(person):
    with trail.unit_of_work(Actor(person)):
        record(person, case="outer")
        with pytest.raises(ZeroDivisionError), trail.unit_of_work(Actor(person)):
            record(person, case="inner")
            raise ZeroDivisionError
        record(person, case="after")
    assert list(AuditEntry.objects.values_list("case", flat=True)) == ["outer", "after"]


def test_a_row_that_breaks_a_constraint_leaves_no_entry(person):
    with pytest.raises(IntegrityError), trail.unit_of_work(Actor(person)):
        record(person)
        UserFactory(username=person.username)
    assert AuditEntry.objects.count() == 0


def test_an_unknown_action_is_refused(person):
    with trail.unit_of_work(Actor(person)), pytest.raises(actions.UnknownActionError):
        trail.record("test.unknown", person)


def test_an_action_keeps_its_words():
    assert actions.register("test.save", "儲存") == "test.save"
    with pytest.raises(ValueError, match="other words"):
        actions.register("test.save", "存檔")
    with pytest.raises(ValueError, match="60"):
        actions.register("x" * 61, "太長")
    assert actions.label_of("test.of-an-older-release") == "test.of-an-older-release"


def test_an_unsaved_object_and_a_value_without_a_form_are_refused(person):
    with trail.unit_of_work(Actor(person)):
        with pytest.raises(ValueError, match="save the user"):
            trail.record(SAVE, UserFactory.build())
        with pytest.raises(TypeError, match="object has no place"):
            record(person, after={"x": object()})
    assert AuditEntry.objects.count() == 0


def test_every_plain_value_survives_the_database_and_holds(person):
    values = {
        "none": None,
        "yes": True,
        "big": 10**20,
        "money": Decimal("1.50"),
        "ratio": 0.1,
        "day": dt.date(2010, 6, 1),
        "moment": dt.datetime(2010, 6, 1, 8, tzinfo=clock.TAIPEI),
        "text": "壹\x00貳\ud800",
        "list": (1, [dt.date(2010, 1, 1)]),
        "set": {"b", "a"},
        "person": person,
        "kinds": {"b": 1, "a": 2, 3: "x"},
    }
    with trail.unit_of_work(Actor(person)):
        record(person, after=values)
    assert AuditEntry.objects.get().after == {
        "none": None,
        "yes": True,
        "big": 10**20,
        "money": "1.50",
        "ratio": "0.1",
        "day": "2010-06-01",
        "moment": "2010-06-01T00:00:00.000000+00:00",
        "text": "壹\ufffd貳?",
        "list": [1, ["2010-01-01"]],
        "set": ["a", "b"],
        "person": person.pk,
        "kinds": {"a": 2, "b": 1, "3": "x"},
    }
    assert (verify().entries, verify().problem) == (1, "")


def test_changes_keeps_only_what_differs():
    before = {"same": dt.date(2010, 6, 1), "amount": 100, "gone": 1}
    after = {"same": dt.date(2010, 6, 1), "amount": 90, "new": None}
    assert trail.changes(before, after) == ({"amount": 100, "gone": 1}, {"amount": 90, "new": None})
    assert trail.changes(before, before) == ({}, {})


def test_snapshot_gives_fields_as_plain_data(person):
    entry = AuditEntry(seq=1, at=dt.datetime(2010, 6, 1, tzinfo=dt.UTC), actor=person, case="1")
    assert trail.snapshot(entry, "at", "actor", "case") == {
        "at": "2010-06-01T00:00:00.000000+00:00",
        "actor": person.pk,
        "case": "1",
    }
    assert trail.snapshot(entry, "actor_id") == {"actor_id": person.pk}
    with pytest.raises(ValueError, match="has no field amount, colour"):
        trail.snapshot(entry, "at", "colour", "amount")
    assert set(trail.snapshot(AuditHead())) == {"id", "seq", "hash"}


def test_history_of_a_case_and_of_an_object(person, django_assert_num_queries):
    other = UserFactory()
    with trail.unit_of_work(Actor(person)):
        record(person, case="88-099-0001")
        record(other, case="88-099-0002")
        record(person, case="88-099-0001")
        record(other)
    with django_assert_num_queries(1):
        assert [(e.seq, e.action_label, e.who) for e in queries.history_of("88-099-0001")] == [
            (3, "儲存", "王示範"),
            (1, "儲存", "王示範"),
        ]
    assert [entry.seq for entry in queries.history_of_object(other)] == [4, 2]
    assert list(queries.history_of("")) == []


REFUSED = [
    "UPDATE audit_auditentry SET actor_name = 'x'",
    "DELETE FROM audit_auditentry",
    "TRUNCATE audit_auditentry",
    "TRUNCATE accounts_user CASCADE",
    "UPDATE audit_auditseal SET seq = 0",
    "DELETE FROM audit_auditseal",
    "TRUNCATE audit_auditseal CASCADE",
    "UPDATE audit_audithead SET seq = 0",
    "UPDATE audit_audithead SET hash = 'x'",
    "DELETE FROM audit_audithead",
    "TRUNCATE audit_audithead",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_the_trail(person, statement):
    with trail.unit_of_work(Actor(person)):
        record(person)
    AuditSeal.objects.create(day=clock.today(), seq=1, hash="x", made_at=clock.now())
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (AuditEntry.objects.count(), AuditSeal.objects.count(), AuditHead.objects.get().seq) == (1, 1, 1)
