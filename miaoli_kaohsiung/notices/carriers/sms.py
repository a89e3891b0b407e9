"""Short messages by the government's short code 111, through the gateway that the county's contract names.

The gateway takes `{"from", "to", "text", "id"}` as JSON with a bearer token. It takes one `id` once: 409 means that it has
it already. 400 and 422 refuse a text or a number for good, 402 says that the month's quota is used up; any other answer
is tried again. `tests/notices/test_carriers.py` holds this for the local gateway and for the real one alike.
"""

from uuid import UUID

from django.conf import settings

from .http import CarrierError, ExhaustedError, RejectedError, post


def configured() -> bool:
    return bool(settings.SMS_URL)


def send(number: str, text: str, key: UUID) -> None:
    """Hand one text to the gateway. Raises CarrierError."""
    data = {"from": settings.SMS_SENDER, "to": number, "text": text, "id": str(key)}
    answer = post(settings.SMS_URL, data, {"Authorization": f"Bearer {settings.SMS_TOKEN}"})
    if answer.status in (200, 201, 202, 409):
        return
    if answer.status in (400, 422):
        raise RejectedError(f"the gateway refused the text: {answer.status}")
    if answer.status == 402:
        raise ExhaustedError("the gateway's quota is used up")
    raise CarrierError(f"the gateway answered {answer.status}")
