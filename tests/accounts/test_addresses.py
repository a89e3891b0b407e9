"""Two people of a household with one e-mail address, and people without any."""

import re

import pytest
from django.urls import reverse

from miaoli_kaohsiung.accounts import addresses, services
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.services import deliver_pending, notify
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory, member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
HOME = "home@example.org"
PASSWORD = "demo-88-2010"
NEW = "鹿野-88-2010-good"


@pytest.fixture
def couple():
    body = OrganisationFactory()
    people = []
    for username, name in (("husband", "王先生"), ("wife", "李太太")):
        user = UserFactory(username=username, display_name=name, email=HOME)
        people.append(member_of(body, user=user))
    return people


def sign_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def test_each_signs_in_with_the_own_name_and_nobody_with_the_address(client, couple):
    for user in couple:
        assert sign_in(client, user.username).status_code == 302
        client.logout()
    refused = sign_in(client, HOME)
    assert "兩個人共用信箱的，請用登入帳號" in str(refused.context["form"].errors)


def test_the_one_who_is_left_signs_in_with_the_address(client, couple):
    services.set_active(Actor.system("test"), couple[0], active=False)
    assert sign_in(client, HOME).status_code == 302


def test_a_telephone_of_one_s_own_signs_in_and_a_shared_one_does_not(client, couple):
    User.objects.filter(pk=couple[0].pk).update(phone="0912-345-678")
    assert sign_in(client, "0912345678").status_code == 302
    client.logout()
    User.objects.update(phone="0912-345-678")
    assert sign_in(client, "0912345678").status_code == 200


def test_a_forgotten_password_asks_whose_and_sets_only_that(client, couple, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": HOME})
    (sent,) = mailoutbox
    assert "請選自己的那一個連結" in sent.body
    link = re.search(r"李太太，登入帳號 wife\nhttp://[^/]+(/\S+)", sent.body)[1]
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert [User.objects.get(pk=user.pk).check_password(NEW) for user in couple] == [False, True]


def test_the_name_of_one_account_gets_the_mail_of_that_account(client, couple, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "husband"})
    (sent,) = mailoutbox
    assert (sent.to, "husband" in sent.body, "wife" in sent.body) == ([HOME], True, False)


def test_the_page_says_the_same_whatever_was_found(client, couple, mailoutbox):
    User.objects.filter(username="wife").update(email="")
    asked = ("husband", "wife", "nobody", HOME, "nobody@example.org")
    answers = [client.post(reverse("account_reset_password"), {"email": text}) for text in asked]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, reverse("account_reset_password_done"))}
    assert [mail.to[0] for mail in mailoutbox] == [HOME, HOME, "nobody@example.org"]


def test_their_notices_are_two_mails_that_say_whose_they_are(couple, mailoutbox):
    for user in couple:
        notify(user, "example", "thing:1", clock.today(), "領據快到期", "請送領據。")
    deliver_pending()
    assert sorted((mail.to[0], mail.subject) for mail in mailoutbox) == [
        (HOME, "李太太：領據快到期"),
        (HOME, "王先生：領據快到期"),
    ]


@pytest.mark.parametrize(
    ("email", "authority", "allowed"),
    [
        ("free@example.org", True, True),
        (HOME, False, False),  # already two
        ("Single@example.org", False, True),
        ("single@example.org", True, False),
        ("clerk@example.org", False, False),
        ("", False, True),
        ("", True, False),
    ],
)
def test_who_may_have_an_address(couple, email, authority, allowed):
    UserFactory(email="single@example.org")
    User.objects.filter(pk=person(Role.CASE_OFFICER).pk).update(email="clerk@example.org")
    assert bool(addresses.may_have(email, authority=authority)) == allowed


def test_no_post_of_an_authority_for_a_shared_address(couple):
    with pytest.raises(services.PostError, match="不能和別人共用"), trail.unit_of_work(Actor.system("test")):
        services.record_post(couple[0], role=Role.APPROVER, county="miaoli", valid_from=clock.today())


def test_no_account_s_own_name_is_a_telephone_number(client, mailoutbox):
    services.invite(
        Actor(person(Role.ADMINISTRATOR)), email=HOME, display_name="王先生", role=Role.AUDITOR, county="miaoli"
    )
    link = "/accounts/invitations/" + mailoutbox[-1].body.split("/accounts/invitations/")[1].split()[0]
    answer = client.post(link, {"username": "0912-345-678", "password": NEW, "again": NEW})
    assert list(answer.context["form"].errors) == ["username"]


def test_whoever_has_no_address_keeps_the_account_page(client, couple):
    User.objects.filter(pk=couple[0].pk).update(email="")
    client.force_login(couple[0])
    answer = client.post(reverse("me"), {"display_name": "王大明", "email": "", "phone": "(07)661-2345"})
    assert answer.status_code == 302
    assert User.objects.values_list("display_name", "phone").get(pk=couple[0].pk) == ("王大明", "07-6612345")
    client.force_login(couple[1])
    answer = client.post(reverse("me"), {"display_name": "李太太", "email": ""})
    assert list(answer.context["form"].errors) == ["email"]
