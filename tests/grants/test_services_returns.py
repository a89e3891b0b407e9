"""繳回: the day by which it is due, the proof, what arrived, and what the reminders say."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.enums import LetterKind
from grants.models import Award, Deadline, Scheme
from grants.queries.desk.tasks import desk_of
from grants.queries.payments import movements, outcome_of, refund_due, returns
from grants.services import daily
from grants.services.letters import settling
from grants.services.payments.returns import add_proof, record_return
from grants.services.reminders import engine
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import letters
from tests.factories.money import approved, member
from tests.grants.papers import paper as upload
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
# Thirty days after the letter has arrived (three days), moved from a Sunday.
DUE = dt.date(2010, 7, 5)


@pytest.fixture
def award(staff) -> Award:
    """60,000 were paid, 50,000 are accepted: 10,000 must come back."""
    row = approved(staff=staff)
    paid_first(row, staff)
    accepted(row, staff, (30_000, 20_000))
    return Award.objects.get(pk=row.pk)


def due_row(award: Award) -> Deadline:
    return Deadline.objects.get(award=award, kind="return")


def test_nothing_is_asked_for_before_the_letter(staff):
    row = approved(staff=staff)
    paid_first(row, staff)
    accepted(row, staff, (30_000, 20_000), notified=False)
    assert not Deadline.objects.filter(award=row, kind="return").exists()
    assert [(found.due, found.due_on) for found in returns(staff.finance)] == [(10_000, None)]
    assert "要繳回" not in {str(count.queue.title) for count in desk_of(member(row)).counts}
    assert {count.queue.kind for count in desk_of(staff.officer).counts} >= {"letter"}
    with clock.travel(dt.date(2010, 9, 1)):
        daily.run(dt.date(2010, 9, 1))
    assert not Deadline.objects.filter(award=row, kind="return").exists()
    assert not Notice.objects.filter(kind__startswith="reminder.return").exists()


def test_the_letter_sets_the_day(staff, award):
    row = due_row(award)
    assert (row.due_on, row.clause, row.opened_on, row.done_on) == (DUE, "K7.3a", dt.date(2010, 6, 1), None)
    assert [(found.due, found.due_on) for found in returns(staff.finance)] == [(10_000, DUE)]


def test_the_scheme_says_how_many_days(staff):
    row = approved(staff=staff)
    paid_first(row, staff)
    Scheme.objects.update(return_days=10)
    accepted(row, staff, (30_000, 20_000))
    assert due_row(row).due_on == dt.date(2010, 6, 14)


def test_what_is_fully_spent_has_no_day(staff):
    row = approved(staff=staff)
    paid_first(row, staff)
    accepted(row, staff, (80_000, 40_000))
    assert not Deadline.objects.filter(award=row, kind="return").exists()


def test_a_part_leaves_the_rest_due_and_says_so(staff, award):
    someone = member(award)
    record_return(staff.finance, award, amount=4_000, voucher_number="1")
    notice = Notice.objects.get(recipient=someone, kind="payment.came_back")
    assert "已收到繳回款 4,000 元，謝謝。還要繳回 6,000 元，期限 99年7月5日。" in notice.body.split("\n")
    assert (refund_due(award), due_row(award).done_on) == (6_000, None)
    arithmetic = outcome_of(award, movements(award)).arithmetic
    assert (
        arithmetic
        == "已撥付 60,000 元 − 已繳回 4,000 元 − 核定 120,000 元與核實支出 50,000 元取較小者 50,000 元 = 應繳回 6,000 元"
    )


def test_all_of_it_closes_the_day_and_the_award(staff, award):
    record_return(staff.finance, award, amount=10_000, voucher_number="1")
    award.refresh_from_db()
    assert (due_row(award).done_on, award.status) == (clock.today(), "closed")


def test_the_day_is_the_treasurys_and_the_number_is_written_in_one_way(staff):
    row = approved(staff=staff)
    with clock.travel(dt.date(2010, 6, 10)):
        paid_first(row, staff)
        accepted(row, staff, (30_000, 20_000))
    award = Award.objects.get(pk=row.pk)
    with clock.travel(dt.date(2010, 6, 20)):
        for day, words in (
            (dt.date(2010, 6, 21), "不能晚於今天"),
            (dt.date(2010, 6, 9), "不能早於第一次撥付的99年6月10日"),
        ):
            with pytest.raises(Refused, match=words):
                record_return(staff.finance, award, amount=4_000, voucher_number="收1", received_on=day)
        kept = {"amount": 4_000, "received_on": dt.date(2010, 6, 10)}
        entry = record_return(staff.finance, award, voucher_number="ａ－ 1", **kept)
        assert (entry.on, entry.note) == (dt.date(2010, 6, 10), "A-1")
        assert record_return(staff.cashier, award, voucher_number="A–1", **kept) == entry
        record_return(staff.finance, award, amount=6_000, voucher_number="2", received_on=dt.date(2010, 6, 18))
    assert due_row(award).done_on == dt.date(2010, 6, 18)


def test_a_closed_award_says_why_it_takes_no_more(client, staff, award):
    record_return(staff.finance, award, amount=10_000, voucher_number="1")
    client.force_login(staff.finance)
    address = reverse("grants:settlement_money_back", args=[award.number])
    assert client.post(address, {"amount": "10000", "received_on": "99/6/1", "voucher_number": "1"}).status_code == 302
    refused = client.post(address, {"amount": "10000", "received_on": "99/6/1", "voucher_number": "2"})
    assert (refused.status_code, "沒有應繳回的款項" in refused.content.decode()) == (403, True)
    assert movements(award).back == 10_000


def test_the_association_sends_its_proof_and_finance_is_told(client, staff, award):
    someone = member(award)
    Scheme.objects.update(return_account="臺灣銀行鳳山分行 高雄縣政府 012345678901")
    client.force_login(someone)
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    for words in ("請繳回 10,000 元", "99年7月5日", "臺灣銀行鳳山分行 高雄縣政府 012345678901"):
        assert words in page
    data = {"amount": "4,000元", "paid_on": "99/6/1", "upload": upload()}
    assert client.post(reverse("grants:settlement_return_proof", args=[award.number]), data).status_code == 302
    proof = award.return_proofs.get()
    assert (proof.amount, proof.paid_on, refund_due(award)) == (4_000, dt.date(2010, 6, 1), 10_000)
    assert "4,000 元" in Notice.objects.get(recipient=staff.finance, kind="payment.proof").body
    client.post(reverse("grants:settlement_return_proof", args=[award.number]), data | {"upload": upload()})
    assert award.return_proofs.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"amount": "10,001"}, "金額最多為10,000元。"),
        ({"paid_on": "99/6/2"}, "日期不可以晚於99年6月1日。"),
        ({"upload": ""}, ""),
    ],
)
def test_a_proof_that_cannot_be_is_refused_at_its_field(client, award, fields, error):
    client.force_login(member(award))
    data = {"amount": "1", "paid_on": "99/6/1", "upload": upload()} | fields
    answer = client.post(reverse("grants:settlement_return_proof", args=[award.number]), data)
    assert (answer.status_code, error in answer.content.decode()) == (422, True)
    assert award.return_proofs.count() == 0


def test_only_where_money_is_due(staff):
    row = approved(staff=staff)
    with pytest.raises(Refused, match="沒有要繳回"):
        add_proof(member(row), row, upload=upload(), paid_on=clock.today(), amount=1)


def test_a_letter_that_nobody_sent_is_drafted_again_by_the_daily_work(staff):
    row = approved(staff=staff)
    paid_first(row, staff)
    accepted(row, staff, (30_000, 20_000), notified=False)
    case = row.application
    case.letters.filter(kind="return").delete()
    for day in (dt.date(2010, 6, 8), dt.date(2010, 6, 9)):
        with clock.travel(day):
            daily.run(day)
    (letter,) = case.letters.filter(kind="return", status="draft")
    with clock.travel(dt.date(2010, 6, 9)):
        letters.issued(staff.officer, letter)
    assert due_row(row).due_on == dt.date(2010, 7, 12)


def test_money_that_came_before_the_letter_needs_none(staff):
    row = approved(staff=staff)
    paid_first(row, staff)
    accepted(row, staff, (30_000, 20_000), notified=False)
    letter = row.application.letters.get(kind="return")
    record_return(staff.finance, row, amount=4_000, voucher_number="1")
    with pytest.raises(Refused, match="金額變了"):
        letters.issued(staff.officer, letter)
    again = settling.draft(staff.officer, row.application, LetterKind.RETURN)
    letter.refresh_from_db()
    assert (letter.status, "新臺幣6,000元整" in again.subject) == ("cancelled", True)
    record_return(staff.finance, row, amount=6_000, voucher_number="2")
    again.refresh_from_db()
    assert again.status == "cancelled"


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        (dt.date(2010, 6, 27), None),
        (dt.date(2010, 6, 28), "提醒繳回（還有 7 天）"),
        (dt.date(2010, 7, 6), "繳回款已經逾期（已逾 1 天）"),
    ],
)
def test_reminders(staff, award, day, subject):
    someone = member(award)
    with clock.travel(day):
        engine.remind(daily.SOURCES, day)
    subjects = [
        row.subject.partition("：")[0] for row in Notice.objects.filter(recipient=someone, kind__contains="return")
    ]
    assert subjects == ([subject] if subject else [])
