"""Many associations ask for the last place of a course at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from communities.models import Enrolment
from communities.services.training import enrolments
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.training import announced

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_the_last_place_goes_to_one_and_all_others_stand_in_one_line():
    course = announced(person(Role.CASE_OFFICER), places=3)
    bodies = [OrganisationFactory() for _ in range(8)]
    chairs = [chair_of(body) for body in bodies]

    def enrol(number):
        try:
            return [row.status for row in enrolments.enrol(chairs[number], course, bodies[number], ["甲示範"])]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = [status for statuses in pool.map(enrol, range(8)) for status in statuses]
    assert (found.count("enrolled"), found.count("waiting")) == (3, 5)
    rows = list(Enrolment.objects.filter(status="enrolled"))

    def withdraw(row):
        try:
            enrolments.withdraw(row.enrolled_by, row)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(withdraw, rows))
    states = list(Enrolment.objects.order_by("pk").values_list("status", flat=True))
    assert (states.count("enrolled"), states.count("waiting"), states.count("withdrawn")) == (3, 2, 3)
    # Those who waited longest have the places.
    left = [status for status in states if status != "withdrawn"]
    assert left == ["enrolled"] * 3 + ["waiting"] * 2
