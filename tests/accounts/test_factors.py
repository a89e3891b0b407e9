"""Seeds of second factors are sealed at rest, and still sign in, also after the key was changed."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts import factors, sweeping
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import sealed
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "demo-88-2010"
EARLIER, LATER = "an earlier key of more than forty characters", "a later key of more than forty characters"


def column(user) -> str:
    return json.dumps(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def signs_in(user, code: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302


@pytest.fixture
def user(settings):
    settings.PERSONAL_DATA_KEYS = [EARLIER]
    made = UserFactory()
    TOTP.activate(made, SECRET)
    RecoveryCodes.activate(made)
    return made


def test_no_column_holds_the_seed_and_the_code_signs_in(user):
    seed = factors.opened(Authenticator.objects.get(type="recovery_codes").data["seed"])
    assert SECRET not in column(user)
    assert seed not in column(user)
    assert factors.opened(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert signs_in(user, code_now())


def test_a_recovery_code_signs_in(user):
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    assert code not in column(user)
    assert signs_in(user, code)


def test_after_a_change_of_keys(user, settings, capsys):
    settings.PERSONAL_DATA_KEYS = [LATER, EARLIER]
    before = column(user)
    call_command("second_factors", "reseal")
    assert capsys.readouterr().out == "Sealed 2 seeds under the first key.\n"
    settings.PERSONAL_DATA_KEYS = [LATER]
    assert column(user) != before
    assert signs_in(user, code_now())
    kinds = AuditEntry.objects.filter(action=factors.RESEAL).values_list("after", flat=True)
    assert list(kinds) == [{"kind": "totp"}, {"kind": "recovery_codes"}]


def test_a_key_that_was_taken_away_too_early_lets_nobody_in(user, settings):
    settings.PERSONAL_DATA_KEYS = [LATER]
    with pytest.raises(sealed.KeyGoneError):
        signs_in(user, code_now())


def test_what_an_earlier_release_kept_in_the_clear_still_signs_in_and_is_sealed_in_the_night(user):
    Authenticator.objects.filter(user=user, type="totp").update(data={"secret": SECRET})
    assert signs_in(user, code_now())
    assert sweeping.sweep()["seeds"] == 1
    assert SECRET not in column(user)
    assert factors.opened(Authenticator.objects.get(type="totp").data["secret"]) == SECRET
    assert sweeping.sweep()["seeds"] == 0


def test_a_passkey_has_nothing_to_seal(user):
    row = Authenticator.objects.create(user=user, type="webauthn", data={"name": "通行密鑰 1", "credential": {}})
    factors.reseal(factors.Actor.system("x"))
    row.refresh_from_db()
    assert row.data == {"name": "通行密鑰 1", "credential": {}}
