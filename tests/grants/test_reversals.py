"""An account accepted by mistake: two people take the acceptance back, nothing is overwritten, and the new acceptance pays
after or asks back.
"""

import datetime as dt

import pytest

from grants.enums import LedgerKind
from grants.models import Award, Deadline, LedgerEntry, Settlement
from grants.queries.payments import movements, refund_due
from grants.services.audit import reconciling
from grants.services.payments import instalments, returns
from grants.services.settlements import reports, reversing
from grants.services.settlements.reversing import Ground
from grants.services.settlements.surcharges import Attendance
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import letters
from tests.factories.money import approved, member
from tests.grants import settling
from tests.grants.attending import COURSES, checked, sent, station
from tests.grants.settling import accepted, admit, paid_first, tell

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def award(staff) -> Award:
    row = approved(staff=staff)
    paid_first(row, staff)
    return Award.objects.get(pk=row.pk)


def taken_back(staff, award: Award) -> Settlement:
    settlement = Settlement.objects.select_related("award__application").get(award=award)
    services.confirm(staff.head, reversing.ask(staff.officer, settlement, Ground("簽0990001", "第 2 項重複計算")))
    assert [str(one) for one in reconciling.differences(numbers=[award.number])] == []
    return Settlement.objects.get(award=award)


def accept_again(staff, settlement: Settlement, *admitted: int) -> Award:
    reports.check_sums(staff.finance, settlement, admit(settlement, *admitted))
    reports.check_content(staff.officer, settlement)
    reports.accept(staff.head, settlement)
    tell(settlement.award, staff)
    assert [str(one) for one in reconciling.differences(numbers=[settlement.number])] == []
    return Award.objects.get(pk=settlement.award_id)


def pay_last(staff, award: Award, voucher: str) -> None:
    part = award.instalments.order_by("-number").first()
    instalments.request_payment(staff.officer, part, receipt_number=voucher)
    instalments.approve_payment(staff.head, part)
    instalments.pay(staff.cashier, part, voucher_number=voucher)


def test_only_another_person_who_decides_takes_an_acceptance_back(staff, award):
    settlement = settling.submitted(award, 80_000, 40_000)
    ground = Ground("簽1", "x")
    with pytest.raises(Refused, match="才能撤銷核銷"):
        reversing.ask(staff.officer, settlement, ground)
    accept_again(staff, settlement, 80_000, 30_000)
    settlement.refresh_from_db()
    with pytest.raises(Refused):
        reversing.ask(member(award), settlement, ground)
    change = reversing.ask(staff.head, settlement, ground)
    for user in (staff.head, staff.officer, staff.finance):
        with pytest.raises(Refused):
            services.confirm(user, change)
    assert Settlement.objects.get(pk=settlement.pk).status == "accepted"


def test_what_waited_to_be_paid_is_taken_back_and_paid_as_the_new_acceptance_says(staff, award):
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    last = award.instalments.get(number=2)
    instalments.request_payment(staff.officer, last, receipt_number="2")
    instalments.approve_payment(staff.head, last)
    settlement = taken_back(staff, award)
    last.refresh_from_db()
    assert (settlement.status, settlement.eligible, settlement.accepted_on) == ("submitted", None, None)
    assert (last.status, last.amount, last.receipt_number, last.approved_by) == ("scheduled", 60_000, "", None)
    assert movements(award).committed - movements(award).released == 120_000
    assert AuditEntry.objects.get(action="settlement.reverse").after["taken_back"]["eligible"] == 110_000
    assert Notice.objects.filter(kind="settlement.reversed", recipient__posts__role="member").exists()
    letter = award.application.letters.get(kind="settlement_withdrawn")
    assert "第 2 項重複計算" in "".join(letter.explanation)
    letters.issued(staff.officer, letter)
    award = accept_again(staff, settlement, 80_000, 20_000)
    assert award.instalments.get(number=2).amount == 40_000
    pay_last(staff, award, "付2")
    award.refresh_from_db()
    assert (award.status, movements(award).held) == ("closed", 100_000)


def test_a_closed_award_is_opened_and_what_was_paid_too_much_is_asked_back(staff, award):
    accepted(award, staff, (80_000, 40_000))
    pay_last(staff, award, "付2")
    assert Award.objects.get(pk=award.pk).status == "closed"
    settlement = taken_back(staff, award)
    assert (Award.objects.get(pk=award.pk).status, movements(award).held) == ("completed", 120_000)
    award = accept_again(staff, settlement, 80_000, 25_000)
    assert refund_due(award) == 15_000
    assert Deadline.objects.get(award=award, kind="return").done_on is None
    returns.record_return(staff.cashier, award, amount=15_000, voucher_number="收1")
    assert Award.objects.get(pk=award.pk).status == "closed"


def test_what_came_back_too_much_is_paid_after_in_a_further_instalment(staff, award):
    accepted(award, staff, (80_000, 40_000), (40_000, 10_000))
    returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收1")
    settlement = taken_back(staff, award)
    assert Deadline.objects.filter(award=award, kind="return", done_on=None).count() == 0
    award = accept_again(staff, settlement, 80_000, 40_000)
    last = award.instalments.order_by("-number").first()
    assert (last.status, last.amount) == ("awaiting_receipt", 70_000)
    pay_last(staff, award, "付2")
    award.refresh_from_db()
    assert (award.status, movements(award).held) == ("closed", 120_000)
    assert [str(one) for one in reconciling.differences(numbers=[award.number])] == []


def test_an_open_return_ends_with_the_acceptance_and_its_draft_is_discarded(staff, award):
    accepted(award, staff, (40_000, 10_000), notified=False)
    assert refund_due(award) == 10_000
    taken_back(staff, award)
    assert refund_due(Award.objects.get(pk=award.pk)) == 0
    assert not award.application.letters.filter(kind__in=("return", "settlement_withdrawn"), status="draft").exists()


def test_a_surcharge_is_taken_back_by_a_correcting_entry_and_set_aside_anew(staff):
    award = station(staff)
    paid_first(award, staff)
    settlement = checked(staff, sent(award, {(COURSES, "2010-03"): Attendance(20, 10, 10_000)}), (60_000, 40_000))
    reports.accept(staff.head, settlement)
    tell(award, staff)
    pay_last(staff, award, "付2")
    settlement = taken_back(staff, award)
    assert (movements(award).held, movements(award).committed) == (102_000, 100_000)
    signed = LedgerEntry.objects.filter(award=award, kind=LedgerKind.SURCHARGE).values_list("amount", "correction")
    assert list(signed) == [(2_000, ""), (-2_000, "reversed")]
    reports.accept(staff.head, checked(staff, settlement, (60_000, 30_000)))
    assert [str(one) for one in reconciling.differences(numbers=[award.number])] == []
    assert refund_due(Award.objects.get(pk=award.pk)) == 10_000


def test_a_decided_reversal_is_refused_once_the_account_was_accepted_anew(staff, award):
    accepted(award, staff, (80_000, 40_000))
    settlement = Settlement.objects.select_related("award__application").get(award=award)
    stale = reversing.ask(staff.officer, settlement, Ground("簽1", "x"))
    services.withdraw(staff.officer, stale)
    change = reversing.ask(staff.finance, settlement, Ground("簽2", "y"))
    Settlement.objects.filter(pk=settlement.pk).update(eligible=1)
    with pytest.raises(Refused, match="又核銷過一次"):
        services.confirm(staff.head, change)
    assert not LedgerEntry.objects.filter(kind=LedgerKind.RESTORED).exists()
