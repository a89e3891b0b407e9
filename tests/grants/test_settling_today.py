"""如果今天結報: every day from the approval on, by the rules of the acceptance itself."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Award, Settlement
from grants.queries.payments import movements, outcome_of
from grants.queries.settlements.today import forecast
from grants.services.settlements import reports
from tests.factories.money import approved, county, member
from tests.grants import settling

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return county()


@pytest.fixture
def award(staff) -> Award:
    return approved(staff=staff)


def test_before_anything_is_spent_everything_is_left(award):
    found = forecast(award, None, 0)
    assert (found.spent, found.left, found.outcome.payable, found.outcome.refund) == (0, 120_000, 0, 0)
    assert [one.arithmetic for one in found.deductions] == ["核定 120,000 元 − 可核銷 0 元 = 120,000 元"]


def test_each_deduction_has_clause_and_arithmetic(award, staff):
    settling.paid_first(award, staff)
    user = member(award)
    settlement = settling.opened(award, user)
    reports.save(user, settlement, settling.report(settlement, 90_000, 10_000))
    found = forecast(award, settlement, 0)
    assert (found.spent, found.own, found.left) == (100_000, 10_000, 30_000)
    assert (found.outcome.payable, found.outcome.refund) == (30_000, 0)
    assert [(one.arithmetic, one.clause) for one in found.deductions] == [
        ("實支 90,000 元 − 核定 80,000 元 = 10,000 元", "K7.1b"),
        ("核定 120,000 元 − 可核銷 90,000 元 = 30,000 元", "K7.1b"),
    ]
    reports.save(user, settlement, settling.report(settlement, 20_000, 10_000))
    found = forecast(award, settlement, 0)
    assert (found.outcome.payable, found.outcome.refund) == (0, 30_000)
    assert found.deductions[-1].clause == "K7.3a"


def test_what_it_says_is_what_acceptance_brings(award, staff):
    settling.paid_first(award, staff)
    settlement = settling.submitted(award, 80_000, 40_000)
    reports.check_sums(staff.finance, settlement, settling.admit(settlement, 70_000, 40_000))
    reports.check_content(staff.officer, settlement)
    settlement = Settlement.objects.get()
    before = forecast(award, settlement, 0)
    assert "剔除（單據不符）" in before.deductions[0].text
    reports.accept(staff.head, settlement)
    fresh = Award.objects.get()
    assert before.outcome == outcome_of(fresh, movements(fresh))


def test_it_stands_on_both_pages_for_who_may_read_it(award, staff):
    user = member(award)
    client = Client()

    def shown(who) -> list[bool]:
        client.force_login(who)
        pages = [reverse(f"grants:{name}", args=[award.number]) for name in ("award_detail", "settlement_detail")]
        return ["如果今天結報" in client.get(page).content.decode() for page in pages]

    assert (shown(user), shown(staff.officer)) == ([True, True], [True, True])
    settling.opened(award, user)
    # A draft is the association's own.
    assert (shown(user), shown(staff.officer)) == ([True, True], [False, False])
