"""One request to a carrier, and what its answer means."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miaoli_kaohsiung.lib import outgoing

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


def post(url: str, data: Any, headers: Mapping[str, str]) -> Answer:
    """Post JSON and return the answer, whatever its status. Raises CarrierError if there is none."""
    body = json.dumps(data, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", **headers}
    try:
        answer = outgoing.post(url, body, headers, most=MOST_BYTES)
    except outgoing.NoAnswerError as error:
        raise CarrierError(str(error)) from error
    return Answer(answer.status, answer.body.decode(errors="replace"))
