"""Many hands on one instalment: the money goes out once, nobody meets an error."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from grants.enums import LedgerKind
from grants.models import LedgerEntry
from grants.services.payments import instalments
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.money import approved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
HANDS = 20


def in_parallel(work) -> list:
    barrier = Barrier(HANDS, timeout=30)

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
            return instalments.pay(who, ready, voucher_number=str(number)).voucher_number
        except Refused:
            return "refused"

    answers = Counter(in_parallel(press))
    assert answers["refused"] == HANDS - 1
    (entry,) = LedgerEntry.objects.filter(kind=LedgerKind.PAID)
    assert answers[entry.note] == 1
    assert verify().problem == ""
