"""Every kind of deadline, one by one: it stands on the desk of those who must act and in their calendar, people are reminded
of it, and all of it is gone once it is done.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from grants.enums import DeadlineKind
from grants.models import Award, Deadline
from grants.queries.reminders.calendar import entries_of
from grants.queries.reminders.table import filed
from grants.services.payments import instalments, overpaid, returns
from grants.services.reminders import deadlines
from grants.services.settlements import reports
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from tests.factories import letters
from tests.factories.money import approved, member
from tests.grants import sanctioning, settling
from tests.grants.desks import waiting
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


def receipt(staff, award: Award) -> Callable[[], Any]:
    first = award.instalments.get(number=1)
    return lambda: instalments.request_payment(staff.officer, first, receipt_number="1")


def last_receipt(staff, award: Award) -> Callable[[], Any]:
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000))
    last = award.instalments.get(number=2)
    return lambda: instalments.request_payment(staff.officer, last, receipt_number="2")


def settlement(staff, award: Award) -> Callable[[], Any]:
    paid_first(award, staff)
    user = member(award)
    row = settling.opened(award, user)
    return lambda: settling.hand_in(row, user, 80_000, 40_000)


def settlement_fix(staff, award: Award) -> Callable[[], Any]:
    paid_first(award, staff)
    row = settling.submitted(award, 80_000, 40_000)
    reports.ask_correction(staff.finance, row, "請補正第 2 項")
    letters.issued(staff.officer, award.application.letters.get(kind="settlement_correction"))
    row.refresh_from_db()
    user = member(award)
    return lambda: reports.submit(user, row, settling.report(row, 80_000, 40_000))


def money_back(staff, award: Award) -> Callable[[], Any]:
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    return lambda: returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收1")


def twice(staff, award: Award) -> Callable[[], Any]:
    paid_first(award, staff)
    first = award.instalments.get(number=1)
    asked = overpaid.ask(staff.cashier, first, amount=60_000, on=TODAY, voucher_number="2", reason="x")
    services.confirm(staff.head, asked)
    letters.issued(staff.officer, award.application.letters.get(kind="overpaid"))
    return lambda: overpaid.regain(staff.finance, award, amount=60_000, voucher_number="收1")


# The kind, what leads to it and what ends it, and the association's queue in which it waits.
CASES = [
    (DeadlineKind.RECEIPT, receipt, "receipt"),
    (DeadlineKind.RECEIPT, last_receipt, "receipt"),
    (DeadlineKind.SETTLEMENT, settlement, "settle"),
    (DeadlineKind.SETTLEMENT_FIX, settlement_fix, "settle_again"),
    (DeadlineKind.RETURN, money_back, "pay_back"),
    (DeadlineKind.OVERPAID, twice, "give_back"),
]


def plan(day: dt.date) -> None:
    with trail.unit_of_work(Actor.system("test")):
        deadlines.plan(day)


@pytest.mark.parametrize(("kind", "lead", "queue"), CASES, ids=[lead.__name__ for _kind, lead, _queue in CASES])
def test_it_waits_where_somebody_acts_and_is_gone_when_done(staff, kind, lead, queue):
    award = approved(staff=staff, receipt_due=dt.date(2010, 6, 30), settlement_due=dt.date(2010, 9, 30))
    end = lead(staff, award)
    row = Deadline.objects.get(award=award, kind=kind, done_on=None)
    user = member(award)
    assert queue in waiting(user)
    assert f"deadline-{row.pk}" in {entry.uid for entry in entries_of(user)}
    assert f"{kind}.asked" in filed()
    end()
    assert not Deadline.objects.filter(pk=row.pk, done_on=None).exists()
    assert queue not in waiting(user)
    assert f"deadline-{row.pk}" not in {entry.uid for entry in entries_of(user)}


def test_the_end_of_a_bar_is_told_before_it_and_closed_after_it_or_with_the_decision(staff):
    award = approved(staff=staff)
    sanction = sanctioning.decided(staff, award)
    assert sanction.barred_to is not None
    plan(TODAY)
    assert not Deadline.objects.filter(kind=DeadlineKind.BAN_END).exists()
    before = sanction.barred_to - dt.timedelta(days=20)
    plan(before)
    plan(before)
    row = Deadline.objects.get(kind=DeadlineKind.BAN_END)
    assert (row.due_on, row.case) == (sanction.barred_to + dt.timedelta(days=1), award.application)
    deadlines.close_moot(row.due_on, row.due_on)
    assert Deadline.objects.get(pk=row.pk).done_on is None
    type(sanction).objects.update(status="lifted")
    deadlines.close_moot(before, before)
    assert Deadline.objects.get(pk=row.pk).done_on == before
