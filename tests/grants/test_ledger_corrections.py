"""A payment or a return that was recorded wrongly: taken back by an entry that two people make, never edited; what the
database itself refuses, whatever program writes it.
"""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from grants.enums import EntryCorrection, InstalmentStatus, LedgerKind
from grants.models import Award, Deadline, Instalment, LedgerEntry
from grants.queries.payments import movements, overpaid, refund_due
from grants.services import sanctions
from grants.services.audit import reconciling
from grants.services.payments import corrections, instalments, returns
from grants.services.payments.corrections import Finding
from grants.services.payments.overpaid import ask, regain
from grants.services.reminders import deadlines
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import letters
from tests.factories.money import approved, member
from tests.files import samples
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
TODAY, EARLIER = dt.date(2010, 6, 1), dt.date(2010, 5, 28)


@pytest.fixture
def award(staff) -> Award:
    row = approved(staff=staff, receipt_due=dt.date(2010, 5, 20))
    paid_first(row, staff)
    return Award.objects.get(pk=row.pk)


def entry_of(award: Award, kind: str = LedgerKind.PAID) -> LedgerEntry:
    return LedgerEntry.objects.get(award=award, kind=kind, amount__gt=0, corrected_by=None)


def corrected(staff, award: Award, why: str, kind: str = LedgerKind.PAID, **found) -> Award:
    change = corrections.ask(staff.cashier, entry_of(award, kind), Finding(why, "銀行通知", **found))
    services.confirm(staff.finance, change)
    return Award.objects.get(pk=award.pk)


def first_of(award: Award) -> Instalment:
    return award.instalments.get(number=1)


def signed(award: Award) -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.filter(award=award).exclude(kind="committed").values_list("kind", "amount"))


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("影本.pdf", samples.pdf())


def test_nothing_changes_before_another_person_confirms(staff, award):
    change = corrections.ask(staff.cashier, entry_of(award), Finding("bounced", "戶名不符", TODAY, "退1"))
    assert (first_of(award).status, movements(award).paid) == ("paid", 60_000)
    with pytest.raises(Refused, match="等人確認"):
        corrections.ask(staff.finance, entry_of(award), Finding("mistaken", "x"))
    for user, reason in ((staff.cashier, "不能自己確認"), (staff.officer, "沒有這個權限")):
        with pytest.raises(Refused, match=reason):
            services.confirm(user, change)
    services.refuse(staff.head, change, "已入帳")
    assert signed(award) == [("paid", 60_000)]
    with pytest.raises(Refused):
        corrections.ask(staff.officer, entry_of(award), Finding("mistaken", "x"))


def test_returned_by_the_bank_and_paid_again_to_a_confirmed_account(staff, award):
    user = member(award)
    award = corrected(staff, award, "bounced", on=TODAY, voucher_number="退匯1")
    first = first_of(award)
    assert (first.status, first.paid_on, first.voucher_number, first.approved_by_id) == (
        "awaiting_receipt",
        None,
        "",
        None,
    )
    assert not first.kept_account
    assert (movements(award).paid, movements(award).held) == (0, 0)
    back = LedgerEntry.objects.get(amount=-60_000)
    assert (back.note, back.correction, back.corrects.note, back.by) == ("退匯1", "bounced", "1", staff.finance)
    due = Deadline.objects.get(instalment=first, kind="receipt")
    assert (due.done_on, due.due_on > TODAY) == (None, True)
    assert Notice.objects.filter(recipient=user, kind="payment.bounce").exists()
    assert AuditEntry.objects.filter(action="instalment.bounce").exists()
    with pytest.raises(Refused, match="請附存摺封面影本"):
        instalments.request_payment(user, first, receipt_number="2", receipt=paper())
    instalments.request_payment(user, first, receipt_number="2", receipt=paper(), passbook=paper())
    instalments.approve_payment(staff.head, first)
    instalments.pay(staff.cashier, first, voucher_number="2")
    assert signed(award) == [("paid", 60_000), ("paid", -60_000), ("paid", 60_000)]
    assert movements(award).paid == 60_000


def test_each_reason_leads_back_to_its_own_step(staff, award):
    award = corrected(staff, award, "pay_again", on=TODAY, voucher_number="退匯1")
    assert (first_of(award).status, first_of(award).receipt_number) == ("requested", "1")
    with clock.travel(EARLIER):
        instalments.approve_payment(staff.head, first_of(award))
    instalments.pay(staff.cashier, first_of(award), voucher_number="2")
    award = corrected(staff, award, "mistaken")
    assert (first_of(award).status, first_of(award).approved_by) == ("approved", staff.head)
    instalments.pay(staff.finance, first_of(award), voucher_number="3")
    clock_day = first_of(award).paid_on
    award = corrected(staff, award, "particulars", on=EARLIER, voucher_number="4")
    first = first_of(award)
    assert (first.status, first.paid_on, first.voucher_number, clock_day) == ("paid", EARLIER, "4", TODAY)
    assert [row.on for row in LedgerEntry.objects.filter(kind="paid")][-3:] == [TODAY, TODAY, EARLIER]
    assert movements(award).paid == 60_000
    entry = AuditEntry.objects.get(action="instalment.particulars")
    assert (entry.before["voucher_number"], entry.after["voucher_number"]) == ("3", "4")


@pytest.mark.parametrize(
    ("why", "found", "reason"),
    [
        ("bounced", {"on": TODAY + dt.timedelta(days=1)}, "不能晚於今天"),
        ("bounced", {"on": EARLIER}, "不能早於撥付日期"),
        ("particulars", {"on": TODAY, "voucher_number": "1"}, "與原來登記的相同"),
        ("particulars", {"on": TODAY, "voucher_number": "　１ "}, "與原來登記的相同"),
        ("particulars", {"on": EARLIER, "voucher_number": "2"}, "不能早於99年6月1日"),
    ],
)
def test_what_cannot_be_is_refused(staff, award, why, found, reason):
    with pytest.raises(Refused, match=reason):
        corrections.ask(staff.cashier, entry_of(award), Finding(why, "x", **found))
    with pytest.raises(Refused, match="不能這樣更正"):
        corrections.ask(staff.cashier, entry_of(award, "committed"), Finding("mistaken", "x"))


def test_after_an_accepted_account_no_more_is_paid_than_it_leaves(staff, award):
    accepted(award, staff, (40_000, 10_000))
    assert refund_due(award) == 10_000
    award = corrected(staff, award, "mistaken")
    first = first_of(award)
    assert (first.status, first.amount, refund_due(award)) == ("awaiting_receipt", 50_000, 0)
    assert Deadline.objects.get(kind="return").done_on == TODAY
    assert award.status == "completed"


def test_a_return_recorded_by_mistake_is_due_again_and_the_award_open(staff, award):
    accepted(award, staff, (40_000, 10_000))
    returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收1", kind=LedgerKind.RECOVERED)
    award.refresh_from_db()
    assert (award.status, movements(award).back) == ("closed", 10_000)
    with pytest.raises(Refused, match="請先更正繳回"):
        corrections.ask(staff.cashier, entry_of(award), Finding("mistaken", "x"))
    award = corrected(staff, award, "particulars", LedgerKind.RECOVERED, on=TODAY, voucher_number="收2")
    assert (award.status, movements(award).back) == ("closed", 10_000)
    award = corrected(staff, award, "mistaken", LedgerKind.RECOVERED)
    assert (award.status, refund_due(award), Deadline.objects.get(kind="return").done_on) == ("completed", 10_000, None)
    returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收2")
    assert Award.objects.get().status == "closed"


def test_the_right_number_is_written_in_one_way_and_shown_where_it_was_used_before(staff, award):
    other = approved(staff=staff)
    paid_first(other, staff)
    change = corrections.ask(staff.cashier, entry_of(award), Finding("particulars", "打錯字", voucher_number="ｂ—２"))
    assert change.data["voucher_number"] == "B-2"
    assert "請再看一次" not in {row.label for row in corrections.KIND.rows(change)}
    services.confirm(staff.finance, change)
    assert first_of(award).voucher_number == "B-2"
    change = corrections.ask(staff.cashier, entry_of(other), Finding("particulars", "打錯字", voucher_number="b-2"))
    said = {row.label: row.after for row in corrections.KIND.rows(change)}
    assert said["請再看一次"] == f"同一個憑單號碼已經用在：{award.number} 第 1 期 60,000 元。"


def test_money_cannot_have_left_or_come_back_before_it_was_approved_and_paid(staff, award):
    accepted(award, staff, (40_000, 10_000))
    with pytest.raises(Refused, match="不能早於核付日期99年6月1日"):
        ask(staff.cashier, first_of(award), amount=1, on=EARLIER, voucher_number="2", reason="x")
    returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收1")
    back = entry_of(award, LedgerKind.RETURNED)
    with pytest.raises(Refused, match="不能早於99年6月1日"):
        corrections.ask(staff.cashier, back, Finding("particulars", "x", on=EARLIER, voucher_number="收2"))


def test_money_that_left_twice_is_kept_apart_and_comes_back(client, staff, award):
    accepted(award, staff, (40_000, 20_000))
    first, user = first_of(award), member(award)
    assert Award.objects.get().status == "closed"
    asked = {"amount": 60_000, "on": TODAY, "voucher_number": "1-2", "reason": "公庫重複匯出"}
    with pytest.raises(Refused, match="還沒有登記撥付"):
        ask(staff.cashier, award.instalments.get(number=2), **asked)
    change = ask(staff.cashier, first, **asked)
    with pytest.raises(Refused, match="不能自己確認"):
        services.confirm(staff.cashier, change)
    services.confirm(staff.head, change)
    award = Award.objects.get()
    assert (award.status, overpaid(award), movements(award).held, refund_due(award)) == ("completed", 60_000, 60_000, 0)
    assert Notice.objects.get(recipient=user, kind="payment.overpaid").closed_at is None
    for person, words in ((user, "多撥了 60,000 元"), (staff.finance, "重複撥付待收回")):
        client.force_login(person)
        page = "grants:award_detail" if person == user else "grants:award_ledger"
        assert words in client.get(reverse(page, args=[award.number])).content.decode()
        assert award.number in client.get(reverse("grants:desk")).content.decode()
    back = reverse("grants:award_regained", args=[award.number])
    assert client.post(back, {"amount": "60,001", "received_on": "99/6/1", "voucher_number": "收1"}).status_code == 422
    assert client.post(back, {"amount": "50,000", "received_on": "99/6/1", "voucher_number": "收1"}).status_code == 302
    with pytest.raises(Refused, match="待收回 10,000 元"):
        regain(staff.finance, award, amount=20_000, voucher_number="收2")
    regain(staff.finance, award, amount=10_000, voucher_number="收2")
    assert (Award.objects.get().status, overpaid(award)) == ("closed", 0)
    assert not Notice.objects.filter(kind="payment.overpaid", closed_at=None).exists()
    assert list(reconciling.differences()) == []
    regained = LedgerEntry.objects.get(note="收2")
    services.confirm(staff.head, corrections.ask(staff.cashier, regained, Finding("mistaken", "x")))
    assert (Award.objects.get().status, overpaid(award)) == ("completed", 10_000)


def test_money_that_left_twice_is_asked_back_by_letter_until_the_last_part_is_there(staff, award):
    def overpay(amount: int, voucher: str) -> None:
        change = ask(staff.cashier, first_of(award), amount=amount, on=TODAY, voucher_number=voucher, reason="x")
        services.confirm(staff.head, change)

    def waiting() -> list[str]:
        rows = award.application.letters.filter(kind="overpaid", status="draft")
        return [letter.subject for letter in rows]

    overpay(60_000, "2")
    regain(staff.finance, award, amount=10_000, voucher_number="收1")
    assert len(waiting()) == 1
    assert "新臺幣5萬元整" in waiting()[0]
    letters.issued(staff.officer, award.application.letters.get(kind="overpaid", status="draft"))
    due = Deadline.objects.get(award=award, kind="overpaid")
    assert (due.done_on, due.due_on > TODAY) == (None, True)
    assert "50,000 元" in deadlines.values_of(due, TODAY)["金額"] + " 元"
    regain(staff.finance, award, amount=20_000, voucher_number="收2")
    assert (waiting(), Deadline.objects.get(pk=due.pk).done_on) == ([], None)
    overpay(5_000, "3")
    assert "新臺幣3萬5,000元整" in waiting()[0]
    regain(staff.finance, award, amount=35_000, voucher_number="收3")
    assert (waiting(), Deadline.objects.get(pk=due.pk).done_on, overpaid(award)) == ([], TODAY, 0)
    assert deadlines.close_moot(TODAY, TODAY) == 0


def test_an_ended_award_gives_back_to_the_year_what_was_never_paid(staff, award):
    draft = sanctions.SanctionDraft("revoked", TODAY, EARLIER, "未依計畫", disallowed=20_000)
    sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft))
    award.refresh_from_db()
    assert (refund_due(award), movements(award).released) == (20_000, 80_000)
    award = corrected(staff, award, "mistaken")
    assert (first_of(award).status, refund_due(award), movements(award).released) == ("cancelled", 0, 120_000)


def test_the_database_holds_the_bounds(staff, award):
    def entry(kind: str, amount: int, **more) -> None:
        with transaction.atomic():
            LedgerEntry.objects.create(
                envelope=award.envelope,
                award=award,
                kind=kind,
                amount=amount,
                on=TODAY,
                at=clock.now(),
                by=staff.finance,
                **more,
            )

    first, paid = first_of(award), entry_of(award)
    second = award.instalments.get(number=2)
    refused = [
        ("ledger_paid_at_most_instalment", ("paid", 1), {"instalment": first}),
        ("ledger_paid_at_most_instalment", ("paid", 60_001), {"instalment": second}),
        ("ledger_returned_at_most_paid", ("returned", 60_001), {}),
        ("ledger_released_at_most_set_aside", ("released", 120_001), {}),
        ("ledger_regained_at_most_overpaid", ("regained", 1), {}),
        ("ledger_negative_only_corrects", ("paid", -60_000), {"instalment": first}),
        ("ledger_corrects_whole", ("paid", -59_999), {"instalment": first, "corrects": paid, "correction": "mistaken"}),
        ("ledger_corrects_whole", ("returned", -60_000), {"corrects": paid, "correction": "mistaken"}),
    ]
    for name, values, more in refused:
        with pytest.raises(IntegrityError, match=name):
            entry(*values, **more)
    entry("released", 120_000 - 60_000)
    with pytest.raises(IntegrityError, match="ledger_paid_at_most_approved"):
        entry("paid", 60_000, instalment=second)
    for values in ({"amount": 50_000}, {"bank_account": "1"}, {"receipt_number": "9"}):
        with pytest.raises(IntegrityError, match="instalment_frozen"), transaction.atomic():
            Instalment.objects.filter(pk=first.pk).update(**values)
    with pytest.raises(IntegrityError, match="instalment_at_least_paid"), transaction.atomic():
        Instalment.objects.filter(pk=first.pk).update(amount=59_999, status=InstalmentStatus.REQUESTED)


def test_from_page_to_page(client, staff, award):
    page = reverse("grants:award_ledger", args=[award.number])
    form = reverse("grants:entry_correct", args=[award.number, entry_of(award).pk])
    client.force_login(staff.cashier)
    assert form in client.get(page).content.decode()
    asked = {"why": "bounced", "on": "99/5/1", "voucher_number": "", "reason": ""}
    html = client.post(form, asked)
    assert html.status_code == 422
    for words in ("退匯日期不能早於撥付日期", "請填號碼", "99/5/1"):
        assert words in html.content.decode()
    answer = client.post(form, asked | {"on": "99/6/1", "voucher_number": "退1", "reason": "帳號不符"})
    client.force_login(staff.head)
    shown = client.get(answer.url).content.decode()
    assert str(EntryCorrection.BOUNCED.label) in shown
    assert (
        answer.url in client.get(reverse("grants:desk")).content.decode()
        or "縣府資料待確認" in client.get("/").content.decode()
    )
    client.post(reverse("changes:confirm", args=[answer.url.strip("/").split("/")[-1]]))
    assert first_of(award).status == "awaiting_receipt"
    assert "已更正" in client.get(page).content.decode()
    assert form not in client.get(page).content.decode()
    client.force_login(staff.cashier)
    assert client.get(form).status_code == 422
