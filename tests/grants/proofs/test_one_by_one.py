"""Limits of days and of rows, tried one by one: from one side to the other the answer turns once, at the day or the row that
the text names.
"""

import datetime as dt
from itertools import groupby

import pytest

from tests.grants.oracle.plans import last_of
from tests.grants.rules.build import case, found, line

ONE = dt.timedelta(days=1)


def days(first: dt.date, count: int) -> list[dt.date]:
    return [first + ONE * number for number in range(count)]


def turns(answers: list[tuple[object, bool]]) -> list[object]:
    """Return where the answer changes: the first of each run but the first."""
    return [next(run)[0] for _, run in groupby(answers, key=lambda pair: pair[1])][1:]


def passes(the_case, clause: str) -> bool:
    return [f for f in found(the_case, clause) if f.severity == "error"] == []


def test_a_last_service_of_three_years_ago():
    who = {"kind": "national_nonprofit", "county": "臺北市"}
    answers = [
        (day, passes(case(organisation={**who, "last_service_on": day.isoformat()}, submitted_on="2011-06-15"), "K2.3"))
        for day in days(dt.date(2007, 6, 15), 1461)
    ]
    assert turns(answers) == [dt.date(2008, 6, 15)]


@pytest.mark.parametrize("month", range(1, 13))
def test_three_months(month):
    for start in days(dt.date(2010, month, 1), 31):
        answers = [
            (
                end,
                passes(
                    case(programme="disability_day_care", starts_on=start.isoformat(), ends_on=end.isoformat()),
                    "K3.I.3.2b",
                ),
            )
            for end in days(start + 80 * ONE, 40)
        ]
        assert turns(answers) == [last_of(start, 3)], start


@pytest.mark.parametrize("indigenous", [False, True])
def test_fifteen_users_of_each_age(indigenous):
    oldest = 55 if indigenous else 64
    for age in range(10, 71):
        user = {"age": age, "indigenous": indigenous}
        answers = [
            (count, passes(case(programme="disability_day_care", users=[user] * count), "K3.I.3.2c"))
            for count in range(12, 19)
        ]
        assert turns(answers) == ([15] if 15 <= age <= oldest else []), age


def test_four_children_and_two_of_two_years():
    for count in range(1, 9):
        for infants in range(count + 1):
            children = [{"age": 2 if number < infants else 3} for number in range(count)]
            asked = line("child_carer", 0, children=children, hours_per_day=8, days_per_week=5, days=1)
            assert passes(case(asked), "K4.1.3.3c") is (count <= 4 and infants <= 2), (count, infants)


def test_the_last_day_of_a_plan():
    answers = [(day, passes(case(ends_on=day.isoformat()), "K6.1a")) for day in days(dt.date(2012, 1, 1), 731)]
    assert turns(answers) == [dt.date(2013, 1, 1)]


def test_the_window_of_filing():
    answers = [(day, passes(case(submitted_on=day.isoformat()), "K6.1b")) for day in days(dt.date(2009, 12, 1), 1461)]
    assert turns(answers) == [dt.date(2010, 1, 8), dt.date(2013, 1, 1)]


def test_a_consent_of_three_years():
    answers = [
        (day, passes(case(land_use=True, consent_until=day.isoformat(), documents=["land_consent"]), "K6.2.2b"))
        for day in days(dt.date(2010, 3, 15), 1827)
    ]
    assert turns(answers) == [dt.date(2013, 3, 15)]
