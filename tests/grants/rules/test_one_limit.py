"""One limit everywhere: for every item with two limits, the button, its amount and its reason agree, and pressing it ends it."""

from dataclasses import replace

import pytest

from grants.rules import automatic
from grants.rules.engine import evaluate
from grants.rules.findings import TWD
from tests.grants.rules import test_miaoli
from tests.grants.rules.build import LAW, case, found, line, ruling

MONTH = {"person": "甲", "month": "2010-05"}
AIDE = {"persons": 1, "hours_per_day": 4, "days": 10}
CHILD = {"children": [{"age": 3}], "hours_per_day": 8, "days_per_week": 5, "days": 20}
# item, what else stands on the line, the parameter left open, strict and lenient value, whether it is a share
OPEN = [
    ("expert_fee", {"sessions": 3}, "expert_fee.session", 2000, 2100),
    ("lecturer_fee", {"hours": 6, "in_house": False}, "lecturer_fee.hourly", 1600, 1700),
    ("lecturer_fee", {"hours": 6, "in_house": False, "plain_member": True}, "lecturer_fee.hourly", 1600, 1700),
    ("disability_aide", AIDE, "disability_aide.hourly", 120, 130),
    ("elder_aide", AIDE, "elder_aide.hourly", 100, 110),
    ("elder_aide", {**AIDE, "hours_per_day": 6}, "elder_aide.hours_per_day", 4, 5),
    ("child_carer", CHILD, "child_carer.hourly", 100, 110),
    ("after_school_tutor", {"hours": 10}, "after_school_tutor.hourly", 350, 400),
    ("casual_pay", {"hours": 10}, "casual_pay.hourly", 95, 98),
    ("hired_labour", {"days": 2}, "hired_labour.daily", 800, 900),
    ("script_fee", {"characters": 2500}, "reading.script_fee", "whole_thousands", "pro_rata"),
    ("film", {"seconds": 600}, "film.per_minute", 10000, 11000),
    ("film", {"seconds": 3600}, "film.per_case", 300000, 310000),
    ("landlord_rent", {"persons": 2, "months": 1.5}, "reading.part_months", "whole", "pro_rata"),
    ("rental_supervision", {"persons": 2, "months": 1}, "rental.supervision_monthly", 300, 400),
    ("participant_transport", {"trips": 10}, "participant_transport.trip", 100, 120),
    ("admin_overhead", {}, "reading.admin_base", "exclusive", "inclusive"),
    ("hired_labour", {"days": 90}, "reading.labour_base", "rest", "total"),
    ("casual_pay", {"hours": 900, **MONTH}, "reading.monthly_cap", "together", "each_clause"),
    ("after_school_tutor", {"hours": 90, "people": ["甲", "乙"], "service_months": ["2010-05", "2010-06"]}, None, 0, 0),
]


def presses(the_case, law, number="1"):
    """Press 改為上限 until it is no longer offered; each finding that was at the line, with the amount it sets."""
    for _ in range(6):
        judged = evaluate(the_case, law)
        tightest = judged.tightest(number)
        if tightest is None:
            return
        yield tightest, judged
        lines = tuple(
            replace(each, requested=tightest.suggested) if each.id == number else each for each in the_case.lines
        )
        the_case = replace(the_case, lines=lines)
    raise AssertionError(f"still over after six presses: {tightest.message}")


@pytest.mark.parametrize(("item", "more", "parameter", "strict", "lenient"), OPEN)
@pytest.mark.parametrize("asked", [20_000_000, 5_000_000])
def test_the_button_its_amount_and_its_reason_agree(item, more, parameter, strict, lenient, asked):
    law = LAW.with_rulings([ruling(parameter, strict=strict, lenient=lenient)]) if parameter else LAW
    the_case = case(line(item, asked, **more), line("printing", 100_000))
    pressed = list(presses(the_case, law))
    assert pressed
    for finding, judged in pressed:
        figure = f"{finding.suggested:,d}"
        assert f"{figure} 元" in finding.basis, finding.basis
        if finding.two_limits:
            assert f"{figure} 元" in finding.message or finding.suggested == 0, finding.message
            assert f"{finding.allowed:,d} 元" in finding.message, finding.message
            assert "再多不補助" in finding.message
        assert judged.most_for("1") == finding.suggested


def test_between_the_two_limits_a_reason_is_asked_and_both_are_named():
    printing = line("printing", 104_200)
    passes = found(case(line("admin_overhead", 10_420), printing), "K4.6.3a")
    (asked,) = found(case(line("admin_overhead", 11_577), printing), "K4.6.3a")
    (refused,) = found(case(line("admin_overhead", 12_000), printing), "K4.6.3a")
    both = "10,420 元（其他項目的 10%）以內不必說明，11,577 元（連本項合計的 10%）以內要說明，再多不補助。"
    assert (passes, asked.severity, refused.severity) == ([], "warning", "error")
    assert (both in asked.message, both in refused.message) == (True, True)
    assert (refused.allowed, refused.over, refused.suggested, refused.two_limits) == (11_577, 423, 10_420, True)
    assert refused.basis == "行政管理費最多是補助金額的 10%：其他項目 104,200 元，最多 10,420 元"


def test_one_limit_is_told_once():
    (finding,) = found(case(line("lecturer_fee", 9601, hours=6, in_house=False)), "K4.1.2")
    assert (finding.two_limits, finding.message.count("9,600 元"), "再多不補助" in finding.message) == (False, 1, False)
    assert finding.basis == "外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元"


def test_a_standard_of_the_county_agrees_as_well():
    sides = {"strict": {"meals": 80}, "lenient": {"meals": 90}}
    law = test_miaoli.FILED.with_rulings([{"parameter": "subsidy.unit_caps", "from": "2010-06-01", **sides}])
    the_case = test_miaoli.case(test_miaoli.line(901, item="meals", quantity=10))
    findings = [finding for finding, _ in presses(the_case, law)]
    assert [(f.suggested, f.basis) for f in findings] == [(800, "縣府標準：膳雜費每單位最高 80 元：10 × 80 = 800 元")]


def test_five_aides_stand_at_their_line():
    """4.1.3.2b and the ratio of elders: no amount of money mends them."""
    aides = line("elder_aide", 40_000, persons=5, hours_per_day=4, days=20)
    findings = found(case(aides, programme="elder_care_station", elders=45), "K4.1.3.2b")
    assert [(f.unit, f.severity, f.line, f.lines) for f in findings] == [("persons", "error", None, ("1",))]


class TestFollowing:
    """隨其他項目自動調整"""

    def amounts_of(self, *lines, following=("1",), law=LAW):
        return automatic.amounts(case(*lines), law, following)

    def test_a_tenth_of_the_others_whatever_was_typed(self):
        assert self.amounts_of(line("admin_overhead", None), line("printing", 104_200)) == {"1": 10_420}
        assert self.amounts_of(line("admin_overhead", 99_999), line("printing", 104_205)) == {"1": 10_420}

    def test_two_shares_that_count_each_other_come_to_rest(self):
        lines = [line("admin_overhead", 0), line("hired_labour", 0, days=500), line("printing", 90_000)]
        amounts = self.amounts_of(*lines, following=("1", "2"))
        assert amounts == {"1": 10_112, "2": 11_123}
        lines = [{**each, "requested": amounts.get(str(n), each["requested"])} for n, each in enumerate(lines, 1)]
        judged = evaluate(case(*lines), LAW)
        assert [f for f in judged.findings if f.unit == TWD] == []

    def test_another_limit_of_the_line_counts(self):
        lines = [line("hired_labour", 0, days=2), line("printing", 90_000)]
        assert self.amounts_of(*lines) == {"1": 1_600}

    def test_two_lines_of_the_item_cannot_follow(self):
        assert self.amounts_of(line("admin_overhead", 5), line("admin_overhead", 6), line("printing", 900)) == {}

    def test_other_items_cannot_follow(self):
        assert self.amounts_of(line("printing", 900)) == {}
