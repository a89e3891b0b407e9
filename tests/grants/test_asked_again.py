"""Where money leaves, whoever presses has given the password or the second factor within the hour."""

import datetime as dt

import pytest
import time_machine
from django.urls import resolve, reverse

from grants.services.payments import instalments
from tests.factories.money import approved, member
from tests.grants.papers import paper

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)
PASSWORD = "demo-88-2010"


@pytest.fixture
def row(staff):
    award = approved(staff=staff)
    first = award.instalments.get(number=1)
    return instalments.request_payment(member(award), first, receipt_number="1", receipt=paper())


def at_work(client, clock, user, minutes: int) -> None:
    """Signed in at the start, and busy until so many minutes later."""
    client.force_login(user)
    for minute in (*range(0, minutes, 20), minutes):
        clock.move_to(START + dt.timedelta(minutes=minute))
        assert client.get(reverse("me")).status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(60, "approved"), (61, "requested")])
def test_an_hour_after_the_last_proof_money_is_not_approved_or_paid(client, staff, row, minutes, status):
    address = reverse("grants:instalment_approve", args=[row.award.number, 1])
    with time_machine.travel(START, tick=False) as clock:
        at_work(client, clock, staff.head, minutes)
        assert client.get(address, follow=True).status_code == 200
        client.post(address, {})
    row.refresh_from_db()
    assert row.status == status


def test_what_was_typed_is_sent_on_after_the_password(client, staff, row):
    address = reverse("grants:instalment_approve", args=[row.award.number, 1])
    with time_machine.travel(START, tick=False) as clock:
        at_work(client, clock, staff.head, 61)
        asked = client.post(address, {"note": "領據齊"})
        assert asked.url == f"{reverse('account_reauthenticate')}?next={reverse('rescued')}"
        again = client.post(asked.url, {"password": "wrong"})
        assert (again.status_code, client.post(address, {}).status_code) == (200, 302)
        there = client.post(asked.url, {"password": PASSWORD, "next": reverse("rescued")})
        assert there.url == reverse("rescued")
        kept = client.get(there.url).context["kept"]
        assert kept.path == address
        client.post(kept.path, dict(kept.fields))
    row.refresh_from_db()
    assert row.status == "approved"


@pytest.mark.parametrize("name", ["instalment_approve", "instalment_pay", "payment_batch_send", "payment_import"])
def test_what_lets_money_go_asks(client, staff, row, name):
    """Also where the row would not be found: it is asked before anything else."""
    args = [row.award.number, 1] if name.startswith("instalment") else [1]
    address = reverse(f"grants:{name}", args=args)
    assert resolve(address).url_name == name
    with time_machine.travel(START, tick=False) as clock:
        at_work(client, clock, staff.head if name == "instalment_approve" else staff.cashier, 61)
        assert client.post(address, {}).url.startswith(reverse("account_reauthenticate"))
