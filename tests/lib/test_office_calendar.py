import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from miaoli_kaohsiung.lib import office_calendar as office

DAY = dt.timedelta(days=1)
DATES = st.dates(dt.date(2008, 1, 1), dt.date(2014, 12, 31))


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
    assert office.is_workday(day) is works


def test_a_day_off_that_a_county_proclaims():
    typhoon = dt.date(2010, 9, 20)
    assert office.is_workday(typhoon) is True
    assert office.is_workday(typhoon, {typhoon}) is False


def test_years_that_are_known():
    assert [year for year in range(2005, 2020) if office.covers(year)] == [2009, 2010, 2011, 2012, 2013]


def test_a_year_that_is_not_known_is_counted_by_weekends_alone():
    assert office.is_workday(dt.date(2020, 1, 1)) is True
    assert office.is_workday(dt.date(2020, 1, 4)) is False


def test_the_calendar_departs_from_the_week_where_it_says_so():
    for day, kind in office._known_days().items():
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
    assert sum(not office.is_workday(day) for day in days if day.year == year) == days_off


def test_the_next_workday_is_the_day_itself_when_offices_work():
    assert office.next_workday(dt.date(2010, 6, 1)) == dt.date(2010, 6, 1)
    assert office.next_workday(dt.date(2010, 6, 5)) == dt.date(2010, 6, 7)
    assert office.next_workday(dt.date(2010, 2, 13)) == dt.date(2010, 2, 22)


def test_workdays_are_counted_from_the_day_after():
    assert office.add_workdays(dt.date(2010, 6, 1), 0) == dt.date(2010, 6, 1)
    assert office.add_workdays(dt.date(2010, 6, 1), 1) == dt.date(2010, 6, 2)
    assert office.add_workdays(dt.date(2010, 6, 1), 4) == dt.date(2010, 6, 7)
    assert office.add_workdays(dt.date(2010, 2, 5), 1) == dt.date(2010, 2, 6)
    assert office.add_workdays(dt.date(2010, 6, 1), 1, {dt.date(2010, 6, 2)}) == dt.date(2010, 6, 3)
    with pytest.raises(ValueError, match="forward"):
        office.add_workdays(dt.date(2010, 6, 1), -1)


@pytest.mark.parametrize(
    ("completed_on", "due_on"),
    [
        (dt.date(2010, 3, 15), dt.date(2010, 4, 15)),
        (dt.date(2012, 4, 30), dt.date(2012, 5, 31)),  # starts on the 1st, ends with its month
        (dt.date(2010, 8, 31), dt.date(2010, 9, 30)),
        (dt.date(2011, 2, 28), dt.date(2011, 3, 31)),
        (dt.date(2011, 1, 30), dt.date(2011, 3, 1)),  # no 31 February: ends with the month, the 28th, a holiday
        (dt.date(2010, 12, 31), dt.date(2011, 1, 31)),
        (dt.date(2010, 5, 5), dt.date(2010, 6, 7)),  # a Saturday: next Monday
        (dt.date(2010, 5, 6), dt.date(2010, 6, 7)),  # a Sunday: next day
        (dt.date(2010, 5, 16), dt.date(2010, 6, 17)),  # Dragon Boat: next day
        (dt.date(2010, 1, 13), dt.date(2010, 2, 22)),  # the nine days of the new year
        (dt.date(2010, 1, 6), dt.date(2010, 2, 6)),  # a Saturday that is worked
    ],
)
def test_one_month_by_article_48(completed_on, due_on):
    assert office.one_month_after(completed_on) == due_on


def test_one_month_gives_way_to_a_day_off_that_a_county_proclaims():
    assert office.one_month_after(dt.date(2010, 3, 15), [dt.date(2010, 4, 15)]) == dt.date(2010, 4, 16)


@given(DATES)
@example(dt.date(2012, 1, 29))
@example(dt.date(2011, 1, 28))
@example(dt.date(2012, 12, 1))
def test_one_month_agrees_with_counting_day_by_day(completed_on):
    assert office.one_month_after(completed_on) == _counted(completed_on)


@given(DATES)
def test_later_completion_is_never_due_earlier(completed_on):
    due_on = office.one_month_after(completed_on)
    assert office.is_workday(due_on)
    assert office.one_month_after(completed_on + DAY) >= due_on


def _counted(completed_on):
    """Day by day until the corresponding day, or the month after next, stands next."""
    start = last = completed_on + DAY
    months_end = (start.year * 12 + start.month + 1) % 12 + 1
    while (last + DAY).day != start.day and (last + DAY).month != months_end:
        last += DAY
    while not office.is_workday(last):
        last += DAY
    return last
