"""Two officers declare the same day at the same moment, while others file: one closure, each day moved once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from grants.models import Closure, Deadline, DueMove
from grants.services.calendar import closures
from grants.services.calendar.closures import Declared
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
TODAY, TOMORROW = dt.date(2010, 6, 1), dt.date(2010, 6, 2)


def at_once(act, *values):
    """Run it for each value on a connection of its own."""

    def alone(value):
        try:
            with clock.travel(TODAY):
                return act(value)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(values)) as pool:
        return list(pool.map(alone, values))


def test_a_day_declared_by_many_at_once_moves_each_deadline_once():
    staff = money.county()
    awards = [money.approved(staff=staff, settlement_due=TODAY) for _ in range(3)]
    members = [money.member(award) for award in awards]
    declared = Declared("kaohsiung", TODAY, (), "凡那比颱風")
    found = at_once(lambda user: closures.declare(user, declared), *[staff.officer, staff.head] * 4)
    assert {closure.pk for closure, _moves in found} == {Closure.objects.get().pk}
    assert sorted(len(moves) for _closure, moves in found) == [0] * 7 + [3]
    assert list(Deadline.objects.values_list("due_on", flat=True)) == [TOMORROW] * 3
    assert (DueMove.objects.count(), AuditEntry.objects.filter(action="calendar.move").count()) == (3, 3)
    assert [Notice.objects.filter(recipient=user, kind="application.due_moved").count() for user in members] == [1] * 3
    # The process that declared it counts with it at once.
    assert office_calendar.of("kaohsiung").next_workday(TODAY) == TOMORROW


def test_declared_and_taken_back_at_once_leaves_one_or_the_other():
    staff = money.county()
    money.approved(staff=staff, settlement_due=TODAY)
    declared = Declared("kaohsiung", TODAY, (), "凡那比颱風")
    first, _moves = closures.declare(staff.officer, declared)

    def either(user):
        if user == staff.officer:
            return closures.take_back(user, first, "登錄錯誤")
        return closures.declare(user, declared)

    at_once(either, staff.officer, staff.head)
    holds = Closure.objects.filter(taken_back_on=None).exists()
    assert Deadline.objects.get().due_on == (TOMORROW if holds else TODAY)
    assert DueMove.objects.filter(undone_on=None).count() == holds
