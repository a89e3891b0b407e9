"""How often each step of a case and of its money asks the database: an equality, so that neither more nor less passes unseen.

Each step is measured as a request finds it, with the person and the row read anew before it.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from grants.letters import compose
from grants.models import Award
from grants.services.awards import decisions
from grants.services.letters import dispatch
from grants.services.payments import instalments
from grants.services.reviews import checks, proposals
from grants.services.settlements import reports
from tests.factories import money, reviews
from tests.factories.grants import EnvelopeFactory

from .test_services_letters import NUMBER, TODAY
from .test_services_settlements import admit, paid_first, submitted, tell

pytestmark = pytest.mark.django_db


def fresh(row: Model) -> Model:
    return type(row).objects.get(pk=row.pk)


def queries(service: Callable, user: Model, row: Model, *values: object, **named: object) -> int:
    """How many statements the service sends for this person and row."""
    user, row = fresh(user), fresh(row)
    with CaptureQueriesContext(connection) as asked:
        service(user, row, *values, **named)
    return len(asked)


@pytest.fixture
def staff():
    return reviews.staff()


def test_deciding_on_a_case(staff, monkeypatch):
    monkeypatch.setattr(compose, "render", lambda letters, *, final=False: b"%PDF-1.7")
    counts, case = {}, reviews.filed()
    counts["receive"] = queries(checks.receive, staff.officer, case)
    case = reviews.checked(staff, fresh(case))
    amounts = {line.pk: (line.requested, "") for line in case.lines.all()}
    counts["propose"] = queries(proposals.propose, staff.officer, case, amounts, note="", edition=case.edition)
    EnvelopeFactory(scheme=case.scheme)
    counts["approve"] = queries(decisions.approve, staff.head, case)
    letter = Award.objects.get().application.letters.get()
    number = {"dispatch_number": NUMBER, "dispatched_on": TODAY}
    counts["issue the letter"] = queries(dispatch.issue, staff.officer, letter, **number)
    assert counts == {"receive": 13, "propose": 35, "approve": 63, "issue the letter": 44}


def test_deciding_against_a_case(staff):
    counts = {}
    counts["reject"] = queries(decisions.reject, staff.head, reviews.proposed(staff).application, note="不符")
    case = reviews.received(staff)
    counts["propose a refusal"] = queries(proposals.propose_refusal, staff.officer, case, reason="逾期")
    counts["do not accept"] = queries(decisions.not_accept, staff.head, case)
    assert counts == {"reject": 26, "propose a refusal": 21, "do not accept": 32}


def test_paying_an_instalment():
    staff = money.county()
    first, counts = money.approved(staff=staff).instalments.get(number=1), {}
    counts["request"] = queries(instalments.request_payment, staff.officer, first, receipt_number="1")
    counts["approve"] = queries(instalments.approve_payment, staff.head, first)
    counts["pay"] = queries(instalments.pay, staff.finance, first, voucher_number="1")
    assert counts == {"request": 21, "approve": 23, "pay": 25}


def test_settling_an_award():
    staff, counts = money.county(), {}
    award = money.approved(staff=staff)
    paid_first(award, staff)
    settlement = submitted(award, 80_000, 40_000)
    amounts = admit(settlement, 80_000, 40_000)
    counts["check the sums"] = queries(reports.check_sums, staff.finance, settlement, amounts)
    counts["check the content"] = queries(reports.check_content, staff.officer, settlement)
    assert award.application.checklist.filter(item="K7.4a", verdict="accepted").exists()
    counts["accept"] = queries(reports.accept, staff.head, settlement)
    tell(award, staff)
    last = award.instalments.get(number=2)
    instalments.request_payment(staff.officer, last, receipt_number="2")
    instalments.approve_payment(staff.head, last)
    counts["pay the last"] = queries(instalments.pay, staff.cashier, last, voucher_number="2")
    assert counts == {"check the sums": 34, "check the content": 43, "accept": 67, "pay the last": 34}
