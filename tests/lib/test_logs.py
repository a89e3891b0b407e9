import json
import logging
import sys
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.db import IntegrityError

from miaoli_kaohsiung.lib.logs import hide_what_people_sent


@pytest.mark.parametrize(
    ("request_line", "logged"),
    [
        ("GET /communities/", "GET /communities/"),
        ("GET /communities/?q=王小明&page=2", "GET /communities/"),
        ("GET /accounts/password/reset/key/3-c9x1-5f/", "GET /accounts/password/reset/key/…/"),
        ("POST /accounts/password/reset/key/3-set-password/?next=/desk/", "POST /accounts/password/reset/key/…/"),
    ],
)
def test_what_people_typed_and_the_keys_they_were_sent_stay_out(request_line, logged):
    event = {"event": "request_finished", "request": request_line}
    assert hide_what_people_sent(None, "info", event) == {"event": "request_finished", "request": logged}


def test_an_event_without_a_request_stays_as_it_is():
    assert hide_what_people_sent(None, "info", {"event": "sealed", "count": 3}) == {"event": "sealed", "count": 3}


def test_a_row_that_the_database_refused_is_not_quoted():
    formatter = DictConfigurator(settings.LOGGING).configure_formatter(dict(settings.LOGGING["formatters"]["json"]))
    try:
        raise IntegrityError("duplicate key\nDETAIL:  Key (email)=(somebody@example.org) already exists.\n")
    except IntegrityError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "failed", None, sys.exc_info())
    line = json.loads(formatter.format(record))
    assert line["event"] == "failed"
    assert line["exception"].splitlines()[-2:] == ["django.db.utils.IntegrityError: duplicate key", "DETAIL:  …"]


@pytest.mark.parametrize(
    "error", [IntegrityError("duplicate key\nDETAIL:  Key (email)=(somebody@example.org) already exists.\n")]
)
@pytest.mark.parametrize("words", ["%r", "%s", "notice 3 was not sent: %r, later"])
def test_a_row_is_quoted_in_no_words_either(error, words):
    formatter = DictConfigurator(settings.LOGGING).configure_formatter(dict(settings.LOGGING["formatters"]["json"]))
    record = logging.LogRecord("portal", logging.WARNING, "", 0, words, (error,), None)
    line = formatter.format(record)
    assert "duplicate key" in line
    assert "somebody" not in line


def test_the_path_of_a_refused_request_keeps_its_key_to_itself():
    event = {"event": "Unprocessable Entity: /accounts/invitations/AbC-9/"}
    assert hide_what_people_sent(None, "warning", event) == {"event": "Unprocessable Entity: /accounts/invitations/…/"}


@pytest.mark.parametrize(
    ("quoted", "logged"),
    [
        ("not sent to 'chair@example.org'", "not sent to '…'"),
        (
            "Header contains newlines (got 'a@example.org\\nBcc: x@example.org')",
            "Header contains newlines (got '…\\nBcc: …')",
        ),
        ("no answer for 0912-345-678, 0912345678 and +886912345678", "no answer for …, … and …"),
        ("A123456789 was refused", "… was refused"),
        (
            "case 88-099-0011 pays 22500 by 0d2c1f9e-4a1b-0912345678ab",
            "case 88-099-0011 pays 22500 by 0d2c1f9e-4a1b-0912345678ab",
        ),
    ],
)
def test_an_error_that_quotes_a_person_names_nobody(quoted, logged):
    formatter = DictConfigurator(settings.LOGGING).configure_formatter(dict(settings.LOGGING["formatters"]["json"]))
    try:
        raise RuntimeError(quoted)
    except RuntimeError as error:
        record = logging.LogRecord("portal", logging.WARNING, "", 0, "failed: %s", (error,), sys.exc_info())
    line = json.loads(formatter.format(record))
    assert line["event"] == f"failed: {logged}"
    assert line["exception"].splitlines()[-1] == f"RuntimeError: {logged}"
