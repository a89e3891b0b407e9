"""A change of the money decided while the first instalment is paid: one after the other, and the sums still add up."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from grants.enums import InstalmentStatus
from grants.models import Award
from grants.queries.payments import movements
from grants.services.amendments import deciding
from grants.services.amendments.deciding import Answer
from grants.services.payments import instalments
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.money import approved
from tests.grants import amending

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ROUNDS = 6


def both(*works) -> list[str]:
    barrier = Barrier(len(works), timeout=30)

    def run(work) -> str:
        try:
            barrier.wait()
            work()
        except Refused:
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_decided_while_paid(staff, _round):
    award = approved(staff=staff)
    row = amending.checked(staff, amending.asked(award, amending.amount(award, 1, 65_000)))
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    instalments.approve_payment(staff.head, first)
    yes = {item.pk: Answer(True) for item in row.items.all()}
    answers = both(
        lambda: deciding.decide(staff.head, row, yes),
        lambda: instalments.pay(staff.cashier, first, voucher_number="1"),
    )
    assert answers[1] == "done"
    award = Award.objects.get(pk=award.pk)
    money = movements(award)
    assert (money.paid, money.committed - money.released) == (60_000, award.total)
    left = sum(award.instalments.exclude(status=InstalmentStatus.PAID).values_list("amount", flat=True))
    assert (award.total, left) == ((105_000, 45_000) if answers[0] == "done" else (120_000, 60_000))
    assert verify().problem == ""


def test_two_decide_at_once(staff):
    award = approved(staff=staff)
    row = amending.checked(staff, amending.asked(award, amending.amount(award, 1, 65_000)))
    yes = {item.pk: Answer(True) for item in row.items.all()}
    both(*[lambda: deciding.decide(staff.head, row, yes)] * 4)
    award = Award.objects.get(pk=award.pk)
    assert (award.version, movements(award).released, award.versions.count()) == (2, 15_000, 2)
