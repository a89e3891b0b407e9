import datetime as dt
import threading

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from miaoli_kaohsiung.lib import clock

pytestmark = pytest.mark.real_date

pytestmark = pytest.mark.real_date

FIRST_OF_JUNE = dt.date(2010, 6, 1)


@pytest.fixture
def date_file(settings, tmp_path):
    settings.PORTAL_DATE_FILE = tmp_path / "var" / "portal_date"
    return settings.PORTAL_DATE_FILE


@pytest.fixture
def no_date_file(settings):
    settings.PORTAL_DATE_FILE = None


def test_the_day_changes_at_midnight_in_taipei(no_date_file):
    with time_machine.travel(dt.datetime(2026, 3, 1, 15, 59, 59, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2026, 3, 1)
    with time_machine.travel(dt.datetime(2026, 3, 1, 16, 0, 0, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2026, 3, 2)


def test_a_day_set_holds_until_it_is_taken_back(date_file):
    clock.set_portal_date(FIRST_OF_JUNE)
    assert (clock.today(), clock.portal_date()) == (FIRST_OF_JUNE, FIRST_OF_JUNE)
    clock.set_portal_date(dt.date(2010, 6, 2))
    assert clock.today() == dt.date(2010, 6, 2)
    clock.set_portal_date(None)
    assert (clock.today(), clock.portal_date()) == (clock.now().date(), None)
    clock.set_portal_date(None)
    assert list(date_file.parent.iterdir()) == []


def test_a_file_that_holds_no_date_is_not_passed_over(date_file):
    date_file.parent.mkdir()
    date_file.write_text("yesterday")
    with pytest.raises(ValueError, match="yesterday"):
        clock.today()


def test_the_date_cannot_be_set_where_the_portal_runs_on_the_real_one(no_date_file):
    with pytest.raises(ImproperlyConfigured):
        clock.set_portal_date(FIRST_OF_JUNE)


def test_travel_goes_before_the_file_and_comes_back(date_file):
    clock.set_portal_date(FIRST_OF_JUNE)
    with clock.travel(dt.date(2011, 1, 1)):
        with clock.travel(dt.date(2012, 1, 1)):
            assert clock.today() == dt.date(2012, 1, 1)
        assert clock.today() == dt.date(2011, 1, 1)
    assert clock.today() == FIRST_OF_JUNE


def test_travel_comes_back_after_an_error(no_date_file):
    with pytest.raises(KeyError), clock.travel(FIRST_OF_JUNE):
        raise KeyError
    assert clock.today() == clock.now().date()


def test_other_threads_travel_along():
    seen = []
    with clock.travel(FIRST_OF_JUNE):
        thread = threading.Thread(target=lambda: seen.append(clock.today()))
        thread.start()
        thread.join()
    assert seen == [FIRST_OF_JUNE]


def test_the_time_never_moves_with_the_date():
    with clock.travel(FIRST_OF_JUNE):
        assert clock.now().year >= 2024
        assert clock.now().utcoffset() == dt.timedelta(hours=8)


def test_within_one_look_the_file_is_looked_at_once_and_anew_after_setting_it(date_file, monkeypatch):
    clock.set_portal_date(FIRST_OF_JUNE)
    looks = []
    found = clock._date_in_file
    monkeypatch.setattr(clock, "_date_in_file", lambda: looks.append(1) or found())
    with clock.one_look():
        assert [clock.today() for _turn in range(3)] == [FIRST_OF_JUNE] * 3
        assert len(looks) == 1
        clock.set_portal_date(dt.date(2010, 6, 2))
        assert [clock.today() for _turn in range(3)] == [dt.date(2010, 6, 2)] * 3
        assert len(looks) == 2
        date_file.write_text("2010-06-03")
        assert clock.today() == dt.date(2010, 6, 2)
    assert clock.today() == dt.date(2010, 6, 3)


def test_a_look_of_one_thread_is_not_that_of_another(date_file):
    clock.set_portal_date(FIRST_OF_JUNE)
    seen = []
    with clock.one_look():
        assert clock.today() == FIRST_OF_JUNE
        date_file.write_text("2010-06-03")
        thread = threading.Thread(target=lambda: seen.append(clock.today()))
        thread.start()
        thread.join()
    assert seen == [dt.date(2010, 6, 3)]
