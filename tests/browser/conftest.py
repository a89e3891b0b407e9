"""Which forms each test of this folder sends from a browser, and whether it sends those that `pressed.py` says it does."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_started
from django.urls import Resolver404, resolve

from .pressed import BY_TEST


def view_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@pytest.fixture(autouse=True)
def _sends_what_it_promises(request: pytest.FixtureRequest) -> Iterator[None]:
    promised = BY_TEST.get(f"{request.path.stem}::{request.node.name}", frozenset())
    sent: set[str] = set()

    def note(environ: dict[str, Any], **_others: Any) -> None:
        # The live server says what it is; the client of tests does not.
        if environ["REQUEST_METHOD"] == "POST" and environ.get("SERVER_SOFTWARE", "").startswith("WSGIServer"):
            sent.add(view_of(environ["PATH_INFO"]))

    request_started.connect(note)
    yield
    request_started.disconnect(note)
    assert promised - sent == set()
