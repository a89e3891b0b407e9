"""What was approved is what is paid: the account of the sealed receipt is kept, and a change since stops the payment."""

import datetime as dt

import pytest
from django.urls import reverse

from communities.services.organisations import update_organisation
from grants.models import Instalment
from grants.services.payments import instalments
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import banks
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, member
from tests.grants.papers import paper, text_of_pdf

pytestmark = pytest.mark.django_db
OLD = {"bank_code": "0040000", "bank_account": "000111222333", "bank_account_name": "本會"}
NEW = {"bank_code": "0045678", "bank_account": "004999888777", "bank_account_name": "本會"}


@pytest.fixture
def row(staff) -> Instalment:
    award = approved(staff=staff, organisation=OrganisationFactory(**OLD))
    return instalments.request_payment(
        member(award), award.instalments.get(number=1), receipt_number="1", receipt=paper()
    )


def change(row: Instalment, staff, **fields) -> None:
    update_organisation(Actor(staff.officer, "承辦人"), row.award.application.organisation, **fields)


def fresh(row: Instalment) -> Instalment:
    return Instalment.objects.get(pk=row.pk)


def first_panel(client, user, address) -> tuple[str, str]:
    client.force_login(user)
    following = client.get(address).context["next"]
    return following.text, following.label if following.url else ""


def test_the_receipt_keeps_the_account_it_was_printed_with(staff, row):
    assert fresh(row).kept_account == tuple(OLD.values())
    instalments.approve_payment(staff.head, row)
    instalments.pay(staff.cashier, fresh(row), voucher_number="1")
    assert fresh(row).status == "paid"


def test_a_change_after_approval_stops_the_payment_until_it_is_approved_again(client, staff, row):
    instalments.approve_payment(staff.head, row)
    change(row, staff, **NEW)
    with pytest.raises(Refused, match="核付以後帳戶改過"):
        instalments.pay(staff.cashier, fresh(row), voucher_number="1")
    client.force_login(staff.cashier)
    page = client.get(reverse("grants:instalment_pay", args=[row.award.number, 1]), follow=True).content.decode()
    for words in ("000111222333", "004999888777", "退回核付"):
        assert words in page
    assert 'name="voucher_number"' not in page
    address = reverse("grants:award_detail", args=[row.award.number])
    assert first_panel(client, staff.cashier, address) == ("第 1 期款先停下：帳戶在領據送出以後改過", "看兩個帳戶")
    words = "第 1 期款先停下：帳戶改過，等縣府退回領據，再用新帳戶重印"
    assert first_panel(client, member(row.award), address) == (words, "")
    instalments.withdraw_approval(staff.cashier, fresh(row), reason="帳戶改過")
    again = fresh(row)
    assert (again.status, again.approved_by) == ("requested", None)
    with pytest.raises(Refused, match="和蓋章的領據不同"):
        instalments.approve_payment(staff.head, again)
    instalments.return_receipt(staff.officer, again, reason="請用新帳戶重印")
    instalments.request_payment(member(row.award), fresh(row), receipt_number="2", receipt=paper())
    instalments.approve_payment(staff.head, fresh(row))
    instalments.pay(staff.cashier, fresh(row), voucher_number="1")
    assert fresh(row).kept_account == tuple(NEW.values())


def test_an_account_put_back_may_be_paid(staff, row):
    instalments.approve_payment(staff.head, row)
    change(row, staff, **NEW)
    change(row, staff, **OLD)
    assert instalments.pay(staff.cashier, fresh(row), voucher_number="1").status == "paid"


@pytest.mark.parametrize("field", ["bank_code", "bank_account", "bank_account_name"])
def test_each_part_of_the_account_counts(staff, row, field):
    instalments.approve_payment(staff.head, row)
    change(row, staff, **{field: "9990000"})
    with pytest.raises(Refused, match="核付以後帳戶改過"):
        instalments.pay(staff.cashier, fresh(row), voucher_number="1")


def test_other_changes_of_the_registry_stop_nothing(staff, row):
    instalments.approve_payment(staff.head, row)
    change(row, staff, phone="07-6612345")
    assert instalments.pay(staff.cashier, fresh(row), voucher_number="1").status == "paid"


def test_only_before_the_payment_and_with_the_right_post(staff, row):
    instalments.approve_payment(staff.head, row)
    with pytest.raises(Refused):
        instalments.withdraw_approval(member(row.award), fresh(row), reason="x")
    with pytest.raises(Refused, match="核付的人不能自己退回"):
        instalments.withdraw_approval(staff.head, fresh(row), reason="x")
    instalments.pay(staff.cashier, fresh(row), voucher_number="1")
    with pytest.raises(Refused, match="已撥付"):
        instalments.withdraw_approval(staff.finance, fresh(row), reason="x")


def test_all_who_approve_or_pay_and_the_association_read_of_a_change(staff, row):
    someone = row.requested_by
    change(row, staff, **NEW)
    notices = Notice.objects.filter(kind="organisation.account")
    assert {staff.head, staff.finance, staff.cashier, someone} == {notice.recipient for notice in notices}
    assert all("****8777" in notice.body and "****2333" in notice.body for notice in notices)
    assert not any("004999888777" in notice.body for notice in notices)


def test_the_printed_receipt_says_the_kept_account_and_the_bank(client, staff, row):
    change(row, staff, **NEW)
    client.force_login(staff.officer)
    answer = client.get(reverse("grants:receipt_pdf", args=[row.award.number, 1]))
    assert answer.status_code == 200
    text = text_of_pdf(answer.content)
    assert "000111222333" in text
    assert "臺灣銀行" in text
    assert "004999888777" not in text


def test_the_passbook_comes_with_the_receipt(client, staff):
    award = approved(staff=staff, organisation=OrganisationFactory(**OLD))
    client.force_login(member(award))
    address = reverse("grants:instalment_request", args=[award.number, 1])
    data = {"receipt_number": "1", "receipt": paper(), "passbook": paper()}
    assert client.post(address, data).status_code == 302
    assert client.get(reverse("grants:passbook_file", args=[award.number, 1])).status_code == 200


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("0040000", dt.date(2010, 6, 1), "臺灣銀行"),
        ("7000021", dt.date(2010, 6, 1), "中華郵政"),
        ("6190011", dt.date(2010, 6, 1), "農會信用部"),
        ("5200011", dt.date(2010, 6, 1), "漁會信用部"),
        ("0120000", dt.date(2004, 12, 31), ""),
        ("0120000", dt.date(2005, 1, 1), "台北富邦商業銀行"),
        ("9990000", dt.date(2010, 6, 1), ""),
        ("00", dt.date(2010, 6, 1), ""),
        ("", dt.date(2010, 6, 1), ""),
    ],
)
def test_names_of_banks(code, on, name):
    assert banks.name_of(code, on) == name
