"""Random histories of an award through the services, in any order and by anybody: money stays within its bounds, and every
figure shown is the sum of its entries.
"""

import datetime as dt
import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grants.enums import OF_PAYMENTS
from grants.models import Award, LedgerEntry, SanctionLifting, Settlement
from grants.queries.payments import movements, outcome_of, refund_due
from grants.services import sanctions
from grants.services.audit import reconciling
from grants.services.awards import reinstating
from grants.services.payments import corrections, instalments, overpaid, returns
from grants.services.settlements import reports, reversing
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import money
from tests.grants.settling import add_papers, admit, opened, report, tell

pytestmark = pytest.mark.django_db
# Each takes a second or two: `make soak` tries as many as are promised.
HISTORIES = 500 if os.environ.get("SOAK") else 8
TODAY, EARLIER = dt.date(2010, 6, 1), dt.date(2010, 5, 28)


class History:
    """One award with its people; each act is tried, and refused where it does not fit."""

    def __init__(self, amounts: tuple[int, int]) -> None:
        self.staff = money.county()
        self.award = money.approved(amounts, staff=self.staff, settlement_due=TODAY)
        self.user = money.member(self.award)
        self.vouchers = 0

    def fresh(self) -> Award:
        return Award.objects.get(pk=self.award.pk)

    def _number(self) -> str:
        self.vouchers += 1
        return str(self.vouchers)

    def _parts(self):
        return self.award.instalments.order_by("number")

    def ask(self, _n: int) -> None:
        for part in self._parts().filter(status="awaiting_receipt"):
            instalments.request_payment(self.staff.officer, part, receipt_number=self._number())

    def send_back(self, _n: int) -> None:
        for part in self._parts().filter(status="requested"):
            instalments.return_receipt(self.staff.officer, part, reason="x")

    def approve(self, _n: int) -> None:
        for part in self._parts().filter(status="requested"):
            instalments.approve_payment(self.staff.head, part)

    def take_back(self, _n: int) -> None:
        for part in self._parts().filter(status="approved"):
            instalments.withdraw_approval(self.staff.cashier, part, reason="x")

    def pay(self, _n: int) -> None:
        self.ask(0)
        self.approve(0)
        for part in self._parts().filter(status="approved"):
            instalments.pay(self.staff.cashier, part, voucher_number=self._number())

    def correct(self, n: int) -> None:
        rows = [row for row in LedgerEntry.objects.filter(award=self.award) if corrections.may_correct(row)]
        if rows:
            why = OF_PAYMENTS[n % len(OF_PAYMENTS)]
            found = corrections.Finding(why, "x", TODAY, self._number())
            change = corrections.ask(self.staff.cashier, rows[n % len(rows)], found)
            try:
                services.confirm(self.staff.head, change)
            except Refused:
                services.refuse(self.staff.head, change, "x")

    def settle(self, n: int) -> None:
        row = Settlement.objects.filter(award=self.award).first()
        if row is None:
            row = opened(self.fresh(), self.user)
            add_papers(row, self.user)
        share = n % 11
        if row.status != "submitted":
            spent = tuple(line.line.approved * share // 10 for line in row.lines.all())
            row = reports.submit(self.user, row, report(row, *spent))
        # After a reversal another part of the same spending is admitted.
        admitted = tuple((line.spent or 0) * share // 10 for line in row.lines.all())
        reports.check_sums(self.staff.finance, row, admit(row, *admitted))
        reports.check_content(self.staff.officer, row)
        reports.accept(self.staff.head, row)
        tell(self.fresh(), self.staff)

    def reverse(self, _n: int) -> None:
        row = Settlement.objects.filter(award=self.award).first()
        if row is None:
            return
        change = reversing.ask(self.staff.officer, row, reversing.Ground("簽1", "x"))
        try:
            services.confirm(self.staff.head, change)
        except Refused:
            services.refuse(self.staff.head, change, "x")

    def money_back(self, n: int) -> None:
        due = refund_due(self.fresh())
        amount = max(1, due * (n % 4) // 3)
        kind = ("returned", "recovered")[n % 2]
        returns.record_return(self.staff.cashier, self.fresh(), amount=amount, voucher_number=self._number(), kind=kind)

    def twice(self, n: int) -> None:
        for part in self._parts().filter(status="paid"):
            asked = {"amount": n + 1, "on": TODAY, "voucher_number": self._number(), "reason": "x"}
            services.confirm(self.staff.head, overpaid.ask(self.staff.cashier, part, **asked))

    def regain(self, n: int) -> None:
        overpaid.regain(self.staff.cashier, self.fresh(), amount=n, voucher_number=self._number())

    def sanction(self, n: int) -> None:
        event = ("not_executed", "misuse", "revoked")[n % 3]
        misused = 0 if event == "not_executed" else 1_000 * (n % 20)
        draft = sanctions.SanctionDraft(event, TODAY, EARLIER, "x", misused)
        row = sanctions.record(self.staff.officer, self.fresh(), draft)
        try:
            sanctions.confirm(self.staff.head, row)
        except Refused:
            sanctions.refuse(self.staff.head, row, "x")

    def lift(self, n: int) -> None:
        for row in self.award.sanctions.filter(status="confirmed"):
            asked = reinstating.ask(self.staff.officer, row, ruling_number="訴1", ruled_on=TODAY, reason="x")
            name = "confirm" if n % 3 else "refuse"
            reinstating.decide(self.staff.head, SanctionLifting.objects.get(pk=asked.pk), name, "x")
        tell(self.fresh(), self.staff)
        Settlement.objects.filter(award=self.award, accepted_on__isnull=False).update(notified_on=TODAY)


ACTS = (
    "ask", "send_back", "approve", "take_back", "pay", "pay", "correct", "correct", "settle", "reverse", "settle",
    "money_back", "twice", "regain", "sanction", "lift",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 60)), min_size=3, max_size=14)


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(
    steps=[("pay", 1), ("settle", 1), ("correct", 3), ("money_back", 1), ("money_back", 1), ("correct", 3)],
    amounts=(80_000, 40_000),
)
@given(steps=STEPS, amounts=st.tuples(st.integers(20_000, 200_000), st.integers(1, 90_000)))
def test_any_history_adds_up(portal_date, steps, amounts):
    with transaction.atomic():
        history = History(amounts)
        for name, number in steps:
            try:
                with transaction.atomic():
                    getattr(history, name)(number)
            except Refused:
                continue
            award = history.fresh()
            held = movements(award)
            assert 0 <= held.back <= held.paid, name
            # Whatever is held beyond what is set aside is asked back.
            assert held.held - (held.committed - held.released) <= refund_due(award), name
            outcome = outcome_of(award, held)
            if outcome is not None:
                assert 0 <= outcome.accepted <= award.total
            assert [str(one) for one in reconciling.differences(numbers=[award.number])] == [], name
        assert list(reconciling.differences()) == []
        transaction.set_rollback(True)
