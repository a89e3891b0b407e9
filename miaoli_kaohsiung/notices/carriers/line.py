"""LINE's Messaging API: replies to whoever writes, pushes within the month's number, and the proof of its webhook."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings

from .http import Answer, CarrierError, ExhaustedError, RejectedError, post


def configured() -> bool:
    return bool(settings.LINE_CHANNEL_TOKEN and settings.LINE_CHANNEL_SECRET)


def pushes() -> bool:
    """Return whether the portal may write first at all."""
    return configured() and settings.LINE_PUSHES_A_MONTH > 0


def push(line_id: str, text: str, key: UUID) -> None:
    """Write to somebody first. LINE takes one key once and answers 409 to it later. Raises CarrierError."""
    answer = _post("push", {"to": line_id, "messages": [_text(text)]}, {"X-Line-Retry-Key": str(key)})
    if answer.status == 429:
        raise ExhaustedError("the month's pushes are used up, or too many at once")
    if answer.status != 409:
        _require(answer)


def reply(token: str, texts: Sequence[str]) -> None:
    """Answer what somebody wrote, within a minute; a token answers once. Raises CarrierError."""
    _require(_post("reply", {"replyToken": token, "messages": [_text(text) for text in texts]}, {}))


def is_signed(body: bytes, signature: str) -> bool:
    """Return whether the body of a webhook bears the channel's signature. Without a secret nothing does."""
    secret = settings.LINE_CHANNEL_SECRET.encode()
    wanted = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())
    return bool(secret) and hmac.compare_digest(wanted, signature.encode(errors="replace"))


def _post(what: str, data: dict[str, Any], headers: dict[str, str]) -> Answer:
    url = f"{settings.LINE_API_URL}/v2/bot/message/{what}"
    return post(url, data, {"Authorization": f"Bearer {settings.LINE_CHANNEL_TOKEN}", **headers})


def _require(answer: Answer) -> None:
    if answer.status == 200:
        return
    if answer.status in (400, 403, 404):
        raise RejectedError(f"LINE refused the message: {answer.status}")
    raise CarrierError(f"LINE answered {answer.status}")


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}
