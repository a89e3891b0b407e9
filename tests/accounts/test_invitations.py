import datetime as dt

import pytest
from django.urls import reverse

from miaoli_kaohsiung.accounts import changes
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import IdentityChange, Invitation, Post, User
from miaoli_kaohsiung.accounts.permissions import may_invite
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import QISHAN, township

pytestmark = pytest.mark.django_db
GOOD = {"username": "new-office", "password": "鹿野-88-2010-good", "again": "鹿野-88-2010-good"}


@pytest.fixture
def invite(client, mailoutbox):
    """Post the form as `user`; answers the link of the mail, or the answer where none was sent."""

    def send(user, **fields):
        township()
        client.force_login(user)
        values = {"display_name": "公所王", "email": "office@example.org", "role": "township_officer"}
        values |= {"county": "kaohsiung", "township_code": QISHAN}
        answer = client.post(reverse("communities:invitations"), values | fields)
        client.logout()
        if not mailoutbox:
            return answer
        return "/accounts/invitations/" + mailoutbox[-1].body.split("/accounts/invitations/")[1].split()[0]

    return send


def test_an_officer_invites_a_township_and_the_account_has_the_post(client, invite, portal_date):
    link = invite(person(Role.CASE_OFFICER))
    assert "旗山鎮公所" in client.get(link).content.decode()
    assert client.post(link, GOOD).url == "/desk/"
    user = User.objects.get(username="new-office")
    post = Post.objects.get(user=user)
    assert (user.email, post.role, post.township_code) == ("office@example.org", Role.TOWNSHIP_OFFICER, QISHAN)
    assert (post.valid_from, post.label) == (portal_date, "旗山鎮公所 公所承辦")
    assert client.login(username="new-office", password=GOOD["password"])
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"again": "other"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "new-office-1", "again": "new-office-1"}, "password"),
        ({"username": "TAKEN"}, "username"),
        ({"username": "a b"}, "username"),
        # Who signs in with another one's address would be that other one to whoever reads it.
        ({"username": "taken@Example.org"}, "username"),
        ({"username": ""}, "username"),
    ],
)
def test_a_weak_password_or_a_taken_name_is_said_at_its_field(client, invite, changes, field):
    person(Role.AUDITOR)
    User.objects.update(username="taken", email="taken@example.org")
    link = invite(person(Role.CASE_OFFICER))
    answer = client.post(link, GOOD | changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Invitation.objects.get().used_at is None


def test_a_case_officer_gives_no_county_post_and_none_elsewhere(invite):
    officer = person(Role.CASE_OFFICER)
    for fields in ({"role": "approver", "township_code": ""}, {"county": "miaoli"}, {"township_code": ""}):
        assert invite(officer, **fields).status_code == 422
    assert not Invitation.objects.exists()


def test_an_administrator_invites_to_any_post(invite):
    invite(person(Role.ADMINISTRATOR, county=""), role="approver", county="miaoli", township_code="")
    assert not Invitation.objects.exists()
    changes.confirm(person(Role.APPROVER, county="miaoli"), IdentityChange.objects.get())
    assert (Invitation.objects.get().role, Invitation.objects.get().county) == ("approver", "miaoli")


def test_somebody_with_an_account_is_not_invited(invite):
    officer = person(Role.CASE_OFFICER)
    answer = invite(officer, email=officer.email.upper())
    assert list(answer.context["form"].errors) == ["email"]


@pytest.mark.parametrize("role", Role)
def test_who_may_invite_whom(role):
    township_officer = may_invite(Post(role=role, county=KAOHSIUNG), Role.TOWNSHIP_OFFICER, KAOHSIUNG)
    approver = may_invite(Post(role=role, county=KAOHSIUNG), Role.APPROVER, KAOHSIUNG)
    elsewhere = may_invite(Post(role=role, county=KAOHSIUNG), Role.TOWNSHIP_OFFICER, MIAOLI)
    assert bool(township_officer) == (role in (Role.CASE_OFFICER, Role.ADMINISTRATOR))
    assert bool(approver) == (role == Role.ADMINISTRATOR)
    assert not elsewhere


def test_an_invitation_is_taken_back_by_its_own_county_only(client, invite):
    link = invite(person(Role.CASE_OFFICER))
    withdraw = reverse("communities:invitation-withdraw", args=[Invitation.objects.get().pk])
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    assert client.post(withdraw).status_code == 404
    client.force_login(person(Role.CASE_OFFICER))
    assert client.post(withdraw).status_code == 302
    assert client.get(link).status_code == 410


def test_an_invitation_to_a_post_that_is_over_is_closed(client, invite):
    link = invite(person(Role.ADMINISTRATOR, county=""), role="reviewer", township_code="", valid_to="99/6/5")
    with clock.travel(dt.date(2010, 6, 6)):
        assert client.post(link, GOOD).status_code == 410
    assert not User.objects.filter(username="new-office").exists()
    with clock.travel(dt.date(2010, 6, 5)):
        assert client.post(link, GOOD).status_code == 302
