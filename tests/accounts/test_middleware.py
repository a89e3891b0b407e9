"""A session ends when it was left alone or has lasted a day, and pages of signed-in people stay in no cache."""

import datetime as dt

import pytest
import time_machine

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)


def visits(client, *minutes):
    """The status of /accounts/me/ at each of these minutes after signing in."""
    client.force_login(person(Role.MEMBER, organisation_id=1, office="staff"))
    answers = []
    with time_machine.travel(START, tick=False) as clock:
        for minute in (0, *minutes):
            clock.move_to(START + dt.timedelta(minutes=minute))
            answers.append(client.get("/accounts/me/").status_code)
    return answers[1:]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ((30,), [200]),
        ((31,), [302]),
        ((29, 58, 87), [200, 200, 200]),
        # A clock that was set back lengthens nothing.
        ((-1,), [200]),
        ((-2,), [302]),
        ((-24 * 60,), [302]),
    ],
)
def test_a_session_left_alone_for_half_an_hour_ends(client, minutes, expected):
    assert visits(client, *minutes) == expected


def test_no_session_lasts_longer_than_eight_hours(client):
    busy = tuple(range(20, 481, 20))
    assert visits(client, *busy, 481) == [200] * len(busy) + [302]


def test_pages_of_signed_in_people_are_not_stored(client):
    client.force_login(person(Role.MEMBER, organisation_id=1, office="staff"))
    assert client.get("/accounts/me/")["Cache-Control"] == "no-store, private"


def test_strangers_get_no_session_and_no_such_header(client):
    answer = client.get("/schemes/")
    assert not answer.has_header("Cache-Control")
    assert not client.cookies


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_answer_to_signing_out_empties_the_browser(client, signed_in):
    """Storage alone: "cookies" would reach other systems of the county's domain."""
    if signed_in:
        client.force_login(person(Role.MEMBER, organisation_id=1, office="staff"))
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Clear-Site-Data"]) == (302, '"storage"')


def test_no_other_answer_empties_it(client, settings):
    client.force_login(person(Role.MEMBER, organisation_id=1, office="staff"))
    assert not client.get("/accounts/logout/").has_header("Clear-Site-Data")
    assert not client.post("/notices/read/").has_header("Clear-Site-Data")
    # A session that ran out: what was typed comes back after signing in again.
    settings.SESSION_IDLE_SECONDS = -1
    assert not client.post("/accounts/me/", {}).has_header("Clear-Site-Data")
