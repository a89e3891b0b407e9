"""Two records become one while a case of one of them is filed: neither waits for the other for ever, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from threading import Event

import pytest
from django.db import connection

from communities.models import Organisation
from communities.services.merging import moving, proposals
from grants.enums import ApplicationStatus as S
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of

from .filing import file, ready_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def until_somebody_waits():
    """Return once another connection waits for a lock."""
    # A row that somebody waits for shows as a transaction that is waited for.
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _turn in range(200):
        with connection.cursor() as cursor:
            cursor.execute(query)
            if cursor.fetchone()[0]:
                return
        Event().wait(0.05)
    raise AssertionError("nobody waited")


def alone(act, *args):
    try:
        return act(*args)
    finally:
        connection.close()


@pytest.fixture
def world():
    kept, merged = OrganisationFactory(tax_id=""), OrganisationFactory(tax_id="12345675")
    chair = chair_of(merged)
    case = ready_case(merged, chair)
    change = proposals.propose(person(Role.CASE_OFFICER), kept, merged, "同一個單位登記了兩次")
    return kept, User.objects.get(pk=chair.pk), case, person(Role.APPROVER), change


@pytest.mark.parametrize("first", ["filing", "merger"])
def test_a_case_is_filed_while_its_association_is_merged(world, monkeypatch, first):
    kept, chair, case, head, change = world
    holds, where, name = Event(), *((applications, "permit") if first == "filing" else (moving, "move_all"))
    usual = getattr(where, name)

    def held(*args):
        if not holds.is_set():
            holds.set()
            until_somebody_waits()
        return usual(*args)

    monkeypatch.setattr(where, name, held)
    acts = [(file, chair, case), (services.confirm, head, change)]
    if first == "merger":
        acts.reverse()
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(alone, *acts[0])]
        assert holds.wait(120)
        running.append(pool.submit(alone, *acts[1]))
        for one in running:
            # Whoever waited for the merger is still known as of the old record; the next request knows better.
            with suppress(Refused) if first == "merger" else nullcontext():
                one.result(timeout=60)
    if first == "merger":
        case.refresh_from_db()
        file(User.objects.get(pk=chair.pk), case)
    case.refresh_from_db()
    assert (case.status, case.organisation) == (S.SUBMITTED, kept)
    assert Organisation.every_record.get(tax_id="12345675", merged_into=kept)
