"""Exact caps, the band rule and the sentences they make."""

from fractions import Fraction

import pytest

from grants.rules import bounds
from tests.grants.rules.build import LAW, case, found, line, ruling


@pytest.mark.parametrize(
    ("reading", "amount", "dollars"),
    [
        ("floor", 7, 7),
        ("half_up", 7, 7),
        ("floor", Fraction(5, 2), 2),
        ("half_up", Fraction(5, 2), 3),
        ("floor", Fraction(9, 4), 2),
        ("half_up", Fraction(9, 4), 2),
        ("floor", Fraction(11, 4), 2),
        ("half_up", Fraction(11, 4), 3),
    ],
)
def test_whole_dollars_as_reading_a4_says(reading, amount, dollars):
    assert bounds.whole({"rounding.cap": reading}, amount) == dollars


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (Fraction(1234567), "1,234,567"),
        (Fraction(3, 2), "1.5"),
        (Fraction(2401, 2), "1,200.5"),
        (1.5, "1.5"),
        (2.0, "2"),
    ],
)
def test_numbers_as_people_write_them(value, number):
    assert bounds.number(value) == number


BAND = "9,600 元以內不必說明，10,200 元以內要說明，再多不補助。"


# fmt: off
SIDES = [
    (9600, []),
    (9601, [("warning", 9601, 9600, 1, 9600, "TWD", "6 小時 × 1,600 = 9,600 元",
             "外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元，超出 1 元，請說明理由。" + BAND)]),
    (10200, [("warning", 10200, 9600, 600, 9600, "TWD", "6 小時 × 1,600 = 9,600 元",
              "外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元，超出 600 元，請說明理由。" + BAND)]),
    (10201, [("error", 10201, 10200, 1, 9600, "TWD", "6 小時 × 1,700 = 10,200 元",
              "外聘講師鐘點費每小時最高 1,700 元：6 小時 × 1,700 = 10,200 元，超出 1 元。" + BAND)]),
]
# fmt: on


class TestBand:
    """An open reading: 1,600 by the strict side, 1,700 by the lenient one, six hours."""

    OPEN = [ruling("lecturer_fee.hourly", strict=1600, lenient=1700)]

    @pytest.mark.parametrize(("asked", "expected"), SIDES)
    def test_each_side_of_each_limit(self, asked, expected):
        the_case = case(line("lecturer_fee", asked, hours=6, in_house=False))
        assert [
            (f.severity, f.requested, f.allowed, f.over, f.suggested, f.unit, f.arithmetic, f.message)
            for f in found(the_case, "K4.1.2", rulings=self.OPEN)
        ] == expected


@pytest.mark.parametrize(
    ("own", "other", "over"), [(0, 0, []), (1, 0, [1]), (0, 1, [1]), (2, 3, [5]), (9600, 9600, [9600])]
)
def test_a_cap_on_the_whole_pay_counts_all_funds(own, other, over):
    """A34: by the ruling the 9,600 bind the pay, of which the subsidy is one part; the room left is never below 0."""
    paid = case(line("lecturer_fee", 9600, hours=6, in_house=False, own_funds=own, other_funds=other))
    findings = found(paid, "K4.1.2", rulings=[ruling("reading.cap_on", "pay")])
    assert [f.over for f in findings] == over
    assert all(f.suggested == max(0, 9600 - own - other) for f in findings)


class TestCounts:
    def test_a_maximum_tells_its_arithmetic(self):
        (f,) = bounds.at_most(["K4.1.3.2b"], 5, 3, 4, "persons", "每社區最高 4 位", arithmetic="2 + 3 = 5 位")
        assert (f.severity, f.requested, f.allowed, f.over, f.suggested) == ("error", 5, 4, 1, 3)
        assert (f.arithmetic, f.message) == (
            "2 + 3 = 5 位",
            "每社區最高 4 位：2 + 3 = 5 位，超出 1 人。3 人以內不必說明，4 人以內要說明，再多不補助。",
        )
        assert bounds.at_most(["K4.1.3.2b"], 3, 3, 4, "persons", "每社區最高 4 位") is None

    def test_a_minimum_tells_what_is_lacking(self):
        (f,) = bounds.at_least("K3.I.3.2c", 13, 15, "persons", "要有 15 位")
        assert (f.severity, f.requested, f.allowed, f.over, f.suggested) == ("error", 13, 15, 2, 15)
        assert f.message == "要有 15 位，目前 13 人，還差 2 人。"
        assert bounds.at_least("K3.I.3.2c", 15, 15, "persons", "要有 15 位") is None


def test_every_factor_of_a_rate_has_its_word():
    ctx = bounds.Context(case(line("expert_fee", 9999, sessions=1)), LAW)
    with pytest.raises(ValueError, match="shorter"):
        bounds.rate(ctx, ("K4.1.1",), ctx.case.lines[0], "expert_fee.session", ("sessions",), "每次最高 {} 元", ())


def test_a_limit_of_the_case_belongs_to_no_line():
    ctx = bounds.Context(case(), LAW)
    assert ctx.tracing is False
    assert ctx.totals() is ctx.sums
    ctx.keep("K4.6.3a", None, 1, 2, "1")
    assert [(x.clause, x.line, x.requested, x.allowed, x.arithmetic) for x in ctx.limits] == [
        ("K4.6.3a", None, 1, 2, "1")
    ]
    ctx.meter("a meter")
    assert ctx.totals().meters == ("a meter",)


@pytest.mark.parametrize(
    ("sentence", "arithmetic", "basis"),
    [
        ("最高 100 元", "1 × 100 = 100 元", "最高 100 元：1 × 100 = 100 元"),
        ("最高 100 元", "", "最高 100 元"),
        ("只補助一部分", "", "只補助一部分，最多 100 元"),
        ("只補助一部分", "餘 7 元", "只補助一部分：餘 7 元，最多 100 元"),
    ],
)
def test_the_reason_of_a_cut_names_its_amount_once(sentence, arithmetic, basis):
    row = line("printing", 101)
    ctx = bounds.Context(case(row), LAW)
    (finding,) = bounds.money_cap(ctx, ["K4.1.1"], ctx.case.lines[0], lambda _: 100, lambda _: (sentence, arithmetic))
    assert (finding.basis, finding.over, finding.line) == (basis, 1, "1")


def test_an_excess_without_arithmetic_is_said_in_one_sentence():
    assert bounds.over_limit("最多 2 人", "", 1, "persons", "error") == "最多 2 人，超出 1 人。"
    assert bounds.over_limit("最多 2 人", "", 1, "persons", "warning") == "最多 2 人，超出 1 人，請說明理由。"
