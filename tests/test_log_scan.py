"""The scanner of the log sees what must not stand there."""

import logging

import pytest

log = logging.getLogger("portal.scanned")


@pytest.mark.parametrize("said", ["demo-88-2010", "seven-oaks", "帳號 004999888777"])
def test_what_must_not_be_logged_is_seen(log_scanner, said):
    log.warning("event %s", said)
    (line,) = log_scanner.found
    assert said in line
    log_scanner.found.clear()


@pytest.mark.parametrize(
    "said",
    [
        "POST /applications/88-099-0011/check/",
        "22500 of 120000",
        "0d2c1f9e-4a1b-4c3d-8e7f-1234567890ab",
        # Of these the log shows … instead.
        "A123456789",
        "0912-345-678",
        "chair@example.org",
    ],
)
def test_numbers_of_cases_amounts_and_requests_may_stand_there_and_people_are_hidden(log_scanner, said):
    log.warning("event %s", said)
    assert log_scanner.found == []
