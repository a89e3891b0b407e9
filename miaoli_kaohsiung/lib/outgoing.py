"""One request to a server of somebody else. No redirect is followed: a secret may go with it."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SECONDS = 10


class NoAnswerError(Exception):
    """Nothing came back, or nobody knows."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, headers: Mapping[str, str], *, most: int) -> Answer:
    """Post the body and return the answer, whatever its status, cut after `most` bytes. Raises NoAnswerError."""
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310  # from the environment
    try:
        with _opener.open(request, timeout=SECONDS) as answer:
            return Answer(answer.status, answer.read(most))
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read(most))
    except (OSError, ValueError) as error:
        raise NoAnswerError(f"{type(error).__name__}: no answer") from error
