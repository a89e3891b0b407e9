"""Two approvers sit at once over the same money: real connections, the page as they press it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from grants.models import Award, Proposal
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.grants import EnvelopeFactory

from .test_sittings import PATH, TOTAL, chosen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_two_sittings_never_overspend_the_envelope(people):
    """Each approver decides all ten cases, one from the top and one from the end; there is money for five."""
    made = [reviews.proposed(people) for _ in range(10)]
    EnvelopeFactory(scheme=made[0].application.scheme, amount=5 * TOTAL)
    halves = [(people.head, made[:7]), (person(Role.APPROVER), made[3:])]
    barrier = Barrier(2)

    def press(user, rows):
        try:
            client = Client(raise_request_exception=False)
            client.force_login(user)
            barrier.wait(120)
            return client.post(PATH, chosen(rows, *["approve"] * len(rows))).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(lambda half: press(*half), halves))
    assert 500 not in statuses
    assert [award.total for award in Award.objects.all()] == [TOTAL] * 5
    assert Proposal.objects.filter(decision=Proposal.Decision.OPEN).count() == 5
