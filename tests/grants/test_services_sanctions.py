"""柒三: a decision of two people ends the award, brings the money back and goes out by letter."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from grants.enums import AwardStatus, InstalmentStatus, LedgerKind, RulingStatus
from grants.letters import marks
from grants.models import Award, Deadline, LedgerEntry, Sanction
from grants.queries.payments import refund_due, returns
from grants.queries.schemes import envelopes
from grants.services import daily, sanctions
from grants.services.letters import dispatch
from grants.services.payments import instalments
from grants.services.payments.returns import record_return
from grants.services.settlements import reports
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.communities import chair_of
from tests.factories.letters import issued
from tests.factories.money import approved

from .papers import text_of_pdf
from .sanctioning import DECIDED, decided, draft, paragraphs
from .settling import accepted, paid_first

pytestmark = pytest.mark.django_db


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
        ({"heard_on": dt.date(1920, 5, 20)}, "不能早於99年3月1日"),
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
    assert marks.RETURN_DUE in "".join(letter.explanation)
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
    record_return(staff.finance, award, amount=20_000, voucher_number="1")
    assert refund_due(Award.objects.get(pk=award.pk)) == 40_000
    with pytest.raises(Refused, match="40,000"):
        record_return(staff.finance, award, amount=40_001, voucher_number="2")
    record_return(staff.finance, award, amount=40_000, voucher_number="2")
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
    notice = Notice.objects.get(recipient=chair, kind__startswith="application.sanction")
    assert Notice.objects.filter(recipient=staff.officer, kind="sanction.confirmed").count() == 1
    assert "100年1月1日到101年12月31日不得申請" in notice.body
    assert "60,000" in notice.body
    assert Notice.objects.filter(recipient=staff.finance, kind="sanction.return").count() == 1


def test_the_letter_tells_the_decision_its_arithmetic_and_the_remedy(staff, award):
    paid_first(award, staff)
    row = sanctions.record(staff.officer, award, draft(reason="活動沒有辦理。\r\n場地也沒有租。"))
    assert award.application.letters.count() == 0
    row = sanctions.confirm(staff.head, row)
    sanctions.confirm(staff.head, row)
    texts = paragraphs(row)
    assert texts[0].endswith("柒、三辦理（案號" + award.number + "）。")
    assert texts[1:] == [
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
    text = text_of_pdf(default_storage.open(sent.file.path).read())
    assert "共731日不得申請" in text


def test_the_letter_of_a_misuse_without_money_to_return(staff, organisation):
    award = approved((50_000,), staff=staff, organisation=organisation)
    accepted(award, staff, (50_000,), (45_000,))
    texts = paragraphs(decided(staff, award, draft("misuse")))
    assert texts[3] == "停止申請：下次申請不予受理；該件退回後，再下一件即得申請。"
    assert (len(texts), texts[4][:5]) == (5, "如不服本處")


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
    instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    with pytest.raises(Refused, match="請款或撥付中"):
        sanctions.record(staff.officer, award, draft())


def test_no_settlement_after_it(staff, award):
    settlement = reports.register_completion(chair_of(award.application.organisation), award, DECIDED)
    decided(staff, award)
    with pytest.raises(Refused, match="未執行"):
        reports.save(chair_of(award.application.organisation), settlement, reports.Report())
