"""What is kept back from pay, by the days and amounts at which the filed values begin."""

import datetime as dt

import pytest

from grants.rules.withholding import Hours, Kept, filed, hours_on, income_of, kept_back, remarks, wage_on

WAGE = 19_273


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("income", "on", "amount", "tax", "premium"),
    [
        # Neither premium nor, without the year's table, tax is reckoned before 2013.
        ("50", "2010-05-31", 100_000, 0, 0),
        ("50", "2012-12-31", 100_000, 0, 0),
        ("50", "2013-01-01", 69_500, 0, 1_390),
        ("50", "2013-01-01", 69_501, 3_475, 1_390),
        ("50", "2013-01-01", 4_999, 0, 0),
        ("50", "2013-01-01", 5_000, 0, 100),
        # From September 2014 pay below the basic wage of the month is free.
        ("50", "2014-08-31", 5_000, 0, 100),
        ("50", "2014-09-01", WAGE - 1, 0, 0),
        ("50", "2014-09-01", WAGE, 0, 385),
        ("50", "2016-01-01", 20_007, 0, 0),
        ("50", "2016-01-01", 20_008, 0, 382),
        ("50", "2021-01-01", 25_000, 0, 528),
        # A tax of 2,000 is not withheld, one of 2,001 is.
        ("9B", "2010-05-31", 20_009, 0, 0),
        ("9B", "2010-05-31", 20_010, 2_001, 0),
        ("9B", "2015-12-31", 5_000, 0, 100),
        ("9B", "2016-01-01", 19_999, 0, 0),
        ("9B", "2016-01-01", 20_000, 0, 382),
        ("51", "2010-05-31", 30_000, 3_000, 0),
        ("", "2021-01-01", 90_000, 0, 0),
    ],
)
def test_what_is_kept_back(income, on, amount, tax, premium):
    assert kept_back(income, day(on), amount) == Kept(tax, premium)


def test_kinds_of_income():
    assert [income_of(item) for item in ("casual_pay", "script_fee", "landlord_rent", "participant_transport")] == [
        "50", "9B", "51", "",
    ]  # fmt: skip


def test_what_is_not_reckoned_is_said():
    said = " ".join(remarks("50", day("2010-05-31")))
    assert "補充保險費從102年1月1日起才扣" in said
    assert "沒有99年的薪資扣繳起扣標準" in said
    assert remarks("50", day("2013-01-01")) == []
    assert len(remarks("9B", day("2012-12-31"))) == 1
    assert remarks("", day("2010-05-31")) == []


def test_the_basic_wage_is_that_of_the_day():
    assert [wage_on(day(on)) for on in ("2007-06-30", "2010-12-31", "2011-01-01", "2014-07-01")] == [
        0, 17_280, 17_880, WAGE,
    ]  # fmt: skip


def test_hours_of_a_day():
    named = "每日正常工作時間", "勞動基準法第30條第1項"
    assert hours_on(day("2010-05-31")) == Hours(8, *named)
    assert hours_on(day("1984-07-31")) == Hours(None, *named)


def test_the_premium_of_every_kind_of_income_is_filed_from_its_first_day_on():
    premium = filed()["premium"]
    assert premium["least"].keys() == filed()["income"].keys()
    assert {rows[0]["from"] for rows in (premium["rate"], premium["most"], *premium["least"].values())} == {
        premium["begins"]
    }
