"""Every cell of the workflow tables: status × move × post, against what is written out by hand.

The lists in cells.py are the law of who may do what; they are not derived from grants.workflow.
"""

import datetime as dt

import pytest
from django.db import transaction

from grants.enums import (
    AmendmentStatus,
    ApplicationStatus,
    AwardStatus,
    InstalmentStatus,
    LetterStatus,
    PaymentBatchStatus,
    RulingStatus,
    SanctionStatus,
    SettlementStatus,
)
from grants.models import (
    Application,
    BatchPayment,
    CorrectionRequest,
    Letter,
    PaymentBatch,
    Proposal,
    RecordCorrection,
    Sanction,
    Settlement,
)
from grants.workflow import (
    amendments,
    applications,
    awards,
    core,
    letters,
    payments,
    record_corrections,
    sanctions,
    settlements,
    treasury,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib.locks import NotLockedError, lock
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of
from tests.factories.grants import SchemeFactory

from . import in_each_status
from .cells import (
    AMENDMENT,
    APPLICATION,
    APPROVERS,
    AWARD,
    BATCH,
    BOTH,
    DECISION,
    INSTALMENT,
    LETTER,
    OFFICERS,
    POSTS,
    REFUSAL,
    REFUSAL_AT_CHECK,
    SANCTION,
    SETTLEMENT,
    TOWNSHIP_FIRST,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    organisation = OrganisationFactory()
    both = person(Role.CASE_OFFICER)
    both.posts.create(role=Role.APPROVER, county="kaohsiung", valid_from=dt.date(2009, 1, 1))
    found = {
        "staff": member_of(organisation),
        "chair": chair_of(organisation),
        "township": person(Role.TOWNSHIP_OFFICER, township_code=QISHAN),
        "officer": person(Role.CASE_OFFICER),
        "proposer": person(Role.CASE_OFFICER),
        "approver": person(Role.APPROVER),
        "approver who proposed": both,
        "finance": person(Role.FINANCE_OFFICER),
        "reviewer": person(Role.REVIEWER),
        "auditor": person(Role.AUDITOR),
        "administrator": person(Role.ADMINISTRATOR, ""),
        "other association's chair": chair_of(OrganisationFactory()),
        "other township": person(Role.TOWNSHIP_OFFICER, township_code="64000330"),
        "other county's officer": person(Role.CASE_OFFICER, "miaoli"),
        "other county's approver": person(Role.APPROVER, "miaoli"),
        "other county's finance": person(Role.FINANCE_OFFICER, "miaoli"),
        "job": None,
    }
    assert tuple(found) == POSTS
    return found, organisation


def cells(table, expected, statuses):
    """(status, move, post, whether it may be) for the whole table."""
    for status in statuses.values:
        for move in table.moves:
            sources, _target, who = expected[move.name]
            for post in POSTS:
                yield status, move.name, post, status in sources and post in who


def check(table, obj, expected, statuses, users):
    """Ask every cell, and make every move that is allowed; the refused ones leave no trace."""
    assert {move.name for move in table.moves} == expected.keys()
    wrong = []
    for status, name, post, may in cells(table, expected, statuses):
        obj.status = status
        answer = table.answer(obj, name, users[post])
        if bool(answer) != may:
            wrong.append((status, name, post, answer.reason))
        assert answer.allowed or answer.reason
    assert wrong == []
    for status, name, post, may in cells(table, expected, statuses):
        if may:
            assert made(table, obj, status, name, users[post]) == expected[name][1]
    with pytest.raises(core.MoveRefused):
        made(
            table,
            obj,
            next(iter(expected[table.moves[-1].name][0]), statuses.values[0]),
            table.moves[-1].name,
            users["auditor"],
        )


def made(table, obj, status, name, user):
    """The status after the move, with its entry in the trail; all of it taken back."""
    with transaction.atomic():
        type(obj).objects.filter(pk=obj.pk).update(status=status)
        with trail.unit_of_work(trail.Actor(user) if user else trail.Actor.system("test")):
            after = core.move(table, lock(table.model.objects, pk=obj.pk), name, user).status
        entry = AuditEntry.objects.order_by("seq").last()
        assert (entry.action, entry.before["status"], entry.after["status"]) == (f"{table.name}.{name}", status, after)
        transaction.set_rollback(True)
    return after


def case_of(people, *, township_first):
    users, organisation = people
    SchemeFactory(township_first=township_first)
    case = reviews.filed(organisation=organisation, created_by=users["staff"])
    CorrectionRequest.objects.create(
        application=case,
        version=case.versions.get(),
        items="補章",
        due_on=dt.date(2010, 5, 31),
        by_township=township_first,
        requested_by=users["officer"],
        requested_on=dt.date(2010, 6, 1),
    )
    Proposal.objects.create(
        application=case,
        outcome="reject" if township_first else "approve",
        total=1,
        proposed_by=users["approver who proposed"],
        proposed_on=dt.date(2010, 6, 1),
    )
    return case


@pytest.mark.parametrize(("township_first", "expected"), [(False, APPLICATION), (True, TOWNSHIP_FIRST)])
def test_every_cell_of_an_application(people, township_first, expected):
    case = case_of(people, township_first=township_first)
    check(applications.TABLE, case, expected, ApplicationStatus, people[0])


@pytest.mark.parametrize(("answered", "expected"), [(False, REFUSAL), (True, REFUSAL_AT_CHECK)])
def test_every_cell_of_a_case_that_is_not_to_be_taken_up(people, answered, expected):
    case = case_of(people, township_first=False)
    case.proposals.update(outcome="not_accept")
    if answered:
        case.corrections.update(answered_on=dt.date(2010, 6, 1))
    check(applications.TABLE, case, expected, ApplicationStatus, people[0])


@pytest.mark.parametrize(
    ("due_on", "may"),
    [(None, False), (dt.date(2010, 6, 2), False), (dt.date(2010, 6, 1), False), (dt.date(2010, 5, 31), True)],
)
def test_a_correction_is_waited_for_from_its_letter_to_the_end_of_its_term(people, due_on, may):
    case = case_of(people, township_first=False)
    case.status = "correction_requested"
    case.corrections.update(due_on=due_on)
    answer = applications.TABLE.answer(case, "propose_refusal", people[0]["officer"])
    assert (bool(answer), bool(answer.reason)) == (may, not may)


@pytest.mark.parametrize(
    ("status", "name", "post"),
    [
        ("awaiting_receipt", "request", "chair"),
        ("requested", "approve", "officer"),
        ("approved", "pay", "finance"),
    ],
)
def test_no_money_moves_before_the_letter_of_approval(people, award, status, name, post):
    instalment = award.instalments.get(number=1)
    instalment.status, instalment.award = status, award
    assert payments.TABLE.answer(instalment, name, people[0][post])
    award.notified_on = None
    answer = payments.TABLE.answer(instalment, name, people[0][post])
    assert (bool(answer), answer.reason) == (False, "核定函還沒有發文，發文後才能請款和撥款。")


@pytest.fixture
def award(people):
    return money.approved(organisation=people[1])


def test_every_cell_of_an_award(people, award):
    check(awards.TABLE, award, AWARD, AwardStatus, people[0])


def _sanction(award, users, event, **fields):
    bar = {"barred_from": dt.date(2011, 1, 1), "barred_to": dt.date(2012, 12, 31)}
    return Sanction.objects.create(
        organisation=award.application.organisation,
        award=award,
        county=award.county,
        event=event,
        decision_number="府社區字第0990009999號",
        decided_on=dt.date(2010, 6, 1),
        heard_on=dt.date(2010, 5, 20),
        reason="未執行",
        approved_end=award.ends_on,
        recorded_by=users["officer"],
        recorded_on=dt.date(2010, 6, 1),
        **bar | fields,
    )


@pytest.mark.parametrize(
    ("event", "name", "sources", "target"),
    [
        ("not_executed", "not_execute", {"active", "completed"}, "not_executed"),
        ("revoked", "revoke", {"active", "completed", "closed"}, "revoked"),
    ],
)
def test_every_cell_of_an_award_with_a_confirmed_decision(people, award, event, name, sources, target):
    _sanction(award, people[0], event, status="confirmed", confirmed_by=people[0]["approver"])
    check(awards.TABLE, award, AWARD | {name: (sources, target, OFFICERS | APPROVERS | BOTH)}, AwardStatus, people[0])


def test_every_cell_of_a_decision(people, award):
    row = _sanction(award, people[0], "not_executed", confirmed_by=people[0]["approver"])
    check(sanctions.TABLE, row, DECISION, SanctionStatus, people[0])


def test_every_cell_of_a_correction_of_a_record(people, award):
    row = RecordCorrection.objects.create(
        award=award,
        field="completed_on",
        before="2010-05-01",
        after="2010-05-02",
        reason="打錯",
        asked_by=people[0]["officer"],
        asked_on=dt.date(2010, 6, 1),
    )
    check(record_corrections.TABLE, row, SANCTION, RulingStatus, people[0])


def test_every_cell_of_a_lifting(people, award):
    decision = _sanction(award, people[0], "misuse", next_application=True, barred_from=None, barred_to=None)
    row = in_each_status.lifting_of(decision, people[0]["officer"], decided_by=people[0]["finance"])
    check(sanctions.LIFTINGS, row, SANCTION, RulingStatus, people[0])


def test_every_cell_of_an_amendment(people, award):
    row = in_each_status.amendment_of(award, people[0]["staff"], "checked")
    row.checked_by, row.decided_by = people[0]["officer"], people[0]["finance"]
    row.save()
    check(amendments.TABLE, row, AMENDMENT, AmendmentStatus, people[0])


def test_every_cell_of_an_instalment(people, award):
    check(payments.TABLE, award.instalments.get(number=1), INSTALMENT, InstalmentStatus, people[0])


def test_every_cell_of_a_payment_batch(people, award):
    batch = PaymentBatch.objects.create(
        county="kaohsiung", year=99, serial=1, number="99-001", made_by=people[0]["finance"], made_on=award.approved_on
    )
    BatchPayment.objects.create(batch=batch, instalment=award.instalments.get(number=1), position=1, amount=1)
    check(treasury.TABLE, batch, BATCH, PaymentBatchStatus, people[0])


def test_every_cell_of_a_settlement(people, award):
    award.completed_on = dt.date(2010, 6, 1)
    award.save()
    settlement = Settlement.objects.create(award=award, number=award.number)
    check(settlements.TABLE, settlement, SETTLEMENT, SettlementStatus, people[0])


def test_every_cell_of_a_letter(people, award):
    letter = Letter.objects.create(
        application=award.application,
        county=award.county,
        kind="approval",
        subject="主旨",
        originals="某會",
        prepared_by=people[0]["officer"],
        prepared_on=dt.date(2010, 6, 1),
        context={},
    )
    _keep(letter, people[0]["officer"])
    check(letters.TABLE, letter, LETTER, LetterStatus, people[0])


def _keep(letter, user):
    """What the database asks of a letter that is issued."""
    letter.file = keep(b"%PDF-1.7", "letter.pdf", content_type="application/pdf", actor=trail.Actor(user))
    letter.sha256, letter.dispatch_number = letter.file.sha256, "府社區字第0990001234號"
    letter.save()


# --- Four eyes: the guards that look at who did the step before -----------------------------------------------------------------


def test_receipt_recorder_does_not_approve_and_approver_does_not_pay(people, award):
    users = people[0]
    instalment = award.instalments.get(number=1)
    instalment.status, instalment.requested_by = "requested", users["officer"]
    assert not payments.TABLE.answer(instalment, "approve", users["officer"])
    assert payments.TABLE.answer(instalment, "approve", users["proposer"])
    instalment.status, instalment.approved_by = "approved", users["finance"]
    assert not payments.TABLE.answer(instalment, "pay", users["finance"])


def test_checker_of_vouchers_neither_checks_content_nor_pays(people, award):
    users = people[0]
    settlement = Settlement.objects.create(award=award, number=award.number, sums_checked_by=users["officer"])
    settlement.status = "sums_checked"
    assert not settlements.TABLE.answer(settlement, "check_content", users["officer"])
    settlement.sums_checked_by = users["finance"]
    settlement.save()
    instalment = award.instalments.get(number=1)
    instalment.status = "approved"
    assert not payments.TABLE.answer(instalment, "pay", users["finance"])


def test_proposer_does_not_decide(people):
    case = case_of(people, township_first=False)
    case.status = "proposed"
    answer = applications.TABLE.answer(case, "approve", people[0]["approver who proposed"])
    assert (bool(answer), answer.reason) == (False, "提案的人不能核定自己的提案，請由另一位主管決定。")


# --- The row that is moved is the one that was locked -------------------------------------------------------------------------


@pytest.fixture
def submitted(people):
    return reviews.filed(organisation=people[1], created_by=people[0]["staff"])


def test_a_row_that_was_not_locked_is_not_moved(people, submitted):
    officer = people[0]["officer"]
    with trail.unit_of_work(trail.Actor(officer)):
        earlier = lock(Application.objects.all(), pk=submitted.pk)
    for row in (submitted, earlier):
        with trail.unit_of_work(trail.Actor(officer)), pytest.raises(NotLockedError):
            core.move(applications.TABLE, row, "receive", officer)
    submitted.refresh_from_db()
    assert (submitted.status, AuditEntry.objects.count()) == ("submitted", 0)


def test_a_permit_ends_with_its_unit_of_work(people, submitted):
    officer = people[0]["officer"]
    with trail.unit_of_work(trail.Actor(officer)):
        permit = applications.permit(lock(Application.objects.all(), pk=submitted.pk), "receive", officer)
    with trail.unit_of_work(trail.Actor(officer)), pytest.raises(NotLockedError):
        permit.make()
    submitted.refresh_from_db()
    assert (submitted.status, AuditEntry.objects.count()) == ("submitted", 0)


def test_a_permit_is_used_once(people, submitted):
    officer = people[0]["officer"]
    with trail.unit_of_work(trail.Actor(officer)):
        first, second = (lock(Application.objects.all(), pk=submitted.pk) for _ in range(2))
        permit = applications.permit(second, "receive", officer)
        applications.move(first, "receive", officer, {"officer": officer})
        with pytest.raises(core.StaleRowError):
            permit.make()
    submitted.refresh_from_db()
    assert (submitted.status, submitted.officer) == ("completeness_check", officer)
    assert AuditEntry.objects.count() == 1
