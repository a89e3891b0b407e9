"""The page of a 結報 asks the database little, whoever looks and however many months and lines there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.compliance.judging import judge
from grants.compliance.stored import store_evaluation
from grants.enums import EvaluationStage
from grants.models import AwardLine, BudgetLine
from grants.services.settlements import reports
from tests.factories.money import approved, member

from .attending import ACCEPTED, judged, station, to_read
from .settling import accepted, admit, paid_first, submitted

pytestmark = pytest.mark.django_db
# Five to seven of them are for how the association stands, which whoever decides reads beside the figures; three
# for the vouchers and what the account would come to today.
MOST = 30


@pytest.fixture
def asked(client):
    """How often the page asks, beside what the first page of a session writes."""

    def count(user, award) -> int:
        client.force_login(user)
        client.get("/notices/")
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/settlements/{award.number}/").status_code == 200
        return len(found)

    return count


def keep_approval(award) -> None:
    """The evaluation that approval leaves behind."""
    case = award.application
    store_evaluation(case, EvaluationStage.APPROVAL, judge(case, stage=EvaluationStage.APPROVAL))


def test_a_day_care_with_a_month_to_explain(staff, asked):
    award = station(staff, "disability_day_care")
    paid_first(award, staff)
    keep_approval(award)
    settlement = to_read(staff, award)
    counts = [asked(staff.officer, award), asked(staff.cashier, award)]
    judged(staff, settlement, ACCEPTED)
    reports.check_content(staff.officer, settlement)
    counts.append(asked(staff.head, award))
    reports.accept(staff.head, settlement)
    counts += [asked(user, award) for user in (staff.head, staff.cashier, member(award))]
    assert max(counts) <= MOST, counts


def test_figures_that_the_law_asks_about(staff, asked):
    award = approved((100_000, 10_000), staff=staff)
    keep_approval(award)
    settlement = submitted(award, 50_000, 5_300)
    for model in (BudgetLine, AwardLine):
        model.objects.filter(position=2).update(item="admin_overhead")
    counts = [asked(user, award) for user in (staff.finance, staff.officer, staff.head)]
    reports.check_sums(staff.finance, settlement, admit(settlement, 50_000, 5_300, reason=""))
    counts += [asked(user, award) for user in (staff.finance, staff.officer, staff.head)]
    assert max(counts) <= MOST, counts


def test_money_to_return(staff, asked):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (30_000, 20_000))
    counts = [asked(user, award) for user in (staff.cashier, staff.officer, member(award))]
    assert max(counts) <= MOST, counts
