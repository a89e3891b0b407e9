"""Misuse and revocation: what comes back before and after the settlement, and what is paid no more."""

import datetime as dt

import pytest

from grants.enums import AwardStatus, InstalmentStatus, RulingStatus
from grants.models import Award, Deadline, LedgerEntry
from grants.queries.payments import movements, outcome_of, refund_due, returns
from grants.queries.schemes import envelopes
from grants.services import sanctions
from grants.services.payments import instalments
from grants.services.payments.returns import record_return
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.letters import issued
from tests.factories.money import approved

from .sanctioning import DECIDED, decided, draft, paragraphs
from .settling import accepted, paid_first

pytestmark = pytest.mark.django_db


def test_misuse_after_settlement_brings_back_what_was_misused(staff, award):
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    last = award.instalments.get(number=2)
    instalments.request_payment(staff.officer, last, receipt_number="2")
    instalments.approve_payment(staff.head, last)
    instalments.pay(staff.cashier, last, voucher_number="2")
    award = Award.objects.get(pk=award.pk)
    assert award.status == AwardStatus.CLOSED
    row = decided(staff, award, draft("misuse", disallowed=12_345))
    award = Award.objects.get(pk=award.pk)
    # Nothing is revoked: the award is open again until the money is back, then it closes.
    assert (award.status, refund_due(award)) == (AwardStatus.COMPLETED, 12_345)
    assert (row.barred_from, row.next_application) == (None, True)
    assert envelopes.use_of(award.envelope).approved == 110_000 - 12_345
    assert [(found.pk, found.due) for found in returns(staff.finance)] == [(award.pk, 12_345)]
    issued(staff.officer, row.letter)
    record_return(staff.finance, award, amount=12_345, voucher_number="收1")
    assert Award.objects.get(pk=award.pk).status == AwardStatus.CLOSED
    assert Deadline.objects.get(award=award, kind="return").done_on == DECIDED


def test_misuse_before_settlement_is_carried_to_it(staff, award):
    """柒三 asks for what was misused and bars the next application; it ends nothing and stops no payment."""
    row = decided(staff, award, draft("misuse", disallowed=10_000))
    award = Award.objects.get(pk=award.pk)
    assert (award.status, refund_due(award), row.next_application) == (AwardStatus.ACTIVE, 0, True)
    assert list(award.instalments.values_list("status", flat=True)) == ["awaiting_receipt", "scheduled"]
    assert LedgerEntry.objects.filter(award=award).count() == 1
    paid_first(award, staff)
    settlement = accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    award = Award.objects.get(pk=award.pk)
    # 110,000 were admitted, 10,000 of it misused: 100,000 are borne, of which 60,000 are paid.
    assert (settlement.eligible, award.instalments.get(number=2).amount) == (110_000, 40_000)
    assert envelopes.use_of(award.envelope).approved == 100_000
    assert "扣除支用不當 10,000 元後的 100,000 元" in outcome_of(award, movements(award)).arithmetic


def test_misuse_beyond_what_is_left_to_pay_comes_back_at_the_settlement(staff, award):
    paid_first(award, staff)
    decided(staff, award, draft("misuse", disallowed=55_000))
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    award = Award.objects.get(pk=award.pk)
    assert (award.instalments.get(number=2).status, refund_due(award)) == (InstalmentStatus.CANCELLED, 5_000)
    assert [(found.due, found.due_on) for found in returns(staff.finance)] == [(5_000, dt.date(2010, 7, 5))]


def test_misuse_does_not_wait_for_a_payment_before_the_settlement(staff, award):
    instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    assert decided(staff, award, draft("misuse", disallowed=1)).status == RulingStatus.CONFIRMED
    award.refresh_from_db()
    assert award.instalments.get(number=1).status == InstalmentStatus.REQUESTED


def test_misuse_before_the_last_payment_makes_it_smaller(staff, award):
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    decision = draft("misuse", disallowed=10_000)
    due = sanctions.consequences(Award.objects.get(pk=award.pk), decision)
    decided(staff, award, decision)
    award = Award.objects.get(pk=award.pk)
    # Of 110,000 admitted and 10,000 misused the county bears 100,000: 60,000 are paid, 40,000 still to come.
    assert (due.stopped, due.released, refund_due(award)) == (10_000, 10_000, 0)
    assert [(row.status, row.amount) for row in award.instalments.all()] == [
        ("paid", 60_000),
        ("awaiting_receipt", 40_000),
    ]
    assert (award.status, envelopes.use_of(award.envelope).approved) == (AwardStatus.COMPLETED, 100_000)


def test_misuse_after_settlement_waits_for_a_payment_on_its_way(staff, award):
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000))
    instalments.request_payment(staff.officer, award.instalments.get(number=2), receipt_number="2")
    with pytest.raises(Refused, match="請款或撥付中"):
        sanctions.record(staff.officer, award, draft("misuse", disallowed=1_000))


def test_misuse_that_the_settlement_struck_out_only_bars(staff, organisation):
    award = approved((50_000,), staff=staff, organisation=organisation)
    accepted(award, staff, (50_000,), (45_000,))
    row = decided(staff, award, draft("misuse"))
    assert (row.next_application, envelopes.use_of(award.envelope).approved) == (True, 45_000)
    assert award.instalments.get().status == InstalmentStatus.AWAITING_RECEIPT


def test_the_letter_of_a_misuse_before_the_settlement_revokes_nothing(staff, award):
    texts = paragraphs(decided(staff, award, draft("misuse", disallowed=12_000)))
    assert texts[4] == (
        "支用不當之經費新臺幣1萬2,000元整，於結報核銷時自核銷金額扣除；扣除後已撥付之款項有餘者，應予繳回。"
        "本案計畫應繼續依核定內容執行。"
    )
    assert not any(word in line for word in ("廢止", "核實支出") for line in texts)


def test_revocation_is_a_decision_of_its_own(staff, award):
    paid_first(award, staff)
    decided(staff, award, draft("misuse", disallowed=10_000))
    row = decided(staff, Award.objects.get(pk=award.pk), draft("revoked", reason="經催告仍未改善"))
    award = Award.objects.get(pk=award.pk)
    assert (award.status, refund_due(award)) == (AwardStatus.REVOKED, 10_000)
    assert award.instalments.get(number=2).status == InstalmentStatus.CANCELLED
    assert envelopes.use_of(award.envelope).approved == 50_000
    # The bar is that of the misuse, once.
    assert (row.barred_from, row.next_application, sanctions.in_words(row)) == (None, False, "")
    letter = row.letter
    assert letter.subject == f"有關貴會「{award.application.title}」補助計畫，廢止原核定補助如說明，請查照。"
    assert letter.explanation[0].endswith(f"柒、三及行政程序法第123條辦理（案號{award.number}）。")
    assert "本府原核定之補助自本件送達時起廢止。" in letter.explanation
    assert "尚未撥付之新臺幣6萬元整不再撥付。" in letter.explanation
    assert any("已撥付6萬元中，支用不當1萬元應繳回" in line for line in letter.explanation)


def test_only_a_confirmed_revocation_revokes(staff, award):
    row = sanctions.record(staff.officer, award, draft("revoked"))
    award.refresh_from_db()
    assert award.status == AwardStatus.ACTIVE
    with pytest.raises(Refused, match="登錄的人不能自己確認"):
        sanctions.confirm(staff.officer, row)
