"""Two people enter the first money of a year at the same moment: one row, nobody sees an error."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from grants.models import Envelope
from grants.services.schemes import set_envelope
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_two_first_entries_of_a_year_make_one_envelope():
    scheme, head = SchemeFactory(), person(Role.APPROVER)

    def enter(amount):
        try:
            return set_envelope(scheme, 2013, amount, head, "高雄縣 主管").amount
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(enter, range(1, 9))) == list(range(1, 9))
    assert Envelope.objects.filter(scheme=scheme, year=2013).count() == 1
