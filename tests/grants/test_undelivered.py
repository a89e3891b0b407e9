"""The county sees what left the portal for its people, and what did not arrive: why, and what happened instead."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.queries.reminders.undelivered import Counted, counted, undelivered
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.deliveries import MAX_ATTEMPTS
from miaoli_kaohsiung.notices.models import Delivery, DeliveryState, EmailState, Reach
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.notices import failed_mail, failed_sms, notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return member_of(OrganisationFactory(phone="07-6612345"))


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


def said(officer) -> list[tuple[str, str, str]]:
    return [(row.channel, row.why, row.instead) for row in undelivered(officer)]


def test_each_failure_says_why_and_what_happened_instead(member, officer):
    refused = ("簡訊", "業者不收這個號碼，或本人已經停用簡訊")
    for about, instead in (
        (notice(member, EmailState.DIGESTED), "已改寄電子郵件"),
        (notice(member, EmailState.QUEUED), "會和當天的通知一起寄電子郵件"),
        (notice(member, EmailState.NO_ADDRESS), "還沒有通知到，請打電話"),
        (notice(member, closed_at=clock.now()), "已經辦完，不用再通知"),
    ):
        failed_sms(member, about)
        assert said(officer)[0] == (*refused, instead)
    failed_sms(member, attempts=MAX_ATTEMPTS)
    assert said(officer)[0][1] == f"業者一直沒有回應，試了 {MAX_ATTEMPTS} 次"
    Delivery.objects.filter(pk=failed_sms(member).pk).update(notice=None)
    assert (undelivered(officer)[0].about, said(officer)[0][2]) == ("手機驗證碼", "請本人再按一次「寄驗證碼」")


def test_a_mail_that_failed_is_listed_and_what_an_sms_told_needs_no_call(member, officer):
    failed = failed_mail(member)
    assert said(officer) == [("電子郵件", "郵件主機一直不收，試了 20 次；請核對信箱", "還沒有通知到，請打電話")]
    failed_sms(member, failed, state=DeliveryState.SENT)
    assert said(officer)[0][2] == "簡訊或 LINE 已送到"
    mail, sms, line = counted(officer)
    assert (mail, sms, line) == (Counted("電子郵件", 0, 0, 1), Counted("簡訊", 1, 0, 0), Counted("LINE", 0, 0, 0))


def test_only_of_ones_own_county_and_of_the_last_days(member, officer):
    row = failed_sms(member)
    assert [found.recipient for found in undelivered(person(Role.ADMINISTRATOR, ""))] == [member]
    assert undelivered(person(Role.CASE_OFFICER, MIAOLI)) == []
    Delivery.objects.filter(pk=row.pk).update(made_at=clock.now() - dt.timedelta(days=31))
    assert undelivered(officer) == []


def test_the_page_leads_to_the_association_and_shows_no_number(member, officer, client):
    Reach.objects.create(user=member, phone="0912345678", phone_confirmed_at=clock.now())
    failed_sms(member)
    url, record = (
        reverse("grants:deliveries"),
        reverse("communities:organisation", args=[member.posts.get().organisation_id]),
    )
    client.force_login(officer)
    text = client.get(url).content.decode()
    assert ("0912345678" in text, f'href="{record}"' in text, "簡訊還沒有開通" in text) == (False, True, True)
    client.force_login(person(Role.ADMINISTRATOR, ""))
    assert f'href="{record}"' not in client.get(url).content.decode()
    client.force_login(person(Role.FINANCE_OFFICER))
    assert client.get(url).status_code == 403
