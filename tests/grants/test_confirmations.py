"""What an association reads at once about its own acts and those of an office, with sum, next step and whom to ask."""

import datetime as dt

import pytest
from django.core import mail

from communities.models import Organisation
from grants.models import Settlement
from grants.services.applications import confirmations
from grants.services.payments import instalments
from grants.services.reviews import checks
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.notices import services
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of
from tests.grants.filing import ready_case

from .filing import file

pytestmark = pytest.mark.django_db


def notice_to(user, kind):
    return Notice.objects.get(recipient=user, kind=kind)


def test_filing_is_confirmed_to_chair_and_staff_at_once():
    body = OrganisationFactory()
    chair, staff = chair_of(body), member_of(body)
    case = ready_case(body, staff)
    file(chair, case)
    for user in (chair, staff):
        notice = notice_to(user, "application.confirm-1")
        assert (notice.email_state, notice.case_number) == ("pending", case.number)
        assert f"{chair.display_name}已經確認送件，案號 {case.number}。" in notice.body
        assert notice.body.count("10,000 元") == 1
        assert "縣府承辦人收件、檢查文件，通常 7 天內會收件。" in notice.body
        assert "電話 07-7477611。" in notice.body
    services.deliver_pending()
    assert {address for message in mail.outbox for address in message.to} == {chair.email, staff.email}


def test_the_office_is_told_by_the_mail_of_the_day():
    case, officer = ready_case(OrganisationFactory()), person(Role.CASE_OFFICER)
    file(chair_of(case.organisation), case)
    assert notice_to(officer, "application.filed-1").email_state == "queued"


def test_the_township_s_forwarding_and_the_county_s_receipt_say_what_comes_next(people):
    case = reviews.filed(status="township_review", township_code=QISHAN)
    chair = chair_of(case.organisation)
    reviews.forwarded(person(Role.TOWNSHIP_OFFICER, township_code=QISHAN), case)
    assert "通常 7 天內會收件" in notice_to(chair, "application.forwarded").body
    checks.receive(people.officer, case)
    assert "通常 14 天內會完成" in notice_to(chair, "application.received").body
    # What was said before is over.
    assert notice_to(chair, "application.forwarded").closed_at is not None


def test_receipt_and_payment_name_sum_day_and_account(people):
    award = money.approved(staff=people)
    Organisation.objects.filter(pk=award.application.organisation_id).update(bank_account="00123456789")
    someone, first = money.member(award), award.instalments.get(number=1)
    cashier = person(Role.FINANCE_OFFICER)
    instalments.request_payment(person(Role.CASE_OFFICER), first, receipt_number="1")
    assert "第 1 期款 60,000 元的領據" in notice_to(someone, "payment.receipt_in").body
    instalments.approve_payment(people.officer, first)
    instalments.pay(cashier, first, voucher_number="1")
    body = notice_to(someone, "payment.paid").body
    assert "第 1 期款 60,000 元已在 99年6月1日 撥付，撥入貴會帳號末 5 碼 56789。" in body
    assert "送結報，再請領後面的款項" in body


def test_a_settlement_that_arrived_is_confirmed(people):
    award = money.approved((50_000,), staff=people)
    Settlement.objects.create(award=award, number=award.number)
    someone = money.member(award)
    confirmations.settlement_in(award)
    notice = notice_to(someone, "settlement.settlement_in")
    assert "核定 50,000 元" in notice.body
    assert notice.due_on == dt.date(2010, 6, 1)
