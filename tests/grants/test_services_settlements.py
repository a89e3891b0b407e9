"""結報: completion, papers, two checkers, acceptance, and the money that follows from it."""

import datetime as dt

import pytest

from grants.enums import AwardStatus, InstalmentStatus, LedgerKind, SettlementStatus
from grants.models import Award, Deadline, LedgerEntry, Settlement, StoredEvaluation
from grants.queries.desk.tasks import desk_of
from grants.queries.payments import movements, refund_due
from grants.queries.schemes.public import envelope_uses
from grants.services.payments import returns
from grants.services.payments.instalments import approve_payment, pay, request_payment
from grants.services.settlements import papers, record_corrections, reports
from grants.services.settlements.reports import IncompleteError, Report
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import PostFactory
from tests.factories.grants import ProgrammeFactory
from tests.factories.money import approved, member

from .settling import DONE, Kind, accepted, add_papers, admit, opened, paid_first, report, submitted, tell

pytestmark = pytest.mark.django_db

# Completion


def test_completion_opens_the_settlement_and_counts_the_month_anew(staff):
    award = approved((80_000, 40_000), staff=staff, settlement_due=dt.date(2010, 9, 30))
    settlement = opened(award, member(award))
    award.refresh_from_db()
    assert (award.status, award.completed_on, settlement.status) == (AwardStatus.COMPLETED, DONE, "draft")
    assert [line.line.approved for line in settlement.lines.all()] == [80_000, 40_000]
    # One month from the day after completion; from the letter, which was issued a day later.
    assert Deadline.objects.get().due_on == dt.date(2010, 7, 1)
    assert Notice.objects.get().recipient == staff.officer


def test_completion_pressed_twice_is_one_settlement(staff):
    award = approved(staff=staff)
    user = member(award)
    assert opened(award, user) == opened(award, user)
    assert Settlement.objects.count() == 1
    with pytest.raises(Refused):
        reports.register_completion(user, award, dt.date(2010, 5, 30))


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (dt.date(2010, 2, 28), False),
        (dt.date(2010, 3, 1), True),
        (dt.date(2010, 6, 1), True),
        (dt.date(2010, 6, 2), False),
    ],
)
def test_completion_lies_between_the_start_and_today(staff, day, allowed):
    award = approved(staff=staff)
    if allowed:
        assert reports.register_completion(member(award), award, day).completed_on == day
    else:
        with pytest.raises(Refused):
            reports.register_completion(member(award), award, day)


@pytest.mark.parametrize(("day", "allowed"), [(dt.date(2010, 8, 31), True), (dt.date(2010, 9, 1), False)])
def test_completion_is_not_after_the_approved_period(staff, day, allowed):
    award = approved(staff=staff)
    with clock.travel(dt.date(2010, 9, 20)):
        if allowed:
            assert reports.register_completion(member(award), award, day).completed_on == day
            with pytest.raises(Refused, match="99年8月31日為止"):
                record_corrections.ask_completion(member(award), award, completed_on=dt.date(2010, 9, 1), reason="x")
        else:
            with pytest.raises(Refused, match="延後辦理要先申請計畫變更"):
                reports.register_completion(member(award), award, day)


def test_only_the_association_registers_completion(staff):
    award = approved(staff=staff)
    with pytest.raises(Refused):
        reports.register_completion(staff.officer, award, DONE)


# Filling in and sending


def test_saves_with_blanks_and_says_all_that_is_missing(staff):
    award = approved(staff=staff)
    user = member(award)
    settlement = reports.save(user, opened(award, user), Report())
    with pytest.raises(IncompleteError) as refused:
        reports.submit(user, settlement, Report())
    gaps = [(gap.text, gap.clause) for gap in refused.value.gaps]
    assert gaps == [
        ("第 1 項：請填實支金額；沒有用到請填 0。", ""),
        ("第 2 項：請填實支金額；沒有用到請填 0。", ""),
        ("請寫成果說明。", ""),
        ("請填服務人次。", ""),
        ("請附原始支出憑證，才能結報。", "K7.2a"),
        ("請附成果照片，才能結報。", "K7.2a"),
        ("請附活動相關資料，才能結報。", "K7.2a"),
    ]
    settlement.refresh_from_db()
    assert settlement.status == SettlementStatus.DRAFT


@pytest.mark.parametrize("missing", [Kind.VOUCHERS, Kind.PHOTOS, Kind.ACTIVITY])
def test_each_of_the_three_papers_is_needed(staff, missing):
    award = approved(staff=staff)
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user, [kind for kind in (Kind.VOUCHERS, Kind.PHOTOS, Kind.ACTIVITY) if kind != missing])
    with pytest.raises(IncompleteError) as refused:
        reports.submit(user, settlement, report(settlement, 80_000, 40_000))
    assert [gap.clause for gap in refused.value.gaps] == ["K7.2a"]


def test_after_school_care_needs_its_closing_report(staff):
    award = approved(staff=staff)
    case = award.application
    case.programme = ProgrammeFactory(code="after_school_care", name="兒少課後照顧", position=6)
    case.save()
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    with pytest.raises(IncompleteError) as refused:
        reports.submit(user, settlement, report(settlement, 80_000, 40_000))
    assert [gap.clause for gap in refused.value.gaps] == ["K3.I.6.4a"]
    add_papers(settlement, user, [Kind.REPORT])
    assert reports.submit(user, settlement, report(settlement, 80_000, 40_000)).status == "submitted"


@pytest.mark.parametrize(("today", "late"), [(dt.date(2010, 7, 1), False), (dt.date(2010, 7, 2), True)])
def test_late_is_written_down_and_blocks_nothing(staff, today, late):
    award = approved(staff=staff, settlement_due=dt.date(2010, 9, 30))
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    with clock.travel(today):
        settlement = reports.submit(user, settlement, report(settlement, 80_000, 40_000))
    assert (settlement.status, settlement.late) == ("submitted", late)
    assert Deadline.objects.get().done_on == today


def test_nothing_is_changed_after_sending_until_it_is_asked_for(staff):
    award = approved(staff=staff)
    settlement = submitted(award, 80_000, 40_000)
    user = settlement.documents.first().added_by
    for change in (
        lambda: reports.save(user, settlement, Report()),
        lambda: papers.remove_document(user, settlement.documents.first()),
    ):
        with pytest.raises(Refused, match="已送出"):
            change()
    reports.ask_correction(staff.finance, settlement, "缺發票")
    settlement = reports.submit(user, settlement, report(settlement, 70_000, 40_000))
    assert (settlement.status, settlement.correction_note, settlement.lines.first().spent) == ("submitted", "", 70_000)


# Checking


def test_admitted_is_at_most_what_was_spent_and_each_cut_has_its_reason(staff):
    settlement = submitted(approved(staff=staff), 80_000, 40_000)
    with pytest.raises(Refused, match="不能超過實支"):
        reports.check_sums(staff.finance, settlement, admit(settlement, 80_001, 40_000))
    with pytest.raises(Refused, match="請寫理由"):
        reports.check_sums(staff.finance, settlement, admit(settlement, 79_999, 40_000, reason=" "))
    with pytest.raises(Refused):
        reports.check_sums(staff.finance, settlement, {})
    row = reports.check_sums(staff.finance, settlement, admit(settlement, 79_999, 40_000))
    assert [(line.admitted, line.reason) for line in row.lines.all()] == [(79_999, "單據不符"), (40_000, "單據不符")]


def test_more_than_the_line_was_given_needs_a_reason(staff):
    settlement = submitted(approved(staff=staff), 90_000, 30_000)
    with pytest.raises(Refused, match="請寫理由"):
        reports.check_sums(staff.finance, settlement, admit(settlement, 90_000, 30_000, reason=""))
    row = reports.check_sums(staff.finance, settlement, admit(settlement, 90_000, 30_000, reason="同意流用"))
    assert row.status == SettlementStatus.SUMS_CHECKED


def test_sums_and_content_are_checked_by_two_people_and_accepted_by_a_third(staff):
    settlement = submitted(approved(staff=staff), 80_000, 40_000)
    PostFactory(user=staff.finance, role=Role.CASE_OFFICER)
    PostFactory(user=staff.finance, role=Role.APPROVER)
    PostFactory(user=staff.officer, role=Role.APPROVER)
    reports.check_sums(staff.finance, settlement, admit(settlement, 80_000, 40_000))
    with pytest.raises(Refused, match="兩個人"):
        reports.check_content(staff.finance, settlement)
    reports.check_content(staff.officer, settlement)
    for checker in (staff.finance, staff.officer):
        with pytest.raises(Refused, match="不能自己准予核銷"):
            reports.accept(checker, settlement)
    assert reports.accept(staff.head, settlement).status == SettlementStatus.ACCEPTED


def test_a_correction_puts_the_sums_back_to_be_checked(staff):
    settlement = submitted(approved(staff=staff), 80_000, 40_000)
    reports.check_sums(staff.finance, settlement, admit(settlement, 80_000, 40_000))
    row = reports.ask_correction(staff.officer, settlement, "照片不清楚")
    assert (row.status, row.sums_checked_by) == (SettlementStatus.CORRECTION_REQUESTED, None)


def test_an_approver_who_disagrees_sends_it_back_to_be_checked_anew(staff):
    settlement = submitted(approved(staff=staff), 80_000, 40_000)
    reports.check_sums(staff.finance, settlement, admit(settlement, 80_000, 40_000))
    with pytest.raises(Refused, match="主計出納辦理"):
        reports.ask_correction(staff.head, settlement, "單據不清楚")
    reports.check_content(staff.officer, settlement)
    with pytest.raises(Refused, match="由主管辦理"):
        reports.ask_correction(staff.officer, settlement, "單據不清楚")
    row = reports.ask_correction(staff.head, settlement, "單據不清楚")
    assert (row.status, row.correction_note) == (SettlementStatus.CORRECTION_REQUESTED, "單據不清楚")
    assert (row.sums_checked_by, row.content_checked_by) == (None, None)


# What follows for the money


@pytest.mark.parametrize(
    ("spent", "admitted", "eligible", "final", "refund", "released"),
    [
        ((80_000, 40_000), None, 120_000, 60_000, 0, 0),
        ((90_000, 50_000), None, 120_000, 60_000, 0, 0),
        ((80_000, 40_000), (80_000, 39_999), 119_999, 59_999, 0, 1),
        ((40_000, 20_001), None, 60_001, 1, 0, 59_999),
        ((40_000, 20_000), None, 60_000, None, 0, 60_000),
        ((40_000, 19_999), None, 59_999, None, 1, 60_001),
        ((0, 0), None, 0, None, 60_000, 120_000),
    ],
)
def test_what_is_still_paid_or_comes_back(staff, spent, admitted, eligible, final, refund, released):
    award = approved(staff=staff)
    paid_first(award, staff)
    settlement = accepted(award, staff, spent, admitted)
    award = Award.objects.get(pk=award.pk)
    last = award.instalments.get(number=2)
    freed = LedgerEntry.objects.filter(kind=LedgerKind.RELEASED).values_list("amount", flat=True)
    assert (settlement.eligible, refund_due(award)) == (eligible, refund)
    expected = (InstalmentStatus.CANCELLED, 60_000) if final is None else (InstalmentStatus.AWAITING_RECEIPT, final)
    assert (last.status, last.amount) == expected
    assert list(freed) == ([released] if released else [])
    assert award.status == (AwardStatus.CLOSED if final is None and not refund else AwardStatus.COMPLETED)
    (use,) = envelope_uses(type(award.envelope).objects.filter(pk=award.envelope_id))
    assert use.approved == eligible


def test_the_final_instalment_closes_the_award_and_the_checker_does_not_pay_it(staff):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000))
    last = award.instalments.get(number=2)
    request_payment(staff.officer, last, receipt_number="2")
    approve_payment(staff.head, last)
    with pytest.raises(Refused, match="您核過這一案的結報憑證"):
        pay(staff.finance, last, voucher_number="2")
    pay(staff.cashier, last, voucher_number="2")
    award.refresh_from_db()
    assert (award.status, movements(award).paid) == (AwardStatus.CLOSED, 120_000)


def test_money_that_comes_back_closes_the_award(staff):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (30_000, 20_000))
    with pytest.raises(Refused, match="10,000"):
        returns.record_return(staff.finance, award, amount=10_001, voucher_number="收1")
    with pytest.raises(Refused):
        returns.record_return(staff.officer, award, amount=10_000, voucher_number="收1")
    returns.record_return(staff.finance, award, amount=4_000, voucher_number="收1")
    returns.record_return(staff.finance, award, amount=4_000, voucher_number="收1")
    assert Award.objects.get().status == AwardStatus.COMPLETED
    returns.record_return(staff.finance, award, amount=6_000, voucher_number="收2")
    award = Award.objects.get()
    assert (award.status, movements(award).back, refund_due(award)) == (AwardStatus.CLOSED, 10_000, 0)


def test_a_single_payment_is_what_was_admitted(staff):
    award = approved((50_000, 49_999), staff=staff)
    accepted(award, staff, (50_000, 40_000))
    (only,) = award.instalments.all()
    assert (only.status, only.amount) == (InstalmentStatus.AWAITING_RECEIPT, 90_000)


def test_a_first_instalment_nobody_asked_for_goes_into_the_last(staff):
    award = approved(staff=staff)
    accepted(award, staff, (80_000, 40_000))
    instalments = [(row.status, row.amount) for row in award.instalments.all()]
    assert instalments == [(InstalmentStatus.CANCELLED, 60_000), (InstalmentStatus.AWAITING_RECEIPT, 120_000)]


def test_no_acceptance_while_an_instalment_is_under_way(staff):
    award = approved(staff=staff)
    request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    settlement = submitted(award, 80_000, 40_000)
    reports.check_sums(staff.finance, settlement, admit(settlement, 80_000, 40_000))
    reports.check_content(staff.officer, settlement)
    with pytest.raises(Refused, match="前一期款"):
        reports.accept(staff.head, settlement)
    assert not StoredEvaluation.objects.exists()


def test_acceptance_keeps_the_evaluation_and_can_be_pressed_twice(staff):
    settlement = accepted(approved(staff=staff), staff, (80_000, 40_000), (80_000, 30_000))
    reports.accept(staff.head, settlement)
    (kept,) = StoredEvaluation.objects.all()
    assert (kept.stage, kept.on) == ("settlement", dt.date(2010, 6, 1))
    assert str(kept.facts).count("'requested': 30000") == 1
    assert LedgerEntry.objects.filter(kind=LedgerKind.RELEASED).count() == 1


def test_what_is_sent_back_twice_on_one_day_is_told_twice(staff):
    award = approved(staff=staff)
    settlement = submitted(award, 80_000, 40_000)
    user = settlement.documents.first().added_by
    for note in ("缺發票", "照片不清楚"):
        reports.ask_correction(staff.finance, settlement, note)
        reports.submit(user, settlement, report(settlement, 80_000, 40_000))
    bodies = Notice.objects.filter(kind="settlement.correction").order_by("id").values_list("body", flat=True)
    assert [body.splitlines()[1] for body in bodies] == ["缺發票", "照片不清楚"]


def test_other_figures_from_a_second_window_are_not_taken_for_the_first_ones(staff):
    award = approved(staff=staff)
    settlement = submitted(award, 80_000, 40_000)
    user = settlement.documents.first().added_by
    assert reports.submit(user, settlement, report(settlement, 80_000, 40_000)).status == "submitted"
    with pytest.raises(Refused, match="沒有存"):
        reports.submit(user, settlement, report(settlement, 80_000, 39_000))
    admitted = admit(settlement, 80_000, 30_000)
    reports.check_sums(staff.finance, settlement, admitted)
    assert reports.check_sums(staff.finance, settlement, admitted).status == "sums_checked"
    with pytest.raises(Refused, match="沒有存"):
        reports.check_sums(staff.finance, settlement, admit(settlement, 80_000, 20_000))
    assert [line.admitted for line in settlement.lines.all()] == [80_000, 30_000]


def test_the_last_receipt_begins_with_the_letter(client, staff):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000), notified=False)
    last, user = award.instalments.get(number=2), member(award)
    with pytest.raises(Refused, match="核銷結果的函還沒有發文"):
        request_payment(staff.officer, last, receipt_number="2")
    assert "receipt" not in {count.queue.kind for count in desk_of(user).counts}
    client.force_login(user)
    assert "等縣府發函" in client.get(f"/settlements/{award.number}/").content.decode()
    assert "等縣府發函" in client.get(f"/awards/{award.number}/").content.decode()
    (letter,) = award.application.letters.filter(status="draft")
    assert "准予備查，並撥付第二期款新臺幣6萬元整" in letter.subject
    asked = "請於文到30日內（【領據期限】前）檢送領據（新臺幣陸萬元整）及存摺影本，憑撥第二期款。"
    assert asked in letter.explanation
    tell(award, staff)
    due = Deadline.objects.get(instalment=last)
    assert (due.kind, due.due_on, due.opened_on) == ("receipt", dt.date(2010, 7, 5), dt.date(2010, 6, 1))
    notice = Notice.objects.filter(recipient=user, subject__startswith="請送領據，就能撥款").get()
    assert "請在 99年7月5日 前送第 2 期款 60,000 元的領據。" in notice.body
    assert {count.queue.kind for count in desk_of(user).counts} >= {"receipt"}
    request_payment(staff.officer, last, receipt_number="2")
    due.refresh_from_db()
    assert due.done_on == dt.date(2010, 6, 1)


def test_the_period_of_a_sent_back_account_begins_with_its_letter(staff):
    award = approved(staff=staff)
    settlement = submitted(award, 80_000, 40_000)
    reports.ask_correction(staff.finance, settlement, "第三張收據沒有日期\n照片不清楚")
    (letter,) = award.application.letters.all()
    assert (letter.kind, letter.explanation[2:4]) == (
        "settlement_correction",
        ["　第三張收據沒有日期", "　照片不清楚"],
    )
    assert not award.deadlines.filter(kind="settlement_fix").exists()
    tell(award, staff)
    due = award.deadlines.get(kind="settlement_fix")
    assert (due.due_on, due.done_on) == (dt.date(2010, 6, 14), None)
    reports.submit(member(award), settlement, report(settlement, 80_000, 40_000))
    due.refresh_from_db()
    assert due.done_on == dt.date(2010, 6, 1)
    reports.ask_correction(staff.finance, settlement, "再補")
    reports.submit(member(award), settlement, report(settlement, 80_000, 40_000))
    assert award.application.letters.get(explanation__contains="　再補").status == "cancelled"
