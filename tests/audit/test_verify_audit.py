"""Whoever gets past the triggers is found out by the chain, the head, the seals or an exported head."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from miaoli_kaohsiung.audit import actions, services, trail
from miaoli_kaohsiung.audit.chain import COLUMNS, hash_of
from miaoli_kaohsiung.audit.models import AuditEntry, AuditHead, AuditSeal
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.audit.verify import Head, heads_in_file, verify
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

SAVE = actions.register("test.save", "儲存")


def write(count: int) -> None:
    person = UserFactory()
    with trail.unit_of_work(Actor(person, "高雄縣 承辦人")):
        for number in range(count):
            trail.record(SAVE, person, before={"n": number}, after={"n": number + 1}, case=f"88-099-{number:04}")


def tamper(*statements: str) -> None:
    """As the superuser of the database, with the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def rechain(start: int) -> None:
    """What a careful forger does: compute all hashes anew from `start` on, and the head with them."""
    link = AuditEntry.objects.get(seq=start - 1).hash if start > 1 else "0" * 64
    for values in list(AuditEntry.objects.filter(seq__gte=start).order_by("seq").values(*COLUMNS)):
        values["prev_hash"] = link
        link = hash_of(values)
        tamper(
            f"UPDATE audit_auditentry SET prev_hash = '{values['prev_hash']}', hash = '{link}' WHERE seq = {values['seq']}"
        )
    last = AuditEntry.objects.order_by("seq").last()
    tamper(f"UPDATE audit_audithead SET seq = {last.seq}, hash = '{last.hash}'")


@pytest.mark.parametrize("label", ["  兩端空白  ", "第一行\n第二行", "x" * 199 + " y", "\t"])
def test_the_trail_holds_whatever_a_label_is(label):
    """What is stored is what was hashed: nothing trims a label on its way into the table."""
    person = UserFactory.build(pk=UserFactory().pk, display_name=label)
    with trail.unit_of_work(Actor(person, label)):
        trail.record(SAVE, person, after={"name": label})
    assert verify().problem == ""


COPY = ", ".join(f'"{name}"' for name in (*COLUMNS, "hash") if name != "seq")
CHANGED_CELLS = {
    "at": "at + interval '1 microsecond'",
    "portal_date": "portal_date + 1",
    "actor_id": "NULL",
    "actor_name": "'別人'",
    "post_label": "''",
    "action": "'test.other'",
    "object_type": "'x.y'",
    "object_id": "'0'",
    "object_label": "'x'",
    '"case"': "'88-099-9999'",
    "before": "NULL",
    "after": "'{\"n\": 7}'",
    "request_id": "'x'",
    "prev_hash": "hash",
    "hash": "prev_hash",
}


@pytest.mark.parametrize("cell", CHANGED_CELLS)
def test_a_change_of_any_cell_is_found(cell):
    write(3)
    tamper(f"UPDATE audit_auditentry SET {cell} = {CHANGED_CELLS[cell]} WHERE seq = 2")
    assert verify().problem.startswith("第 2 筆")


def test_no_cell_is_left_out():
    assert {cell.strip('"') for cell in CHANGED_CELLS} == {*COLUMNS, "hash"} - {"seq"}


COUNT = 1000
TAMPERINGS = {
    "change": "UPDATE audit_auditentry SET after = '{}' WHERE seq = {n}".replace("{}", '{{"n": -1}}'),
    "remove": "DELETE FROM audit_auditentry WHERE seq = {n}",
    "insert": "UPDATE audit_auditentry SET seq = seq + 1000000 WHERE seq > {n};"
    f"INSERT INTO audit_auditentry (seq, {COPY}) SELECT {{n}} + 1, {COPY} FROM audit_auditentry WHERE seq = {{n}};"
    "UPDATE audit_auditentry SET seq = seq - 999999 WHERE seq > 1000000",
    "swap": "UPDATE audit_auditentry SET seq = -1 WHERE seq = {n};"
    "UPDATE audit_auditentry SET seq = {n} WHERE seq = {other}; UPDATE audit_auditentry SET seq = {other} WHERE seq = -1",
    "cut off": "DELETE FROM audit_auditentry WHERE seq >= {n}",
}


def test_whichever_of_a_thousand_entries_is_tampered_with_it_is_found():
    """Each entry in turn, in one of five ways; what was done is taken back before the next."""
    write(COUNT)
    assert (verify().entries, verify().problem) == (COUNT, "")
    connection.check_constraints()
    missed = []
    for n in range(1, COUNT + 1):
        kind = list(TAMPERINGS)[n % len(TAMPERINGS)]
        savepoint = transaction.savepoint()
        tamper(TAMPERINGS[kind].format(n=n, other=n + 1 if n < COUNT else 1))
        report = verify()
        # The first entry that does not hold is named: the one tampered with, or for a copy put behind it the copy.
        if not report.problem.startswith(f"第 {n + (kind == 'insert')} 筆"):
            missed.append((kind, n, report.problem))
        transaction.savepoint_rollback(savepoint)
    assert missed == []


def test_a_forger_who_computes_the_chain_anew_is_found_by_the_seal():
    write(5)
    services.seal_audit()
    write(2)
    tamper("UPDATE audit_auditentry SET actor_name = '別人' WHERE seq = 4")
    rechain(4)
    assert verify().problem == "第 5 筆：與99年6月1日的封存值不符，紀錄曾遭改寫。"


def test_a_forger_who_also_writes_the_seals_is_found_by_the_exported_head():
    write(5)
    exported = Head(5, AuditHead.objects.get().hash, "var/audit_heads")
    tamper("DELETE FROM audit_auditentry WHERE seq > 3")
    rechain(3)
    assert verify().problem == ""
    assert verify([exported]).problem == "第 4 筆起：末尾紀錄不見了，var/audit_heads記載至第 5 筆。"


def test_an_entry_written_past_the_portal_is_found():
    write(2)
    tamper(f"INSERT INTO audit_auditentry (seq, {COPY}) SELECT 3, {COPY} FROM audit_auditentry WHERE seq = 2")
    row = AuditEntry.objects.filter(seq=3).values(*COLUMNS).get() | {"prev_hash": AuditEntry.objects.get(seq=2).hash}
    tamper(f"UPDATE audit_auditentry SET prev_hash = '{row['prev_hash']}', hash = '{hash_of(row)}' WHERE seq = 3")
    assert verify().problem == "第 3 筆：末尾紀錄不是由本系統寫入。"


def test_a_lost_head_is_found():
    write(2)
    tamper("DELETE FROM audit_audithead")
    assert verify().problem == "第 2 筆：末尾紀錄不是由本系統寫入。"


def test_without_its_head_the_portal_writes_nothing_more():
    write(2)
    tamper("DELETE FROM audit_audithead")
    with pytest.raises(IntegrityError), transaction.atomic():
        write(1)


def test_an_emptied_trail_is_found_by_the_seal():
    write(2)
    services.seal_audit()
    tamper("DELETE FROM audit_auditentry", "DELETE FROM audit_audithead")
    assert verify().problem == "第 1 筆起：末尾紀錄不見了，99年6月1日的封存值記載至第 2 筆。"


def test_an_entry_before_the_first_is_found():
    write(2)
    tamper(f"INSERT INTO audit_auditentry (seq, {COPY}) SELECT 0, {COPY} FROM audit_auditentry WHERE seq = 1")
    assert verify().problem == "第 0 筆：多出來的紀錄。"


def test_an_empty_trail_holds():
    assert (verify().entries, verify().problem) == (0, "")


def test_the_seal_is_made_once_a_day_and_exported(run_on_commit):
    write(2)
    with run_on_commit():
        first = services.seal_audit()
    write(1)
    with run_on_commit():
        assert services.seal_audit().seq == first.seq == 2
    with run_on_commit(), clock.travel(clock.today() + dt.timedelta(days=1)):
        second = services.seal_audit()
    assert services.heads_file().read_text("ascii") == (
        f"2010-06-01 2 {AuditEntry.objects.get(seq=2).hash} {first.mark}\n"
        f"2010-06-02 3 {AuditEntry.objects.get(seq=3).hash} {second.mark}\n"
    )
    assert [(head.seq, head.hash) for head in heads_in_file(services.heads_file())] == [
        (first.seq, first.hash),
        (second.seq, second.hash),
    ]
    assert AuditSeal.objects.count() == 2


def test_the_command_prints_one_line_and_fails_on_a_broken_trail(run_on_commit, tmp_path):
    write(3)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "稽核紀錄共 3 筆，全部相連，未遭更動。\n"
    with run_on_commit():
        services.seal_audit()
    tamper("DELETE FROM audit_auditentry WHERE seq = 3", "DELETE FROM audit_auditseal")
    rechain(2)
    with pytest.raises(
        CommandError, match=r"^第 3 筆起：末尾紀錄不見了，audit_heads 2010-06-01記載至第 3 筆。$"
    ) as error:
        call_command("verify_audit")
    assert error.value.returncode == 1


def test_the_command_takes_heads_from_paper_and_from_another_file(tmp_path):
    write(2)
    call_command("verify_audit", "--head", str(AuditHead.objects.get()), stdout=io.StringIO())
    with pytest.raises(CommandError, match="第 2 筆：與2:"):
        call_command("verify_audit", "--head", f"2:{'0' * 64}")
    (tmp_path / "heads").write_text("nonsense")
    with pytest.raises(CommandError, match="讀不懂"):
        call_command("verify_audit", "--heads", str(tmp_path / "heads"))


def test_the_trail_is_read_as_a_stream(django_assert_num_queries):
    write(1)
    with django_assert_num_queries(5):
        verify()
    write(30)
    with django_assert_num_queries(5):
        verify()


# The newest entries alone, as a page checks them


def test_only_the_newest_are_read():
    write(6)
    tamper("UPDATE audit_auditentry SET actor_name = '別人' WHERE seq = 2")
    assert (verify(newest=4).entries, verify(newest=4).problem) == (4, "")
    assert verify(newest=5).problem.startswith("第 2 筆")
    assert verify().problem.startswith("第 2 筆")


@pytest.mark.parametrize("newest", [6, 7, 100])
def test_a_short_trail_is_read_whole(newest):
    write(6)
    assert verify(newest=newest) == verify()


def test_seals_within_and_at_the_beginning_are_compared():
    write(6)
    middle = AuditEntry.objects.get(seq=3)
    wrong = Head(3, "f" * 64, "紙本")
    assert verify([Head(3, middle.hash, "紙本")], newest=3).problem == ""
    assert verify([wrong], newest=3).problem.startswith("第 3 筆")
    assert verify([wrong], newest=4).problem.startswith("第 3 筆")
    assert verify([wrong], newest=2).problem == ""
    assert verify([Head(7, "f" * 64, "紙本")], newest=2).problem.startswith("第 7 筆起")


def test_the_check_from_the_page_is_recorded():
    write(3)
    person = UserFactory()
    report = services.verify_newest(Actor(person, "高雄縣 稽核"))
    assert (report.entries, report.problem) == (3, "")
    last = AuditEntry.objects.order_by("seq").last()
    assert (last.action, last.actor, last.after) == ("audit.verify", person, {"entries": 3, "problem": ""})
    services.heads_file().write_text("not a head\n", "ascii")
    assert "讀不懂" in services.verify_newest(Actor(person)).problem
