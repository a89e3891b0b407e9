"""柒三: what a decision does to the award, the money and the organisation's next applications."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from grants import compliance, letter_marks
from grants.enums import ApplicationStatus, AwardStatus, InstalmentStatus, LedgerKind, RulingStatus
from grants.models import Award, Deadline, LedgerEntry, Sanction
from grants.queries import envelopes
from grants.queries.payments import movements, outcome_of, refund_due, returns
from grants.queries.reviews import record_of
from grants.services import daily, dispatch, filing, payments, sanctions, settlements
from grants.services import returns as money_back
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.letters import issued
from tests.factories.money import approved, county

from .filing import ready_case
from .rulings import in_force
from .test_letters import text_of
from .test_services_filing import file
from .test_services_settlements import accepted, paid_first

pytestmark = pytest.mark.django_db
DECIDED = dt.date(2010, 6, 1)


@pytest.fixture
def staff():
    return county()


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def award(staff, organisation) -> Award:
    return approved(staff=staff, organisation=organisation, settlement_due=dt.date(2010, 9, 30))


def draft(event: str = "not_executed", **fields) -> SanctionDraft:
    told = {
        "decided_on": DECIDED,
        "heard_on": dt.date(2010, 5, 20),
        "reason": "活動沒有辦理",
    }
    return SanctionDraft(event, **told | fields)


def decided(staff: SimpleNamespace, award: Award, told: SanctionDraft | None = None) -> Sanction:
    """Recorded, confirmed, and told by a letter on the same day."""
    row = sanctions.confirm(staff.head, sanctions.record(staff.officer, award, told or draft()))
    Sanction.objects.filter(pk=row.pk).update(notified_on=clock.today())
    row.refresh_from_db()
    return row


# --- Two people ------------------------------------------------------------------------------------------------------------


def test_nothing_happens_before_another_officer_confirms(staff, award):
    row = sanctions.record(staff.officer, award, draft())
    award.refresh_from_db()
    assert (row.status, award.status, refund_due(award)) == (RulingStatus.DRAFT, AwardStatus.ACTIVE, 0)
    with pytest.raises(Refused, match="登錄的人不能自己確認"):
        sanctions.confirm(staff.officer, row)
    with pytest.raises(Refused):
        sanctions.confirm(staff.finance, row)
    assert sanctions.confirm(staff.head, row).status == RulingStatus.CONFIRMED
    assert sanctions.confirm(staff.head, row).confirmed_by == staff.head


def test_the_database_refuses_one_person_for_both(staff, award):
    row = sanctions.record(staff.officer, award, draft())
    with pytest.raises(IntegrityError, match="sanction_four_eyes"), transaction.atomic():
        Sanction.objects.filter(pk=row.pk).update(confirmed_by=staff.officer)
    with pytest.raises(IntegrityError, match="sanction_confirmed_by_somebody"), transaction.atomic():
        Sanction.objects.filter(pk=row.pk).update(status="confirmed")


def test_refused_leaves_the_award_as_it_was_and_may_be_recorded_anew(staff, award):
    sanctions.refuse(staff.head, sanctions.record(staff.officer, award, draft()), "有辦理，照片在案")
    award.refresh_from_db()
    assert award.status == AwardStatus.ACTIVE
    assert sanctions.record(staff.officer, award, draft()).status == RulingStatus.DRAFT
    with pytest.raises(Refused, match="已經登錄過這項處分"):
        sanctions.record(staff.officer, award, draft())


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"heard_on": dt.date(2010, 6, 2), "decided_on": dt.date(2010, 6, 1)}, "陳述意見"),
        ({"decided_on": dt.date(2010, 6, 2)}, "不能晚於今天"),
        ({"disallowed": 1}, "全數繳回，不用填"),
        ({"event": "misuse", "disallowed": 120_001}, "不能超過 120,000 元"),
        ({"event": "revoked", "disallowed": 1}, "不能超過 0 元"),
    ],
)
def test_unfit_decisions_are_refused(staff, award, fields, reason):
    with pytest.raises(Refused, match=reason):
        sanctions.record(staff.officer, award, draft(**fields))
    assert Sanction.objects.count() == 0


# --- Not executed ------------------------------------------------------------------------------------------------------------


def test_not_executed_ends_the_award_and_brings_all_money_back(staff, award):
    paid_first(award, staff)
    row = decided(staff, award)
    award = Award.objects.get(pk=award.pk)
    assert (award.status, refund_due(award)) == (AwardStatus.NOT_EXECUTED, 60_000)
    assert list(award.instalments.values_list("status", flat=True)) == [
        InstalmentStatus.PAID,
        InstalmentStatus.CANCELLED,
    ]
    released = LedgerEntry.objects.get(award=award, kind=LedgerKind.RELEASED)
    assert (released.amount, envelopes.use_of(award.envelope).approved) == (120_000, 0)
    assert (row.barred_from, row.barred_to, row.next_application) == (dt.date(2011, 1, 1), dt.date(2012, 12, 31), False)
    assert [(found.pk, found.due) for found in returns(staff.finance)] == [(award.pk, 60_000)]


def test_the_term_to_pay_back_begins_with_the_letter_and_not_with_its_draft(staff, award):
    """Thirty days from the letter's arrival, three for the post; 4 July 2010 is a Sunday."""
    paid_first(award, staff)
    sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    letter = award.application.letters.get(kind="sanction")
    assert letter_marks.RETURN_DUE in "".join(letter.explanation)
    daily.run(clock.today())
    assert not Deadline.objects.filter(award=award, kind="return").exists()
    issued(staff.officer, letter)
    row = Deadline.objects.get(award=award, kind="return")
    assert (row.clause, row.opened_on, row.due_on) == ("K7.3b", dt.date(2010, 6, 1), dt.date(2010, 7, 5))
    letter.refresh_from_db()
    assert "請於99年7月5日前" in "".join(letter.explanation)


def test_the_money_comes_back_through_the_payments(staff, award):
    paid_first(award, staff)
    decided(staff, award)
    money_back.record_return(staff.finance, award, amount=20_000, voucher_number="1")
    assert refund_due(Award.objects.get(pk=award.pk)) == 40_000
    with pytest.raises(Refused, match="40,000"):
        money_back.record_return(staff.finance, award, amount=40_001, voucher_number="2")
    money_back.record_return(staff.finance, award, amount=40_000, voucher_number="2")
    assert refund_due(Award.objects.get(pk=award.pk)) == 0
    assert returns(staff.finance).count() == 0


def test_trail_and_notices_tell(staff, award):
    chair = chair_of(award.application.organisation)
    paid_first(award, staff)
    decided(staff, award)
    actions = set(AuditEntry.objects.filter(case=award.number).values_list("action", flat=True))
    wanted = {"sanction.record", "sanction.confirm", "award.not_execute", "instalment.cancel", "ledger.released"}
    assert wanted <= actions
    assert not Notice.objects.filter(recipient=chair, kind__contains="sanction").exists()
    issued(staff.officer, award.application.letters.get())
    told = Notice.objects.get(recipient=chair, kind__startswith="application.sanction")
    assert Notice.objects.filter(recipient=staff.officer, kind="sanction.confirmed").count() == 1
    assert "100年1月1日到101年12月31日不得申請" in told.body
    assert "60,000" in told.body
    assert Notice.objects.filter(recipient=staff.finance, kind="sanction.return").count() == 1


def paragraphs(row: Sanction) -> list[str]:
    letter = row.award.application.letters.get(kind="sanction")
    assert (letter.status, letter.prepared_by) == ("draft", row.confirmed_by)
    return letter.explanation


def test_the_letter_tells_the_decision_its_arithmetic_and_the_remedy(staff, award):
    paid_first(award, staff)
    row = sanctions.record(staff.officer, award, draft(reason="活動沒有辦理。\r\n場地也沒有租。"))
    assert award.application.letters.count() == 0
    row = sanctions.confirm(staff.head, row)
    sanctions.confirm(staff.head, row)
    told = paragraphs(row)
    assert told[0].endswith("柒、三辦理（案號" + award.number + "）。")
    assert told[1:] == [
        "事實與理由：活動沒有辦理。 場地也沒有租。",
        "本處分作成前，已於99年5月20日給予貴會陳述意見之機會（行政程序法第102條）。",
        "停止申請：核定執行期間至99年8月31日止，處分日99年6月1日；自100年1月1日起至101年12月31日止（首尾兩日均計），共731日不得申請。",
        "應繳回補助款新臺幣6萬元整（計畫未執行，已撥付6萬元全數繳回），請於【繳回期限】前洽本府承辦人辦理繳款。",
        "如不服本處分，得自本件送達之次日起30日內，繕具訴願書經由本府向內政部提起訴願。",
    ]


def test_the_letter_is_issued_under_its_number_and_kept(client, staff, award):
    row = decided(staff, award)
    letter = award.application.letters.get()
    client.force_login(staff.officer)
    page = client.get(reverse("grants:sanction", args=[row.pk])).content.decode()
    assert f'<a href="/letters/{letter.pk}/">看處分函</a> <span class="tag">函稿</span>' in page
    assert (row.letter, row.number) == (letter, "")
    number = "府社區字第0990009999號"
    sent = dispatch.issue(staff.officer, letter, dispatch_number=number, dispatched_on=DECIDED)
    assert Sanction.objects.get(pk=row.pk).number == number
    assert (sent.status, sent.file.name) == ("issued", "府社區字第0990009999號.pdf")
    text = text_of(default_storage.open(sent.file.path).read())
    assert "共731日不得申請" in text


def test_the_letter_of_a_misuse_without_money_to_return(staff, organisation):
    award = approved((50_000,), staff=staff, organisation=organisation)
    accepted(award, staff, (50_000,), (45_000,))
    told = paragraphs(decided(staff, award, draft("misuse")))
    assert told[3] == "停止申請：下次申請不予受理；該件退回後，再下一件即得申請。"
    assert (len(told), told[4][:5]) == (5, "如不服本處")


def test_a_refused_decision_drafts_no_letter(staff, award):
    sanctions.refuse(staff.head, sanctions.record(staff.officer, award, draft()), "有辦理，照片在案")
    assert award.application.letters.count() == 0


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2012, 12, 31), "自101年12月31日起至101年12月31日止（首尾兩日均計），共1日不得申請。"),
        (dt.date(2013, 1, 1), "停止申請期間已於101年12月31日屆滿。"),
    ],
)
def test_the_letter_at_the_end_of_the_ban(staff, award, day, words):
    with clock.travel(day):
        row = decided(staff, award, draft(decided_on=day))
    assert paragraphs(row)[3].endswith(words)


def test_not_while_a_payment_is_under_way(staff, award):
    payments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    with pytest.raises(Refused, match="請款或撥付中"):
        sanctions.record(staff.officer, award, draft())


def test_no_settlement_after_it(staff, award):
    settlement = settlements.register_completion(chair_of(award.application.organisation), award, DECIDED)
    decided(staff, award)
    with pytest.raises(Refused, match="未執行"):
        settlements.save(chair_of(award.application.organisation), settlement, settlements.Report())


# --- Misuse ------------------------------------------------------------------------------------------------------------


def test_misuse_after_settlement_brings_back_what_was_misused(staff, award):
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    last = award.instalments.get(number=2)
    payments.request_payment(staff.officer, last, receipt_number="2")
    payments.approve_payment(staff.head, last)
    payments.pay(staff.cashier, last, voucher_number="2")
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
    money_back.record_return(staff.finance, award, amount=12_345, voucher_number="收1")
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
    assert [(found.due, found.due_on) for found in returns(staff.finance)] == [(5_000, dt.date(2010, 7, 1))]


def test_misuse_does_not_wait_for_a_payment_before_the_settlement(staff, award):
    payments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    assert decided(staff, award, draft("misuse", disallowed=1)).status == RulingStatus.CONFIRMED
    award.refresh_from_db()
    assert award.instalments.get(number=1).status == InstalmentStatus.REQUESTED


def test_misuse_before_the_last_payment_makes_it_smaller(staff, award):
    paid_first(award, staff)
    accepted(award, staff, (80_000, 40_000), (80_000, 30_000))
    told = draft("misuse", disallowed=10_000)
    due = sanctions.consequences(Award.objects.get(pk=award.pk), told)
    decided(staff, award, told)
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
    payments.request_payment(staff.officer, award.instalments.get(number=2), receipt_number="2")
    with pytest.raises(Refused, match="請款或撥付中"):
        sanctions.record(staff.officer, award, draft("misuse", disallowed=1_000))


def test_misuse_that_the_settlement_struck_out_only_bars(staff, organisation):
    award = approved((50_000,), staff=staff, organisation=organisation)
    accepted(award, staff, (50_000,), (45_000,))
    row = decided(staff, award, draft("misuse"))
    assert (row.next_application, envelopes.use_of(award.envelope).approved) == (True, 45_000)
    assert award.instalments.get().status == InstalmentStatus.AWAITING_RECEIPT


def test_the_letter_of_a_misuse_before_the_settlement_revokes_nothing(staff, award):
    told = paragraphs(decided(staff, award, draft("misuse", disallowed=12_000)))
    assert told[4] == (
        "支用不當之經費新臺幣1萬2,000元整，於結報核銷時自核銷金額扣除；扣除後已撥付之款項有餘者，應予繳回。"
        "本案計畫應繼續依核定內容執行。"
    )
    assert not any(word in line for word in ("廢止", "核實支出") for line in told)


# --- Revocation ---------------------------------------------------------------------------------------------------------


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
    assert "本府原核定之補助自本件送達時起廢止，尚未撥付之新臺幣6萬元整不再撥付。" in letter.explanation
    assert any("已撥付6萬元中，支用不當1萬元應繳回" in line for line in letter.explanation)


def test_only_a_confirmed_revocation_revokes(staff, award):
    row = sanctions.record(staff.officer, award, draft("revoked"))
    award.refresh_from_db()
    assert award.status == AwardStatus.ACTIVE
    with pytest.raises(Refused, match="登錄的人不能自己確認"):
        sanctions.confirm(staff.officer, row)


def errors(case, on):
    return [found.clause for found in compliance.evaluate(case, stage="submission", on=on).errors]


@pytest.mark.parametrize(
    ("day", "barred"),
    [
        (dt.date(2010, 12, 31), False),
        (dt.date(2011, 1, 1), True),
        (dt.date(2012, 12, 31), True),
        (dt.date(2013, 1, 1), False),
    ],
)
def test_the_ban_counts_from_its_first_to_its_last_day(staff, award, organisation, day, barred):
    decided(staff, award)
    case, other = ready_case(organisation), ready_case(OrganisationFactory())
    assert ("K7.3c" in errors(case, day)) is barred
    assert "K7.3c" not in errors(other, day)


def test_the_ban_begins_to_bind_with_its_letter(staff, award, organisation):
    """Nobody is barred by a draft."""
    sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    case, day = ready_case(organisation), dt.date(2011, 1, 1)
    assert "K7.3c" not in errors(case, day)
    issued(staff.officer, award.application.letters.get(), on=DECIDED)
    assert Sanction.objects.get().notified_on == DECIDED
    assert "K7.3c" in errors(case, day)


def test_filing_is_refused_in_the_ban_and_not_the_day_before(staff, award, organisation):
    decided(staff, award)
    chair = chair_of(organisation)
    fields = {"starts_on": dt.date(2011, 3, 1), "ends_on": dt.date(2011, 6, 30)}
    before = ready_case(organisation, **fields)
    with clock.travel(dt.date(2010, 12, 31)):
        assert file(chair, before).new
    within = ready_case(organisation, **fields)
    with clock.travel(dt.date(2011, 1, 1)):
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, within)
        assert [found.clause for found in refused.value.findings] == ["K7.3c"]
        before.refresh_from_db()
        # What was filed before the ban is decided as any other.
        assert "K7.3c" not in errors(before, clock.today())


def test_a_decision_late_in_the_ban_bars_from_its_day(staff, award, organisation):
    with clock.travel(dt.date(2011, 5, 2)):
        decided(staff, award, draft(decided_on=dt.date(2011, 5, 2)))
    case = ready_case(organisation)
    assert "K7.3c" not in errors(case, dt.date(2011, 5, 1))
    assert "K7.3c" in errors(case, dt.date(2011, 5, 2))


def test_the_next_application_is_returned_and_the_one_after_it_filed(staff, award, organisation):
    earlier = ready_case(organisation)
    chair = chair_of(organisation)
    file(chair, earlier)
    paid_first(award, staff)
    row = decided(staff, award, draft("misuse", disallowed=1_000))
    first = ready_case(organisation)
    done = file(chair, first)
    second = ready_case(organisation)
    for case in (first, second, earlier):
        case.refresh_from_db()
    row.refresh_from_db()
    assert (done.new, first.status, row.consumed_by) == (True, ApplicationStatus.NOT_ACCEPTED, first)
    assert AuditEntry.objects.get(action="application.bar").after["clause"] == "K7.3e"
    assert "（柒、三）" in Notice.objects.get(recipient=chair, kind="application.barred").body
    assert file(chair, second).version.application.status == ApplicationStatus.SUBMITTED
    assert earlier.status == ApplicationStatus.SUBMITTED
    assert (errors(earlier, clock.today()), errors(first, clock.today())) == ([], ["K7.3e"])


def test_where_the_county_reads_next_time_as_a_year_the_year_is_barred(staff, award, organisation):
    """A29 ruled to be the whole next year: cited as K7.3e, and no case is returned for it."""
    told = {"value": "whole_year"}
    in_force(award.application.scheme, parameter="reading.next_application", value=told, on=DECIDED)
    paid_first(award, staff)
    row = decided(staff, award, draft("misuse", disallowed=1_000))
    assert (row.barred_from, row.barred_to) == (dt.date(2011, 1, 1), dt.date(2011, 12, 31))
    days = [dt.date(2010, 12, 31), row.barred_from, row.barred_to, dt.date(2012, 1, 1)]
    case = ready_case(organisation, starts_on=dt.date(2011, 3, 1), ends_on=dt.date(2012, 3, 31))
    barred = [[clause for clause in errors(case, day) if clause.startswith("K7.3")] for day in days]
    assert barred == [[], ["K7.3e"], ["K7.3e"], []]
    with clock.travel(dt.date(2011, 1, 1)), pytest.raises(filing.NotReadyError) as refused:
        file(chair_of(organisation), case)
    assert [(found.clause, found.allowed) for found in refused.value.findings] == [("K7.3e", dt.date(2011, 12, 31))]
    row.refresh_from_db()
    assert row.consumed_by is None


def test_two_cases_filed_at_once_do_not_share_one_bar(staff, award, organisation, monkeypatch):
    paid_first(award, staff)
    decided(staff, award, draft("misuse", disallowed=1_000))
    case = ready_case(organisation)
    monkeypatch.setattr("grants.services.sanctions.consume", lambda row: None)
    with pytest.raises(Refused, match="再按一次"):
        file(chair_of(organisation), case)
    case.refresh_from_db()
    assert case.status == ApplicationStatus.DRAFT


def test_only_a_case_without_other_faults_uses_the_bar_up(staff, award, organisation):
    paid_first(award, staff)
    row = decided(staff, award, draft("misuse", disallowed=1_000))
    case = ready_case(organisation, title="")
    with pytest.raises(filing.NotReadyError):
        file(chair_of(organisation), case)
    row.refresh_from_db()
    assert row.consumed_by is None


def test_reviewers_see_decisions_and_last_years_result(staff, award, organisation):
    decided(staff, award)
    case = ready_case(organisation, filed_on=dt.date(2010, 5, 1))
    with clock.travel(dt.date(2011, 2, 1)):
        record = record_of(case)
    assert [(row.event, row.number) for row in record.sanctions] == [("not_executed", "")]
    assert [row.number for row in record.last_year] == [award.number]


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_an_officer_records_and_the_head_confirms(client, staff, award):
    paid_first(award, staff)
    client.force_login(staff.officer)
    assert (
        "登錄未執行、支用不當或廢止" in client.get(reverse("grants:award_detail", args=[award.number])).content.decode()
    )
    told = {
        "event": "not_executed",
        "decided_on": "99/6/1",
        "heard_on": "99/5/20",
        "reason": "無",
    }
    form = client.get(reverse("grants:sanction_new", args=[award.number])).content.decode()
    assert "本案結束。已撥的 60,000 元全數繳回，還沒撥的 60,000 元不再撥付。" in form
    assert "本案照常執行、請款和結報" in form
    assert "處分函文號" not in form
    answer = client.post(reverse("grants:sanction_new", args=[award.number]), told)
    row = Sanction.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/sanctions/{row.pk}/")
    page = client.get(answer.url).content.decode()
    assert "登錄的人不能自己確認" in page
    client.force_login(staff.head)
    assert "已撥付 60,000 元全數繳回" in client.get(answer.url).content.decode()
    client.post(reverse("grants:sanction_decide", args=[row.pk, "confirm"]))
    client.force_login(staff.finance)
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "收到繳回款 60,000 元後，請登記" in page
    back = reverse("grants:settlement_money_back", args=[award.number])
    client.post(back, {"amount": "60000", "voucher_number": "收1"})
    assert refund_due(Award.objects.get(pk=award.pk)) == 0
    assert "（待發文）" in client.get(reverse("grants:sanctions")).content.decode()


def test_the_chair_is_told_before_filing_that_it_comes_back(client, staff, award, organisation):
    paid_first(award, staff)
    decided(staff, award, draft("misuse", disallowed=1_000))
    chair, case = chair_of(organisation), ready_case(organisation)
    client.force_login(chair)
    page = client.get(reverse("grants:application_review", args=[case.number]))
    assert "這一件送出後會退回" in page.content.decode()
    posted = {"token": page.context["token"], "edition": case.edition}
    answer = client.post(reverse("grants:application_file", args=[case.number]), posted, follow=True)
    assert "這一件依規定退回" in answer.content.decode()
