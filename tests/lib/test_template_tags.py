import datetime as dt

import pytest

from miaoli_kaohsiung.lib import clock, template_tags

TODAY = dt.date(2010, 6, 1)
EVENING = dt.datetime(2010, 5, 31, 16, 2, tzinfo=dt.UTC)  # 00:02 of the next day in Taipei


@pytest.fixture(autouse=True)
def first_of_june():
    with clock.travel(TODAY):
        yield


def test_amount_has_thousands_separators_and_nothing_for_none():
    assert [template_tags.amount(value) for value in (0, 999, 1000, 30_000_000, None)] == [
        "0",
        "999",
        "1,000",
        "30,000,000",
        "",
    ]


def test_dates_are_roc_and_instants_are_taipei():
    assert template_tags.roc(TODAY) == "99年6月1日"
    assert template_tags.roc(EVENING) == "99年6月1日"
    assert template_tags.roc_long(TODAY) == "中華民國99年6月1日"
    assert template_tags.roc_year(2010) == 99
    assert template_tags.moment(EVENING) == "99年6月1日 00:02"
    assert [template_tags.roc(None), template_tags.roc_long(None), template_tags.moment(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("day", "words", "late"),
    [
        (dt.date(2010, 5, 31), "已逾 1 天", True),
        (TODAY, "今天到期", False),
        (dt.date(2010, 6, 2), "還有 1 天", False),
        (None, "", False),
    ],
)
def test_due_dates_are_said_in_words(day, words, late):
    assert template_tags.days_left(day) == words
    assert template_tags.overdue(day) is late
