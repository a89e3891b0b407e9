import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory, member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
PASSWORD = "demo-88-2010"


def sign_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


@pytest.mark.parametrize("login", ["somebody", "somebody@example.org", "Somebody@Example.org"])
def test_people_sign_in_by_name_or_address(client, login):
    UserFactory(username="somebody", email="somebody@example.org")
    assert sign_in(client, login).url == "/desk/"


def test_a_session_gets_a_new_key_at_each_sign_in(client):
    """Who knew the key before, or laid it on the device, gets in nowhere."""
    UserFactory(username="somebody")
    client.get(reverse("account_login"))
    client.session["laid"] = True
    client.session.save()
    laid = client.session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = laid
    keys = [laid]
    for _ in range(2):
        sign_in(client, "somebody")
        keys.append(client.session.session_key)
        client.cookies[settings.SESSION_COOKIE_NAME] = keys[-1]
        assert client.get("/desk/").status_code == 200
        client.post(reverse("account_logout"))
    assert len({*keys}) == 3
    for key in keys:
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert client.get("/desk/").status_code == 302


def test_wrong_name_and_wrong_password_read_alike(client):
    UserFactory(username="somebody")
    answers = [sign_in(client, "somebody", "wrong"), sign_in(client, "nobody", "wrong")]
    assert [answer.context["form"].errors["__all__"] for answer in answers] == [
        ["帳號或密碼不對，請再試一次。兩個人共用信箱的，請用登入帳號。忘記密碼可以按「忘記密碼」。"]
    ] * 2


def test_five_wrong_passwords_lock_the_name_and_no_other(client):
    UserFactory(username="somebody")
    UserFactory(username="another")
    for _ in range(5):
        sign_in(client, "somebody", "wrong")
    locked = sign_in(client, "somebody")
    assert "請等 5 分鐘" in str(locked.context["form"].errors)
    assert sign_in(client, "another").status_code == 302


def test_nobody_signs_up(client):
    values = {"username": "new", "email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post(reverse("account_signup"), values)
    assert "承辦人" in page.content.decode()
    assert not User.objects.exists()


def test_allauths_own_address_page_is_not_in_use(client):
    client.force_login(UserFactory())
    assert client.get("/accounts/email/").url == reverse("me")
    assert client.post("/accounts/email/", {"email": "x@example.org", "action_add": ""}).status_code == 405


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_staff_set_up_a_second_factor_first_where_it_is_required(client, settings, role):
    settings.REQUIRE_STAFF_MFA = True
    extra = {Role.TOWNSHIP_OFFICER: {"township_code": "64000300"}, Role.ADMINISTRATOR: {"county": ""}}
    scope = extra.get(role, {})
    user = person(role, **scope)
    client.force_login(user)
    assert client.get(reverse("me")).url == reverse("mfa_activate_totp")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(reverse("me")).status_code == 200


def test_members_need_none(client, settings):
    settings.REQUIRE_STAFF_MFA = True
    client.force_login(member_of(OrganisationFactory()))
    assert client.get(reverse("me")).status_code == 200


# --- Django's administration ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_the_administration_is_for_administrators(client, role):
    extra = {Role.TOWNSHIP_OFFICER: {"township_code": "64000300"}, Role.ADMINISTRATOR: {"county": ""}}
    scope = extra.get(role, {})
    user = member_of(OrganisationFactory()) if role == Role.MEMBER else person(role, **scope)
    # The flags of Django open nothing: only the post counts.
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    client.force_login(user)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == (200 if role == Role.ADMINISTRATOR else 403)


def test_the_administration_sends_strangers_to_the_portals_sign_in(client):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_the_administration_asks_for_the_second_factor_too(client, settings):
    settings.REQUIRE_STAFF_MFA = True
    client.force_login(person(Role.ADMINISTRATOR, county=""))
    assert (
        client.get("/admin/", follow=True)
        .redirect_chain[-1][0]
        .startswith(reverse("mfa_activate_totp").split("totp")[0][:9])
    )


def test_the_administration_shows_and_changes_nothing(client):
    from django.contrib import admin
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = person(Role.ADMINISTRATOR, county="")
    for model, window in admin.site._registry.items():
        rights = window.get_model_perms(request)
        assert rights == {"add": False, "change": False, "delete": False, "view": True}, model
    client.force_login(request.user)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
    assert client.get(reverse("admin:accounts_user_change", args=[request.user.pk])).status_code == 200
    assert client.post(reverse("admin:accounts_user_change", args=[request.user.pk]), {}).status_code == 403


def test_the_window_onto_both_counties_is_for_their_administrator(client):
    client.force_login(person(Role.ADMINISTRATOR, county="miaoli"))
    assert client.get("/admin/", follow=True).status_code == 403
    client.force_login(person(Role.ADMINISTRATOR, county=""))
    assert client.get("/admin/", follow=True).status_code == 200
