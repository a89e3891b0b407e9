"""A passkey on a phone: made once, then a finger signs in; given up, it opens nothing."""

import pytest
from django.core.cache import cache

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories.accounts import person

from .acting import PASSWORD, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUTTON = "用指紋或臉孔登入（通行密鑰）"
# A phone that knows its owner's finger.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def nothing_counted(transactional_db):
    cache.clear()


@pytest.fixture
def device(phone):
    """The phone's own keeper of passkeys; answers how to set it."""
    tools = phone.context.new_cdp_session(phone)
    tools.send("WebAuthn.enable")
    key = tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def known(yes: bool) -> None:
        tools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": yes})

    return known


def leaves(phone) -> None:
    """The session ends, and nothing of the last page is under way any more."""
    phone.goto("about:blank")
    phone.context.clear_cookies()


def test_a_finger_signs_in_once_a_passkey_is_made(phone, device, axe, settings):
    settings.REQUIRE_STAFF_MFA = True
    officer = person(Role.CASE_OFFICER)
    reader = Person(phone, officer).sign_in()
    # A post of an office is asked for a second factor; a passkey is one.
    reader.sees("公務帳號要先設定兩步驟驗證").goes("/accounts/2fa/").fits()
    reader.press("加一把通行密鑰")
    if phone.get_by_label("密碼").count():
        reader.fill({"密碼": PASSWORD}).press("確認")
    reader.fits().fill({"給它一個名字": "我的手機"}).press("用這台裝置建立")
    reader.sees("備用碼")
    axe(phone)
    reader.goes("/desk/")
    leaves(phone)

    reader.goes("/accounts/login/").fits()
    axe(phone)
    device(False)
    phone.get_by_role("button", name=BUTTON).click()
    reader.sees("這台裝置沒有完成")
    device(True)
    phone.get_by_role("button", name=BUTTON).click()
    reader.sees("目前沒有等您處理的事")

    reader.goes("/accounts/2fa/webauthn/").fits().sees("我的手機")
    phone.get_by_role("link", name="移除").click()
    reader.sees("請再確認是您本人").fill({"密碼": PASSWORD})
    phone.get_by_role("button", name="確認").click()
    reader.sees("就不能再用它登入")
    phone.get_by_role("button", name="移除").click()
    reader.sees("還沒有通行密鑰")
    leaves(phone)
    reader.goes("/accounts/login/")
    phone.get_by_role("button", name=BUTTON).click()
    reader.sees("這把通行密鑰已經移除")
    done = set(AuditEntry.objects.filter(action__startswith="account.").values_list("action", flat=True))
    assert done == {"account.sign_in", "account.add_factor", "account.remove_factor"}
