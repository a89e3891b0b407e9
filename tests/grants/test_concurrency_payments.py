"""Many hands on the money of one award: it goes out once, comes back once, and nobody meets an error."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from grants.enums import LedgerKind
from grants.models import Instalment, LedgerEntry, Sanction, Settlement
from grants.services import sanctions
from grants.services.audit import reconciling
from grants.services.payments import corrections, instalments
from grants.services.settlements import reports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.money import approved
from tests.grants.settling import admit, submitted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
HANDS = 20


def in_parallel(work) -> list:
    barrier = Barrier(HANDS, timeout=120)

    def run(number: int):
        try:
            barrier.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, range(HANDS)))


@pytest.fixture
def ready(staff):
    first = approved(staff=staff).instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    return instalments.approve_payment(staff.head, first)


def test_one_finance_officer_presses_many_times(staff, ready):
    answers = in_parallel(lambda _n: instalments.pay(staff.finance, ready, voucher_number="1").status)
    assert answers == ["paid"] * HANDS
    assert list(LedgerEntry.objects.filter(kind=LedgerKind.PAID).values_list("amount", flat=True)) == [60_000]


def test_two_finance_officers_press_at_once(staff, ready):
    def press(number: int) -> str:
        try:
            who = (staff.finance, staff.cashier)[number % 2]
            return instalments.pay(who, ready, voucher_number=str(number + 1)).voucher_number
        except Refused:
            return "refused"

    answers = Counter(in_parallel(press))
    assert answers["refused"] == HANDS - 1
    (entry,) = LedgerEntry.objects.filter(kind=LedgerKind.PAID)
    assert answers[entry.note] == 1
    assert verify().problem == ""


def test_two_people_pay_ten_instalments_twenty_times_over(staff):
    """Two hundred attempts on connections of their own, whoever is first: each instalment is paid once."""
    parts = []
    for _ in range(10):
        part = approved(staff=staff).instalments.get(number=1)
        instalments.request_payment(staff.officer, part, receipt_number="1")
        parts.append(instalments.approve_payment(staff.head, part))

    def press(number: int) -> int:
        done, who = 0, (staff.finance, staff.cashier)[number % 2]
        for turn in range(len(parts)):
            try:
                instalments.pay(who, parts[(turn + number) % len(parts)], voucher_number=f"{number}-{turn}")
                done += 1
            except Refused:
                continue
        return done

    assert sum(in_parallel(press)) == len(parts)
    paid = LedgerEntry.objects.filter(kind=LedgerKind.PAID)
    assert Counter(paid.values_list("instalment", "amount")) == Counter((part.pk, 60_000) for part in parts)
    assert list(reconciling.differences()) == []


def test_programs_that_write_entries_themselves_cannot_pay_twice(staff, ready):
    """The bound is the database's, also when none of the writers sees what the others are writing."""

    def write(_number: int) -> str:
        try:
            LedgerEntry.objects.create(
                envelope_id=ready.award.envelope_id,
                award_id=ready.award_id,
                instalment=ready,
                kind=LedgerKind.PAID,
                amount=ready.amount,
                on=clock.today(),
                at=clock.now(),
                by=staff.finance,
            )
        except IntegrityError as refused:
            return str(refused).partition(":")[0]
        return "written"

    assert Counter(in_parallel(write)) == {"written": 1, "ledger_paid_at_most_instalment": HANDS - 1}


def test_a_payment_is_taken_back_once(staff, ready):
    instalments.pay(staff.cashier, ready, voucher_number="1")
    entry = LedgerEntry.objects.get(kind=LedgerKind.PAID)
    change = corrections.ask(staff.cashier, entry, corrections.Finding("mistaken", "x"))

    def press(number: int) -> bool:
        try:
            services.confirm((staff.finance, staff.head)[number % 2], Change.objects.get(pk=change.pk))
        except Refused:
            return False
        return True

    assert sum(in_parallel(press)) == 1
    assert sorted(LedgerEntry.objects.filter(kind=LedgerKind.PAID).values_list("amount", flat=True)) == [
        -60_000,
        60_000,
    ]


def test_paying_taking_back_returning_and_a_sanction_meet(staff, ready):
    """Whatever comes first, the others fit what is then there, or are refused; the figures agree."""
    award = ready.award
    decision = sanctions.record(
        staff.officer, award, sanctions.SanctionDraft("misuse", clock.today(), clock.today(), "x", 10_000)
    )
    acts = (
        lambda: instalments.pay(staff.cashier, Instalment.objects.get(pk=ready.pk), voucher_number="1"),
        lambda: instalments.withdraw_approval(staff.finance, Instalment.objects.get(pk=ready.pk), reason="x"),
        lambda: instalments.return_receipt(staff.officer, Instalment.objects.get(pk=ready.pk), reason="x"),
        lambda: sanctions.confirm(staff.head, Sanction.objects.get(pk=decision.pk)),
    )

    def act(number: int) -> bool:
        try:
            acts[number % len(acts)]()
        except Refused:
            return False
        return True

    in_parallel(act)
    ready.refresh_from_db()
    assert ready.status in ("paid", "requested", "awaiting_receipt")
    assert LedgerEntry.objects.filter(kind=LedgerKind.PAID).count() == (ready.status == "paid")
    assert list(reconciling.differences()) == []


def test_two_approvers_accept_two_settlements_at_once(staff):
    """Each account is accepted once, and what it releases is released once."""
    second = person(Role.APPROVER)
    rows = []
    for _ in range(2):
        row = submitted(approved(staff=staff), 70_000, 40_000)
        reports.check_sums(staff.finance, row, admit(row, 70_000, 40_000))
        rows.append(reports.check_content(staff.officer, row))

    def press(number: int) -> bool:
        row = Settlement.objects.get(pk=rows[number % 2].pk)
        try:
            reports.accept((staff.head, second)[number // 2 % 2], row)
        except Refused:
            return False
        return True

    in_parallel(press)
    released = LedgerEntry.objects.filter(kind=LedgerKind.RELEASED)
    assert Counter(released.values_list("award", "amount")) == Counter((row.award_id, 10_000) for row in rows)
    assert list(reconciling.differences()) == []
