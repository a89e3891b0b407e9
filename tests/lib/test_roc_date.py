import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miaoli_kaohsiung.lib import roc_date

FIRST_OF_JUNE = dt.date(2010, 6, 1)
DATES = st.dates(dt.date(1912, 1, 1), dt.date(2910, 12, 31))


def test_forms_in_which_a_date_is_shown():
    assert roc_date.roc_year(FIRST_OF_JUNE.year) == 99
    assert roc_date.format_roc(FIRST_OF_JUNE) == "99年6月1日"
    assert roc_date.format_roc_long(FIRST_OF_JUNE) == "中華民國99年6月1日"
    assert roc_date.format_slashed(FIRST_OF_JUNE) == "99/6/1"


def test_the_first_day_of_the_calendar_and_the_day_before():
    assert roc_date.format_roc(dt.date(1912, 1, 1)) == "1年1月1日"
    with pytest.raises(ValueError, match="民國元年"):
        roc_date.format_roc(dt.date(1911, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        "99/6/1",
        "99/06/01",
        "099/06/01",
        "99.6.1",
        "099.06.01",
        "99-6-1",
        "99.6.1日",
        "99.6.1.",
        "99年6月1日。",
        "990601",
        "0990601",
        "99年6月1日",
        "99 年 6 月 1 日",
        "民國99年6月1日",
        "中華民國99年6月1日",
        "民國99/6/1",
        "2010-06-01",
        "2010/6/1",
        "2010年6月1日",
        "20100601",
        "９９／６／１",
        "９９年６月１日",
        " 99/6/1　",
    ],
)
def test_forms_in_which_a_date_is_typed(typed):
    assert roc_date.parse_date(typed) == FIRST_OF_JUNE


def test_years_of_two_and_three_digits():
    assert roc_date.parse_date("1000101") == dt.date(2011, 1, 1)
    assert roc_date.parse_date("100/1/1") == dt.date(2011, 1, 1)
    assert roc_date.parse_date("1/1/1") == dt.date(1912, 1, 1)


UNREAD = "看不懂這個日期。請填年、月、日，例如 99/6/1（民國99年6月1日）。"
NO_YEAR = "年份須從民國1年起，沒有民國0年。"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "請填年、月、日，例如 99/6/1（民國99年6月1日）。"),
        ("99/2/31", "民國99年2月只有1日到28日，沒有31日。"),
        ("99/2/29", "民國99年2月只有1日到28日，沒有29日。"),
        ("990231", "民國99年2月只有1日到28日，沒有31日。"),
        ("99/4/0", "民國99年4月只有1日到30日，沒有0日。"),
        ("99/13/1", "月份須為1到12，不能是13。"),
        ("99/0/1", "月份須為1到12，不能是0。"),
        ("0/1/1", NO_YEAR),
        ("0000101", NO_YEAR),
        ("0000-01-01", NO_YEAR),
        ("1911-12-31", NO_YEAR),
        ("民國前1年1月1日", "日期須在民國1年以後。"),
        ("99/6", UNREAD),
        ("99/6-1", UNREAD),
        ("99601", UNREAD),
        ("民國2010年6月1日", UNREAD),
        ("6月1日", UNREAD),
        ("-99/6/1", UNREAD),
        ("九十九年六月一日", UNREAD),
        ("99/6/1\x00", UNREAD),
        ("9" * 5000, UNREAD),
    ],
)
def test_what_is_no_date_is_refused_in_words(typed, sentence):
    with pytest.raises(ValueError) as refused:
        roc_date.parse_date(typed)
    assert str(refused.value) == sentence


def test_a_leap_day_stands_in_leap_years_only():
    assert roc_date.parse_date("101/2/29") == dt.date(2012, 2, 29)
    with pytest.raises(ValueError, match="沒有29日"):
        roc_date.parse_date("100/2/29")


@given(DATES)
def test_every_form_shown_can_be_typed_again(day):
    for show in (roc_date.format_roc, roc_date.format_roc_long, roc_date.format_slashed):
        assert roc_date.parse_date(show(day)) == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_sentence(text):
    try:
        day = roc_date.parse_date(text)
    except ValueError as refused:
        sentence = str(refused)
    else:
        sentence = "。" if day.year >= 1912 else ""
    assert sentence.endswith("。")


def asked(typed: str, today: dt.date | None = FIRST_OF_JUNE) -> list[dt.date]:
    with pytest.raises(roc_date.UnclearDateError) as unclear:
        roc_date.parse_date(typed, today=today)
    return unclear.value.candidates


@pytest.mark.parametrize("typed", ["100101", "１００１０１", " 100101. "])
def test_six_digits_that_can_be_read_in_two_ways_are_asked(typed):
    assert asked(typed, None) == [dt.date(2011, 10, 1), dt.date(2011, 1, 1), dt.date(1921, 1, 1)]


def test_six_digits_that_can_be_read_in_one_way_are_not():
    assert roc_date.parse_date("111231") == dt.date(1922, 12, 31)
    assert roc_date.parse_date("991231") == dt.date(2010, 12, 31)


@pytest.mark.parametrize("typed", ["7/1", "7月1日", "07.01", "７／１"])
def test_a_date_without_its_year_is_asked(typed):
    assert asked(typed) == [dt.date(2010, 7, 1)]
    with pytest.raises(ValueError, match=r"^是99年7月1日嗎？"):
        roc_date.parse_date(typed, today=FIRST_OF_JUNE)
    with pytest.raises(ValueError, match="看不懂"):
        roc_date.parse_date(typed)


@pytest.mark.parametrize("typed", ["99/6", "99.6", "13/1", "99月6日"])
def test_a_year_and_a_month_are_no_month_and_day(typed):
    with pytest.raises(ValueError) as refused:
        roc_date.parse_date(typed, today=FIRST_OF_JUNE)
    assert str(refused.value) == UNREAD


@pytest.mark.parametrize("typed", ["99年6月1號", "西元2010年6月1日", "西元 2010/6/1", "西元20100601"])
def test_other_words_around_a_date(typed):
    assert roc_date.parse_date(typed) == FIRST_OF_JUNE


@pytest.mark.parametrize("typed", ["西元99年6月1日", "西元0990601"])
def test_a_short_year_is_no_year_of_the_common_era(typed):
    with pytest.raises(ValueError, match="看不懂"):
        roc_date.parse_date(typed)


def test_a_date_without_its_year_that_no_year_has():
    with pytest.raises(ValueError, match="只有1日到28日"):
        roc_date.parse_date("2/29", today=FIRST_OF_JUNE)


def test_years_and_months_go_both_ways():
    assert (roc_date.roc_year(1912), roc_date.ad_year(1), roc_date.ad_year(roc_date.roc_year(2010))) == (1, 1912, 2010)
    assert roc_date.format_month("2010-05") == "99年5月"
    with pytest.raises(ValueError, match="民國元年"):
        roc_date.roc_year(1911)
