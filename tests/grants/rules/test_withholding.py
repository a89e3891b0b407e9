"""What is kept back from pay, by the days and amounts at which the filed values begin."""

import datetime as dt

import pytest

from grants.rules.withholding import (
    Hours,
    Kept,
    filed,
    hours_on,
    income_of,
    income_title,
    income_titles,
    is_filed,
    kept_back,
    numbers_kept,
    remarks,
    sources,
    wage_on,
)

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


def test_titles_of_the_kinds_of_income():
    titles = {"50": "薪資所得", "9B": "稿費及講演鐘點費", "51": "租賃所得"}
    assert income_titles() == titles
    assert {code: income_title(code) for code in titles} == titles
    assert [income_title(code) for code in ("", "92")] == ["", ""]


NO_PREMIUM = "補充保險費從102年1月1日起才扣（全民健康保險法第31條、扣取及繳納補充保險費辦法第4條），這一份不計算。"
NO_TABLE = (
    "本系統沒有{}年的薪資扣繳起扣標準，這一份不計算扣繳稅額；請查當年的扣繳稅額表"
    "（各類所得扣繳率標準第2條、薪資所得扣繳辦法）。"
)


@pytest.mark.parametrize(
    ("income", "on", "said"),
    [
        ("50", "2010-05-31", [NO_PREMIUM, NO_TABLE.format(99)]),
        ("50", "2012-12-31", [NO_PREMIUM, NO_TABLE.format(101)]),
        ("50", "2013-01-01", []),
        ("9B", "2012-12-31", [NO_PREMIUM]),
        ("9B", "2013-01-01", []),
        ("", "2010-05-31", []),
    ],
)
def test_what_is_not_reckoned_is_said(income, on, said):
    assert remarks(income, day(on)) == said


def test_the_years_of_which_the_table_of_salaries_is_filed():
    assert [is_filed("50", year) for year in (2012, 2013, 2014)] == [False, True, True]
    # What has no table of its own is reckoned in every year.
    assert [is_filed(code, 2010) for code in ("9B", "51", "")] == [True] * 3


def test_a_table_that_begins_within_a_year_is_of_that_year(monkeypatch):
    monkeypatch.setitem(filed()["income"]["50"], "least", [{"from": day("2012-12-31"), "value": 1}])
    assert [is_filed("50", year) for year in (2011, 2012)] == [False, True]


def test_the_acts_by_which_it_is_reckoned():
    premium = "全民健康保險法第31條、扣取及繳納補充保險費辦法第4條"
    assert sources("50") == ["各類所得扣繳率標準第2條、薪資所得扣繳辦法", premium]
    assert sources("9B") == ["各類所得扣繳率標準第2條、第13條", premium]
    assert sources("") == []


def test_for_how_many_years_the_number_of_a_payee_is_kept():
    source = "社會團體財務處理辦法第29條（帳冊、憑證保存十年）"
    assert numbers_kept(day("2010-05-31")) == (10, source)
    assert numbers_kept(day("1911-12-31")) == (None, source)


def test_the_most_of_one_payment_counts_for_the_premium():
    assert [kept_back("50", day("2013-01-01"), amount).premium for amount in (9_999_999, 10_000_000, 10_000_001)] == [
        200_000, 200_000, 200_000,
    ]  # fmt: skip
    assert kept_back("50", day("2013-01-01"), 9_999_900).premium == 199_998


def test_the_premium_is_rounded_to_the_next_dollar_halves_up():
    # 2 % of 5,024, 5,025 and 5,026: 100.48, 100.5 and 100.52.
    assert [kept_back("51", day("2013-01-01"), amount).premium for amount in (5_024, 5_025, 5_026)] == [100, 101, 101]


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
