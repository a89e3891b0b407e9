"""捌: the envelope of a year."""

import datetime as dt

import pytest

from grants.rules import payments
from tests.grants.rules.build import LAW, ruling


def judged(year, so_far, total, law=LAW, on=None):
    return [(f.clause, f.severity, f.over, f.suggested) for f in payments.envelope(year, so_far, total, law, on)]


@pytest.mark.parametrize("year", [2010, 2011, 2012])
def test_thirty_million_a_year_equal_passes(year):
    assert judged(year, 29_900_000, 100_000) == []
    assert judged(year, 29_900_000, 100_001) == [("K8.2b", "warning", 1, 100_000)]
    assert judged(year, 31_000_000, 1) == [("K8.2b", "warning", 1_000_001, 0)]


@pytest.mark.parametrize("year", [2009, 2013])
def test_other_years_have_no_money(year):
    assert judged(year, 0, 1) == [("K8.2a", "error", 1, 0)]


def test_hard_where_ruled():
    hard = LAW.with_rulings([ruling("reading.envelope", "hard")])
    assert judged(2010, 30_000_000, 1, hard) == [("K8.2b", "error", 1, 0)]


def test_a_ruling_on_the_sum_holds_until_the_next_year():
    more = LAW.with_rulings([ruling("envelope.yearly", 35_000_000, since="2010-06-01")])
    assert judged(2010, 35_000_000, 0, more) == []
    assert judged(2010, 30_000_000, 1, more, dt.date(2010, 5, 31)) == [("K8.2b", "warning", 1, 0)]
    assert judged(2010, 30_000_000, 1, more, dt.date(2010, 6, 1)) == []
    assert judged(2011, 30_000_000, 1, more) == [("K8.2b", "warning", 1, 0)]


@pytest.mark.parametrize(("entered", "over"), [(29_999_999, 2), (30_000_000, 1), (30_000_001, 0), (0, 30_000_001)])
def test_what_the_county_has_entered_stands_in_for_the_sum(entered, over):
    """「預計」: the text's thirty million are a forecast."""
    found = payments.envelope(2010, 30_000_000, 1, LAW, entered=entered)
    assert [(f.clause, f.allowed, f.over) for f in found] == [("K8.2b", entered, over)] * bool(over)


def test_what_was_entered_opens_no_other_year():
    found = payments.envelope(2013, 0, 1, LAW, dt.date(2013, 1, 2), entered=30_000_000)
    assert [(f.clause, f.severity) for f in found] == [("K8.2a", "error")]


@pytest.mark.parametrize("entered", [-1, 1.0, True])
def test_what_was_entered_is_whole_dollars(entered):
    with pytest.raises(ValueError, match="whole number"):
        payments.envelope(2010, 0, 1, LAW, entered=entered)


def test_message():
    found = payments.envelope(2010, 29_900_000, 100_001, LAW)
    assert (
        found[0].message
        == "99年度經費 30,000,000 元：已核定 29,900,000 元＋本案 100,001 元 = 30,000,001 元，超出 1 元；核定時請附簽文號。"
    )


def test_arithmetic():
    (over,) = payments.envelope(2010, 29_000_000, 1_000_001, LAW)
    assert over.arithmetic == "已核定 29,000,000 元＋本案 1,000,001 元 = 30,000,001 元"
