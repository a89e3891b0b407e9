"""Money at a glance: a year by programme and the months ahead add up to the ledger, for the own county alone."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.models import Award, Deadline, Envelope
from grants.queries.overview import money
from grants.queries.payments import movements
from grants.services.audit import reconciling
from grants.services.payments import returns
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.money import approved, member
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


def months() -> dict[str, tuple[int, int]]:
    return {flow.month: (flow.out, flow.back) for flow in money.flows(["kaohsiung"], TODAY)}


def test_a_programme_adds_up_and_the_months_follow_the_deadlines(client, staff):
    award = approved(staff=staff, receipt_due=dt.date(2010, 6, 30), settlement_due=dt.date(2010, 9, 30))
    settle_by = Deadline.objects.get(award=award, kind="settlement").due_on
    receipt_by = Deadline.objects.get(award=award, kind="receipt").due_on
    assert months() == {f"{receipt_by:%Y-%m}": (60_000, 0), f"{settle_by:%Y-%m}": (60_000, 0)}
    Deadline.objects.filter(award=award, kind="receipt").update(due_on=dt.date(2010, 5, 3))
    assert months()["2010-06"][0] == 60_000
    paid_first(award, staff)
    (row,) = money.programme_sums(Envelope.objects.all())
    assert (row.cases, row.approved, row.paid, row.back, row.waits) == (1, 120_000, 60_000, 0, 60_000)
    accepted(award, staff, (40_000, 10_000))
    due = Deadline.objects.get(award=award, kind="return")
    assert months() == {f"{due.due_on:%Y-%m}": (0, 10_000)}
    due.delete()
    assert months() == {"": (0, 10_000)}
    returns.record_return(staff.cashier, award, amount=4_000, voucher_number="收1")
    (row,) = money.programme_sums(Envelope.objects.all())
    assert (row.approved, row.paid, row.back, row.waits) == (50_000, 60_000, 4_000, 0)
    assert list(reconciling.differences()) == []
    client.force_login(staff.finance)
    page = client.get(reverse("grants:money_overview")).content.decode()
    assert "6,000" in page
    assert "120,000" not in client.get(reverse("grants:money_overview"), {"year": "98"}).content.decode()


def test_another_county_sees_nothing_of_it_and_members_no_page(client, staff):
    award = approved(staff=staff)
    client.force_login(person(Role.FINANCE_OFFICER, county="miaoli"))
    assert "120,000" not in client.get(reverse("grants:money_overview")).content.decode()
    client.force_login(member(award))
    assert client.get(reverse("grants:money_overview")).status_code == 403


def test_an_award_as_one_line(staff):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    award = Award.objects.get(pk=award.pk)
    line = money.line_of(award, movements(award), list(award.instalments.all()), None)
    assert [(step.amount, step.wide) for step in line] == [(120_000, 1_000), (60_000, 500), (110_000, 916)]
