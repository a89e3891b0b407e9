"""Reopening a case and paying for it at the same moment, on connections of their own: one of the two happens first."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from grants.enums import InstalmentStatus
from grants.models import Award, Instalment
from grants.queries.payments import movements
from grants.services.payments import instalments
from grants.services.reviews import reopenings
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.money import approved, county, member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
RULING = reopenings.Ruling("error", "簽1", dt.date(2010, 5, 31), "誤算")


def at_once(*acts):
    """Run the acts on connections of their own; return of each whether it was done."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(120)
            act()
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("turn", range(4))
def test_a_payment_and_a_reopening_never_both_count_the_same_money(turn, portal_date):
    staff = county()
    award = approved((80_000, 40_000), staff=staff)
    change = reopenings.ask(staff.officer, award.application, RULING)
    first = award.instalments.get(number=1)
    Instalment.objects.filter(pk=first.pk).update(
        status=InstalmentStatus.APPROVED,
        requested_by=member(award),
        approved_by=staff.officer,
        approved_on=clock.today(),
    )
    director = person("approver")
    paid, stopped = at_once(
        lambda: instalments.pay(staff.cashier, Instalment.objects.get(pk=first.pk), voucher_number="憑1"),
        lambda: services.confirm(director, change),
    )
    award, money = Award.objects.get(pk=award.pk), movements(award)
    # The payment was under way, so the reopening was either refused, or it came after and counts what was paid.
    assert paid
    assert money.paid == 60_000
    assert (award.status, money.committed - money.released) == (
        ("reopened", 60_000) if stopped else ("active", 120_000)
    )


def test_a_case_is_reopened_once(portal_date):
    staff = county()
    award = approved(staff=staff)
    change = reopenings.ask(staff.officer, award.application, RULING)
    directors = [person("approver") for _ in range(4)]
    done = at_once(*[lambda one=one: services.confirm(one, change) for one in directors])
    assert sum(done) == 1
    assert (award.application.reopenings.count(), movements(award).released) == (1, 120_000)
