"""Batches: what gets onto one, what is sent, and how an instalment leaves it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grants.enums import BatchPaymentState, PaymentBatchStatus
from grants.models import BatchPayment, Instalment
from grants.queries import treasury
from grants.services.payments import instalments
from grants.services.treasury import batches, papers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money
from tests.factories.accounts import person
from tests.grants.paying import ready, sent

pytestmark = pytest.mark.django_db


def states(batch) -> list[str]:
    return list(batch.payments.values_list("state", flat=True))


def fresh(row: Instalment) -> Instalment:
    return Instalment.objects.get(pk=row.pk)


def test_a_batch_takes_what_can_be_paid_and_names_what_it_leaves_out(staff):
    one, two = ready(staff), ready(staff)
    waiting = money.approved(staff=staff).instalments.get(number=1)
    batch, left = batches.make(staff.finance, [one.pk, two.pk, waiting.pk])
    assert (batch.number, batch.status, [place.position for place in batch.payments.all()]) == (
        "99-001",
        "drafted",
        [1, 2],
    )
    assert [one.instalment.pk for one in left] == [waiting.pk]
    assert "待請款" in left[0].reason
    place = batch.payments.first()
    assert (place.amount, place.account) == (60_000, fresh(one).kept_account)
    assert AuditEntry.objects.get(action="payment_batch.make").after["total"] == 120_000
    with pytest.raises(Refused, match="已編在付款清冊 99-001"):
        batches.make(staff.finance, [one.pk])
    assert batches.make(staff.finance, [ready(staff).pk])[0].number == "99-002"


def test_who_may_not_pay_makes_no_batch(staff):
    row = ready(staff)
    for user in (staff.officer, staff.head, person(Role.FINANCE_OFFICER, "miaoli")):
        with pytest.raises(Refused):
            batches.make(user, [row.pk])
    assert not BatchPayment.objects.exists()


def test_nothing_goes_on_a_batch_before_its_letter_is_issued(staff):
    row = ready(staff)
    row.award.notified_on = None
    row.award.save()
    with pytest.raises(Refused, match="還沒有發文"):
        batches.make(staff.finance, [row.pk])


def test_the_database_lets_an_instalment_wait_on_one_batch_only(staff):
    row = ready(staff)
    batch, _left = batches.make(staff.finance, [row.pk])
    place = batch.payments.get()
    place.pk, place.position = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        place.save()


def test_a_case_is_taken_out_before_sending_and_sent_back_after(staff):
    one, two, three = ready(staff), ready(staff), ready(staff)
    batch, _left = batches.make(staff.finance, [row.pk for row in (one, two, three)])
    first, second, third = treasury.payments_of(batch)
    with pytest.raises(Refused, match="還沒有送出納"):
        instalments.pay(staff.cashier, fresh(one), voucher_number="1")
    batches.take_out(staff.finance, first, reason="另案處理")
    batches.send(staff.finance, batch)
    with pytest.raises(Refused):
        batches.take_out(staff.finance, second, reason="來不及了")
    with pytest.raises(Refused, match="已送出納付款"):
        instalments.withdraw_approval(staff.officer, fresh(two), reason="金額有誤")
    batches.send_back(staff.cashier, second, reason="帳號不全")
    (notice,) = Notice.objects.filter(subject__startswith="出納退回一筆付款")
    assert notice.recipient == staff.officer
    assert "帳號不全" in notice.body
    instalments.withdraw_approval(staff.officer, fresh(two), reason="帳號不全")
    instalments.pay(staff.cashier, fresh(one), voucher_number="付1")
    instalments.pay(staff.cashier, fresh(three), voucher_number="付3")
    batch.refresh_from_db()
    assert (states(batch), batch.status) == (["taken_out", "sent_back", "paid"], PaymentBatchStatus.PAID)
    assert third.pk == batch.payments.get(state=BatchPaymentState.PAID).pk


def test_a_batch_is_paid_in_part_and_cannot_be_called_back_then(staff):
    one, two = ready(staff), ready(staff)
    batch = sent(staff, one, two)
    assert batches.send(staff.finance, batch).status == "sent"
    instalments.pay(staff.cashier, fresh(one), voucher_number="付1")
    batch.refresh_from_db()
    assert batch.status == "part"
    with pytest.raises(Refused):
        batches.recall(staff.finance, batch, reason="印錯")
    batches.send_back(staff.finance, batch.payments.get(instalment=two), reason="退件")
    batch.refresh_from_db()
    assert batch.status == "paid"


def test_a_batch_is_called_back_and_given_up(staff):
    row = ready(staff)
    batch = batches.recall(staff.finance, sent(staff, row), reason="長官退回")
    assert (batch.status, batch.sent_on) == ("drafted", None)
    batch = batches.discard(staff.finance, batch, reason="重編")
    again, _left = batches.make(staff.finance, [row.pk])
    assert (states(batch), batch.status, again.number) == (["taken_out"], "ended", "99-002")
    with pytest.raises(Refused, match="已經沒有要付的款"):
        batches.take_out(staff.finance, again.payments.get(), reason="不付了")
        batches.send(staff.finance, again)


def test_a_withdrawn_approval_leaves_a_draft(staff):
    row = ready(staff)
    batch, _left = batches.make(staff.finance, [row.pk])
    instalments.withdraw_approval(staff.officer, fresh(row), reason="領據金額有誤")
    place = batch.payments.get()
    assert (place.state, place.reason) == ("taken_out", "領據金額有誤")


def test_an_account_that_changed_stops_a_draft_but_not_what_the_treasury_holds(staff):
    held, drafted = ready(staff), ready(staff)
    sent(staff, held)
    batch, _left = batches.make(staff.finance, [drafted.pk])
    for row in (held, drafted):
        body = row.award.application.organisation
        body.bank_account = "999999999999"
        body.save()
    with pytest.raises(Refused, match="序號 1：核付以後帳戶改過"):
        batches.send(staff.finance, batch)
    assert instalments.pay(staff.cashier, fresh(held), voucher_number="付1").status == "paid"


def test_the_banks_file_has_what_waits_and_only_while_the_treasury_has_it(staff):
    one, two = ready(staff), ready(staff)
    batch, _left = batches.make(staff.finance, [one.pk, two.pk])
    with pytest.raises(Refused, match="送出納以後才有轉帳檔"):
        papers.transfer(staff.finance, batch)
    batches.send(staff.finance, batch)
    instalments.pay(staff.cashier, fresh(one), voucher_number="付1")
    batch.refresh_from_db()
    written = b"".join(papers.transfer(staff.finance, batch)).decode("utf-8-sig").splitlines()
    assert written[0] == "序號,銀行代碼,分行代碼,收款帳號,收款戶名,金額,附言"
    assert written[1:] == [f"2,004,0037,003700412340,示範協會,60000,{two.award.number}-1"]
    assert AuditEntry.objects.filter(action="payment_batch.export").count() == 1


def test_a_batch_that_changed_since_its_page_was_opened_is_looked_at_before_it_is_sent(staff, client):
    one, two = ready(staff), ready(staff)
    batch, _left = batches.make(staff.finance, [one.pk, two.pk])
    page, send = (reverse(f"grants:{name}", args=[batch.pk]) for name in ("payment_batch", "payment_batch_send"))
    client.force_login(staff.cashier)
    old = client.get(page).context["shown"]
    batches.take_out(staff.finance, batch.payments.get(position=2), reason="帳戶要再核對")
    assert "內容換過了" in client.post(send, {"shown": old}, follow=True).content.decode()
    batch.refresh_from_db()
    assert batch.status == PaymentBatchStatus.DRAFTED
    seen = {"shown": client.get(page).context["shown"]}
    for _press in range(2):
        client.post(send, seen)
    batch.refresh_from_db()
    assert (batch.status, states(batch)) == (PaymentBatchStatus.SENT, ["waiting", "taken_out"])
