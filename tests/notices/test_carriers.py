"""What the portal relies on of a carrier of SMS and of LINE: one contract for the local gateway and for the real ones.

The real ones are asked where the environment names them: SMS_CONTRACT_URL, SMS_CONTRACT_TOKEN and SMS_CONTRACT_NUMBER (a
telephone that may ring); LINE_CONTRACT_TOKEN and LINE_CONTRACT_USER.
"""

import os
from types import SimpleNamespace
from uuid import uuid4

import pytest

from miaoli_kaohsiung.notices.carriers import line, sms
from miaoli_kaohsiung.notices.carriers.http import CarrierError, ExhaustedError, RejectedError

from .carriers import NO_ACCOUNT, NO_NUMBER

SMS = ["local", *(["real"] if os.environ.get("SMS_CONTRACT_URL") else [])]
LINE = ["local", *(["real"] if os.environ.get("LINE_CONTRACT_TOKEN") else [])]


@pytest.fixture
def telephone(request, settings, gateway):
    if request.param == "local":
        return SimpleNamespace(number="0912345678", taken=lambda: len(gateway.sms))
    settings.SMS_URL, settings.SMS_TOKEN = os.environ["SMS_CONTRACT_URL"], os.environ["SMS_CONTRACT_TOKEN"]
    return SimpleNamespace(number=os.environ["SMS_CONTRACT_NUMBER"], taken=lambda: 1)


@pytest.fixture
def account(request, settings, gateway):
    if request.param == "local":
        return SimpleNamespace(user="U" + "1" * 32, taken=lambda: len(gateway.pushes))
    settings.LINE_API_URL, settings.LINE_CHANNEL_TOKEN = "https://api.line.me", os.environ["LINE_CONTRACT_TOKEN"]
    return SimpleNamespace(user=os.environ["LINE_CONTRACT_USER"], taken=lambda: 1)


@pytest.mark.parametrize("telephone", SMS, indirect=True)
def test_a_short_message_is_taken_once_by_its_key(telephone):
    key = uuid4()
    for _time in range(2):
        sms.send(telephone.number, "測試：88-099-0001 請在99年7月31日前送結報", key)
    assert telephone.taken() == 1


@pytest.mark.parametrize("telephone", SMS, indirect=True)
def test_a_number_that_is_none_is_refused_for_good(telephone):
    with pytest.raises(RejectedError):
        sms.send(NO_NUMBER, "測試", uuid4())


@pytest.mark.parametrize("telephone", SMS, indirect=True)
def test_without_the_right_token_nothing_is_taken_and_it_is_tried_again(telephone, settings):
    settings.SMS_TOKEN = "another"
    with pytest.raises(CarrierError) as error:
        sms.send(telephone.number, "測試", uuid4())
    assert not isinstance(error.value, RejectedError)


@pytest.mark.parametrize("account", LINE, indirect=True)
def test_a_push_is_taken_once_by_its_key(account):
    key = uuid4()
    for _time in range(2):
        line.push(account.user, "測試：88-099-0001 請在99年7月31日前送結報", key)
    assert account.taken() == 1


@pytest.mark.parametrize("account", LINE, indirect=True)
def test_an_account_and_a_reply_token_that_are_none_are_refused_for_good(account):
    with pytest.raises(RejectedError):
        line.push(NO_ACCOUNT, "測試", uuid4())
    with pytest.raises(RejectedError):
        line.reply("nothing", ["測試"])


# --- The portal's own side ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"), [(402, ExhaustedError), (422, RejectedError), (500, CarrierError), (302, CarrierError)]
)
def test_what_an_answer_of_the_gateway_means(gateway, status, error):
    gateway.answers = [status]
    with pytest.raises(error) as raised:
        sms.send("0912345678", "測試", uuid4())
    assert type(raised.value) is error
    assert "0912345678" not in str(raised.value)


@pytest.mark.parametrize(("status", "error"), [(429, ExhaustedError), (403, RejectedError), (503, CarrierError)])
def test_what_an_answer_of_line_means(gateway, status, error):
    gateway.answers = [status]
    with pytest.raises(error) as raised:
        line.push("U1", "測試", uuid4())
    assert type(raised.value) is error


def test_nobody_there_is_tried_again(settings):
    settings.SMS_URL = "http://127.0.0.1:9/sms"
    with pytest.raises(CarrierError):
        sms.send("0912345678", "測試", uuid4())


def test_without_settings_there_is_no_carrier():
    assert (sms.configured(), line.configured(), line.pushes()) == (False, False, False)
    assert line.is_signed(b"{}", "") is False
