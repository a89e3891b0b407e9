"""Whoever must make a move has the object on the desk: generated from the tables of moves, status by status.

For each status of each table an object is built in it. Everybody whom the table lets make one of its moves must find it in
the queue that the move names, unless EXCUSED says why that move is not theirs to make of their own accord.
"""

import datetime as dt
import importlib
import pkgutil

import pytest
from django.db import models
from django.urls import reverse

import grants.workflow
from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.enums import RulingStatus
from grants.models import (
    Award,
    Settlement,
)
from grants.queries.desk import arms, tasks
from grants.queries.desk.queues import BY_KIND, QUEUES
from grants.workflow import tables
from grants.workflow.core import Table
from miaoli_kaohsiung.accounts.enums import Role
from tests.grants.in_each_status import BUILD, People, application, record_correction

pytestmark = pytest.mark.django_db

OWN = "the case is its officer's until it is taken over"
CHOICE = "may be done at any time, must be done by nobody"
CASHIER = "finance finds at payment whether the account was changed, and takes the approval back; others may"
INSTEAD = "the case officer's work; the approver may, where the officer cannot"
# (table, move, role): why somebody who may make the move need not have the object on the desk.
EXCUSED = {
    ("application", "take_back", Role.MEMBER): CHOICE,
    ("application", "discard", Role.MEMBER): CHOICE,
    ("application", "withdraw", Role.MEMBER): CHOICE,
    ("application", "take_back_proposal", Role.CASE_OFFICER): CHOICE,
    ("application", "send_back", Role.APPROVER): "who proposed is not asked to decide; another approver is",
    ("application", "ask_correction", Role.CASE_OFFICER): OWN,
    ("application", "complete", Role.CASE_OFFICER): OWN,
    ("application", "propose", Role.CASE_OFFICER): OWN,
    ("application", "propose_refusal", Role.CASE_OFFICER): OWN,
    ("award", "not_execute", Role.CASE_OFFICER): "made by confirming the sanction, which is on the desk",
    ("award", "not_execute", Role.APPROVER): "made by confirming the sanction, which is on the desk",
    ("award", "revoke", Role.CASE_OFFICER): "made by confirming the sanction, which is on the desk",
    ("award", "revoke", Role.APPROVER): "made by confirming the sanction, which is on the desk",
    ("amendment", "withdraw", Role.MEMBER): CHOICE,
    ("amendment", "send_back", Role.APPROVER): "who checked is not asked to decide; another approver is",
    ("letter", "issue", Role.APPROVER): INSTEAD,
    ("letter", "void", Role.CASE_OFFICER): "only a later letter makes it void",
    ("letter", "void", Role.APPROVER): "only a later letter makes it void",
    ("instalment", "request", Role.CASE_OFFICER): "for a receipt on paper; the association is asked for it",
    ("instalment", "approve", Role.APPROVER): INSTEAD,
    ("instalment", "withdraw_approval", Role.CASE_OFFICER): CASHIER,
    ("instalment", "withdraw_approval", Role.APPROVER): CASHIER,
    ("payment_batch", "recall", Role.FINANCE_OFFICER): CHOICE,
    ("payment_batch", "discard", Role.FINANCE_OFFICER): CHOICE,
    (
        "settlement",
        "ask_correction",
        Role.CASE_OFFICER,
    ): "finance looks at the sums first; then it is the officer's turn",
    ("settlement", "ask_correction", Role.FINANCE_OFFICER): "with the sums passed it is the officer's turn",
    ("settlement", "send_back", Role.APPROVER): "who checked does not accept; another approver does",
    ("waiver", "record_again", Role.CASE_OFFICER): CHOICE,
    ("waiver", "record_again", Role.APPROVER): CHOICE,
    # In BUILD an officer made these, and finance the changes of a scheme's money.
    **{
        (name, "withdraw", Role.CASE_OFFICER): CHOICE
        for name in ("ruling", "waiver", "sanction", "sanction_lifting", "record_correction")
    },
    **{(name, "withdraw", Role.FINANCE_OFFICER): CHOICE for name in ("envelope_change", "return_terms_change")},
}


TABLES = {table.name: table for table in tables.TABLES}
STATES = [(name, status) for name, table in sorted(TABLES.items()) for status in table.statuses]


def on_desk(user, row: models.Model, kind: str = "") -> bool:
    """In the queue, or in any; as itself, or a settlement not sent yet as the award that is to be settled."""
    for queue, rows in arms.arms_of(user):
        if kind in ("", queue.kind):
            if rows.model is type(row) and rows.filter(pk=row.pk).exists():
                return True
            if isinstance(row, Settlement) and rows.model is Award and rows.filter(pk=row.award_id).exists():
                return True
    return False


def test_each_table_is_looked_at():
    modules = [
        importlib.import_module(f"grants.workflow.{one.name}") for one in pkgutil.iter_modules(grants.workflow.__path__)
    ]
    made = [value.name for module in modules for value in vars(module).values() if isinstance(value, Table)]
    assert sorted(made) == sorted(TABLES)
    assert BUILD.keys() == TABLES.keys()


def test_the_desk_has_every_queue_that_a_move_names_and_every_queue_a_button_and_a_page():
    named = {move.screen.queue for table in TABLES.values() for move in table.moves} - {""}
    assert named <= BY_KIND.keys()
    for queue in QUEUES:
        assert queue.label
        assert reverse(queue.route, args=["1"] if queue.keyed else [])


def test_a_move_that_is_asked_for_leads_somewhere():
    for table in TABLES.values():
        for move in table.moves:
            if move.screen.asks:
                assert move.screen.queue
                assert move.screen.page or move.screen.form
                assert move.roles


@pytest.mark.parametrize(("name", "status"), STATES, ids=lambda value: str(value))
def test_who_must_act_sees_it(name, status):
    table, people = TABLES[name], People.make()
    row = BUILD[name](people, status)
    if row is None:
        return
    missing = []
    for user in people.everybody():
        may = [move for move in table.open_to(row, user) if not _excused(name, move.name, user)]
        queue = next((move.screen.queue for move in may if move.screen.queue), "")
        if may and not on_desk(user, row, queue):
            missing.append((_role(user), [move.name for move in may]))
    assert missing == []


def _role(user) -> Role:
    return user.posts.get().role


def _excused(name, move, user) -> bool:
    return (name, move, _role(user)) in EXCUSED


def test_no_excuse_stands_for_a_move_that_is_not_there():
    moves = {(name, move.name, role) for name, table in TABLES.items() for move in table.moves for role in move.roles}
    assert EXCUSED.keys() <= moves


@pytest.mark.parametrize("status", [S.COMPLETENESS_CHECK, S.UNDER_REVIEW, S.CORRECTION_REQUESTED])
def test_the_officer_s_own_moves_are_on_the_officer_s_desk_and_no_other_s(status):
    people = People.make()
    case = application(people, status)
    assert [on_desk(user, case) for user in (people.officer, people.other)] == [True, False]


def test_a_correction_of_the_record_waits_for_another_officer_than_the_one_who_asked():
    people = People.make()
    row = record_correction(people, RulingStatus.DRAFT)
    users = (people.officer, people.other, people.head, people.finance, people.chair)
    assert [on_desk(user, row) for user in users] == [False, True, True, False, False]
    (task,) = [one for one in tasks.desk_of(people.head).tasks if one.queue.kind == "record_correction"]
    assert (task.number, task.url) == (row.award.number, f"/settlements/{row.award.number}/")


def test_waiting_terms_are_the_officers(portal_date):
    people = People.make()
    OfficeTerm.objects.filter(user=people.chair).update(valid_to=portal_date - dt.timedelta(days=1))
    term = OfficeTerm.objects.get(user=people.chair)
    assert [on_desk(user, term) for user in (people.officer, people.other, people.head)] == [True, True, False]
