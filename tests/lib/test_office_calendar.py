import datetime as dt

import pytest

from miaoli_kaohsiung.lib import due_dates, office_calendar
from miaoli_kaohsiung.lib.office_calendar import Calendar, Day

DAY = dt.timedelta(days=1)
YEARS = range(2009, 2028)
CALENDAR = office_calendar.published()


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
        (dt.date(2014, 12, 27), True),  # a Saturday worked for 2 January of the next year
        (dt.date(2015, 1, 2), False),
        (dt.date(2025, 9, 29), False),  # by the law of that May
        (dt.date(2025, 2, 8), True),
        (dt.date(2026, 5, 1), False),  # Labour Day, of offices too since 2026
        (dt.date(2027, 12, 31), False),  # for New Year 2028
    ],
)
def test_days_on_which_offices_work(day, works):
    assert CALENDAR.is_workday(day) is works


def test_years_that_are_known():
    assert [year for year in range(2005, 2035) if CALENDAR.covers(year)] == list(YEARS)


def test_a_year_that_is_not_known_is_counted_by_weekends_alone_and_says_so():
    new_year, saturday = dt.date(2030, 1, 1), dt.date(2030, 1, 5)
    assert (CALENDAR.is_workday(new_year), CALENDAR.is_workday(saturday)) == (True, False)
    assert due_dates.reckoned(new_year) == "119年1月1日（依週六、週日推算，該年行事曆尚未登錄）"
    assert due_dates.days_left_reckoned(new_year, new_year) == "今天到期，依週六、週日推算，該年行事曆尚未登錄"
    assert due_dates.reckoned(dt.date(2010, 6, 4)) == "99年6月4日"
    assert due_dates.days_left_reckoned(dt.date(2010, 6, 4), dt.date(2010, 6, 1)) == "還有 3 天"


def test_the_calendar_departs_from_the_week_where_it_says_so():
    worked = [day for day, known in CALENDAR.days.items() if known.works]
    assert {day.weekday() for day in worked} == {5}
    assert all(known.name for known in CALENDAR.days.values())


@pytest.mark.parametrize(
    ("year", "days_off"),
    # Weekends and holidays less Saturdays worked: to 2013 added up by hand, from 2014 on as two tables of others agree.
    list(
        zip(
            YEARS,
            [110, 112, 115, 112, 115, 113, 116, 116, 116, 115, 115, 115, 116, 115, 116, 115, 118, 120, 121],
            strict=True,
        )
    ),
)
def test_days_off_in_a_year(year, days_off):
    days = [dt.date(year, 1, 1) + DAY * n for n in range(366)]
    assert sum(not CALENDAR.is_workday(day) for day in days if day.year == year) == days_off


def test_the_next_workday_is_the_day_itself_when_offices_work():
    assert CALENDAR.next_workday(dt.date(2010, 6, 1)) == dt.date(2010, 6, 1)
    assert CALENDAR.next_workday(dt.date(2010, 6, 5)) == dt.date(2010, 6, 7)
    assert CALENDAR.next_workday(dt.date(2010, 2, 13)) == dt.date(2010, 2, 22)


def test_workdays_are_counted_from_the_day_after():
    assert CALENDAR.add_workdays(dt.date(2010, 6, 1), 0) == dt.date(2010, 6, 1)
    assert CALENDAR.add_workdays(dt.date(2010, 6, 1), 1) == dt.date(2010, 6, 2)
    assert CALENDAR.add_workdays(dt.date(2010, 6, 1), 4) == dt.date(2010, 6, 7)
    assert CALENDAR.add_workdays(dt.date(2010, 2, 5), 1) == dt.date(2010, 2, 6)
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_workdays(dt.date(2010, 6, 1), -1)


def test_offices_closed_by_a_typhoon_do_not_work_even_on_a_make_up_workday():
    saturday = dt.date(2010, 2, 6)
    calendar = Calendar(
        frozenset({2010}), {saturday: Day(True, "補行上班")}, frozenset({saturday, dt.date(2010, 7, 1)})
    )
    assert [calendar.is_workday(day) for day in (saturday, dt.date(2010, 7, 1), dt.date(2010, 7, 2))] == [
        False,
        False,
        True,
    ]
