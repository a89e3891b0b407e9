"""One request to a carrier, and what its answer means. No redirect is followed: a secret goes with each request."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECONDS = 10
# An answer is a few lines; what is longer is cut.
MOST_BYTES = 10_000


class CarrierError(Exception):
    """The text was not taken, or nobody knows: try again later with the same key."""


class RejectedError(CarrierError):
    """The text will never be taken like this: a number that does not exist, an account that is gone."""


class ExhaustedError(CarrierError):
    """What was bought for this month is used up."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, data: Any, headers: Mapping[str, str]) -> Answer:
    """Post JSON and return the answer, whatever its status. Raises CarrierError if there is none."""
    body = json.dumps(data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", **headers}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310  # from the environment
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return Answer(answer.status, answer.read(MOST_BYTES).decode(errors="replace"))
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read(MOST_BYTES).decode(errors="replace"))
    except (OSError, ValueError) as error:
        raise CarrierError(f"{type(error).__name__}: no answer") from error
