import datetime as dt

import pytest

from miaoli_kaohsiung.lib import office_calendar

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2010, 6, 1), True),  # a Tuesday
        (dt.date(2010, 6, 5), False),  # a Saturday
        (dt.date(2010, 6, 6), False),  # a Sunday
        (dt.date(2010, 6, 16), False),  # Dragon Boat, a Wednesday
        (dt.date(2010, 2, 6), True),  # a Saturday worked for 19 February
        (dt.date(2010, 2, 19), False),
        (dt.date(2012, 12, 22), True),  # a Saturday worked for 31 December
        (dt.date(2012, 12, 31), False),
    ],
)
def test_days_on_which_offices_work(day, works):
    assert office_calendar.is_workday(day) is works


def test_years_that_are_known():
    assert [year for year in range(2005, 2020) if office_calendar.covers(year)] == [2009, 2010, 2011, 2012, 2013]


def test_a_year_that_is_not_known_is_counted_by_weekends_alone():
    assert office_calendar.is_workday(dt.date(2020, 1, 1)) is True
    assert office_calendar.is_workday(dt.date(2020, 1, 4)) is False


def test_the_calendar_departs_from_the_week_where_it_says_so():
    for day, kind in office_calendar._known_days().items():
        assert kind in {"holiday", "workday"}
        if kind == "workday":
            assert day.weekday() == 5


@pytest.mark.parametrize(
    ("year", "days_off"),
    # Weekends and holidays less Saturdays worked, added up by hand from the calendar of the year.
    [(2009, 110), (2010, 112), (2011, 115), (2012, 112), (2013, 115)],
)
def test_days_off_in_a_year(year, days_off):
    days = [dt.date(year, 1, 1) + DAY * n for n in range(366)]
    assert sum(not office_calendar.is_workday(day) for day in days if day.year == year) == days_off


def test_the_next_workday_is_the_day_itself_when_offices_work():
    assert office_calendar.next_workday(dt.date(2010, 6, 1)) == dt.date(2010, 6, 1)
    assert office_calendar.next_workday(dt.date(2010, 6, 5)) == dt.date(2010, 6, 7)
    assert office_calendar.next_workday(dt.date(2010, 2, 13)) == dt.date(2010, 2, 22)


def test_workdays_are_counted_from_the_day_after():
    assert office_calendar.add_workdays(dt.date(2010, 6, 1), 0) == dt.date(2010, 6, 1)
    assert office_calendar.add_workdays(dt.date(2010, 6, 1), 1) == dt.date(2010, 6, 2)
    assert office_calendar.add_workdays(dt.date(2010, 6, 1), 4) == dt.date(2010, 6, 7)
    assert office_calendar.add_workdays(dt.date(2010, 2, 5), 1) == dt.date(2010, 2, 6)
    with pytest.raises(ValueError, match="forward"):
        office_calendar.add_workdays(dt.date(2010, 6, 1), -1)
