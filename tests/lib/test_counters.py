"""The store of the security counters keeps what is in force, however much is written into it."""

import pytest
from django.core.cache import cache, caches
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    cache.clear()
    monkeypatch.setattr(caches["default"], "_max_entries", 20)


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_counters")
        return cursor.fetchone()[0]


def test_a_counter_outlives_a_flood_of_others():
    # The smallest keys are what Django's own cache throws away first.
    for number in range(5):
        cache.set(f"a{number}", number, 60)
    for number in range(200):
        cache.set(f"z{number}", "x", 60)
    assert [cache.get(f"a{number}") for number in range(5)] == [0, 1, 2, 3, 4]
    assert rows() == 205


def test_what_has_ended_makes_room():
    for number in range(30):
        cache.set(f"old{number}", "x", -5)
    cache.set("new", "x", 60)
    # The 21st row that is written finds 20 and clears them away; so does the 30th at the latest.
    assert (cache.get("new"), rows() <= 20) == ("x", True)
