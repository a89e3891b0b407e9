"""Whose address is counted: behind the county's proxies the client's own, and never what the client says of itself."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from structlog.testing import capture_logs

from miaoli_kaohsiung.accounts.clients import address_of
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import OrganisationFactory

CLIENT, PROXY, OUTER = "198.51.100.7", "10.0.0.1", "10.0.0.2"
SPOOFED = "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, None, PROXY),
        # Nobody stands before the portal: whatever a client sends is not believed.
        (0, SPOOFED, PROXY),
        (1, CLIENT, CLIENT),
        (1, f"{SPOOFED}, {CLIENT}", CLIENT),
        (1, f"{SPOOFED}, {SPOOFED}, {CLIENT}", CLIENT),
        (2, f"{SPOOFED}, {CLIENT}, {OUTER}", CLIENT),
        # The health check of a proxy carries no header.
        (1, None, PROXY),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_behind_the_proxies(rf, settings, proxies, header, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": header} if header else {}
    assert address_of(rf.get("/", REMOTE_ADDR=PROXY, headers=headers)) == address


def test_without_any_address_there_is_none(rf):
    assert address_of(rf.get("/", REMOTE_ADDR="")) == ""


def attempt(client, login, password, address, spoofed=SPOOFED):
    forwarded = {"x-forwarded-for": f"{spoofed}, {address}"}
    values = {"login": login, "password": password}
    return client.post(reverse("account_login"), values, REMOTE_ADDR=PROXY, headers=forwarded)


@pytest.mark.django_db
def test_one_client_behind_the_proxy_locks_out_nobody_else(client, settings):
    cache.clear()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "10/5m/ip,5/5m/key"}
    user = UserFactory()
    for number in range(12):
        # A new header each time does not make a new client.
        answer = attempt(client, f"nobody-{number}", "wrong", "203.0.113.77", spoofed=f"203.0.113.{number}")
    assert "請等 5 分鐘" in str(answer.context["form"].errors)
    assert attempt(client, user.username, "demo-88-2010", CLIENT).status_code == 302


@pytest.mark.django_db
def test_the_log_shows_the_address_that_is_counted(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    from structlog.contextvars import merge_contextvars

    with capture_logs(processors=[merge_contextvars]) as lines:
        client.get("/livez", REMOTE_ADDR=PROXY, headers={"x-forwarded-for": f"{SPOOFED}, {CLIENT}"})
    assert {line["ip"] for line in lines if "ip" in line} == {CLIENT}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_stands_in_the_log_with_who_asked_for_what(client, method):
    from structlog.contextvars import merge_contextvars

    user = person(Role.MEMBER, organisation_id=OrganisationFactory().pk)
    client.force_login(user)
    address = reverse("grants:audit")
    with capture_logs(processors=[merge_contextvars]) as lines:
        assert getattr(client, method)(address, REMOTE_ADDR=CLIENT).status_code == 403
    (line,) = [line for line in lines if line["event"] == "request_finished"]
    asked = f"{method.upper()} {address}"
    assert (line["code"], line["user_id"], line["ip"], line["request"]) == (403, user.pk, CLIENT, asked)
    assert line["request_id"]
