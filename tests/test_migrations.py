"""The release that runs goes on beside a new database, or deploy/released.txt says why it must stop."""

import pytest

from miaoli_kaohsiung.trial import upgrade

TEXT = """
# a comment
notices 0001
grants 0024
stop grants.0030_example the column is new and has no value of its own
"""


def test_the_list_of_what_is_released_is_read():
    read = upgrade.Released.of(TEXT)
    assert read.last == {"notices": "0001", "grants": "0024"}
    assert read.stops == {"grants.0030_example": "the column is new and has no value of its own"}


def test_no_app_stands_there_that_is_not_there():
    """One that the release does not have is new to it as a whole."""
    released = upgrade.Released.of(upgrade.RELEASED.read_text("utf-8"))
    folders = {path.parent.parent.name for path in upgrade.ROOT.glob("*/**/migrations/0001_*.py")}
    assert set(released.last) - folders == set()
    assert len(released.last) >= 9


@pytest.mark.django_db
def test_what_comes_after_the_release_lets_it_go_on():
    """Where this fails: give a new column `db_default`, drop a column one release later, or write a line `stop …`."""
    released = upgrade.Released.of(upgrade.RELEASED.read_text("utf-8"))
    assert upgrade.would_stop(released) == set(released.stops), "see deploy/released.txt"


@pytest.mark.django_db
def test_a_column_that_must_be_filled_stops_a_release():
    """Of an earlier release: what it would not have survived is found, and nothing before it is looked at."""
    last = upgrade.Released.of(upgrade.RELEASED.read_text("utf-8")).last
    found = upgrade.would_stop(upgrade.Released(last | {"grants": "0018"}, {}))
    assert {name for name in found if name < "grants.0025"} == {"grants.0023_selection_papers"}
