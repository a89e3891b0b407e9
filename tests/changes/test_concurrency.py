"""Many people at the same change at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person

from .example import propose_greeting

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def together(acts):
    barrier = Barrier(len(acts))

    def one(act):
        try:
            barrier.wait(120)
            act()
        except Refused as refused:
            return refused.reason
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def test_one_of_many_proposals_waits():
    people = [person(Role.CASE_OFFICER) for _ in range(AT_ONCE)]
    answers = together([lambda user=user: propose_greeting(user, "早安") for user in people])
    refused = "這項資料已經有一件變更等人確認，請先確認、不同意或收回那一件。"
    assert answers == sorted(["done"] + [refused] * (AT_ONCE - 1))
    assert Change.objects.count() == 1


def test_one_of_many_decisions_counts():
    change = propose_greeting(person(Role.CASE_OFFICER), "早安")
    people = [person(Role.APPROVER) for _ in range(AT_ONCE)]
    answers = together([lambda user=user: services.confirm(user, change) for user in people])
    assert answers == sorted(["done"] + ["這件變更已經決定了。"] * (AT_ONCE - 1))
    assert Change.objects.get().status == ChangeStatus.CONFIRMED
