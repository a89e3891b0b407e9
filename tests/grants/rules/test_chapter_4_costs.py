"""肆: each clause below, at and one dollar above its limit, under each reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grants.rules.build import brief, case, found, line, ruling

# item, quantities, clauses that cap it, the cap
RATES = [
    ("expert_fee", {"sessions": 2}, ["K4.1.1"], 4000),
    ("lecturer_fee", {"hours": 6, "in_house": False}, ["K4.1.2"], 9600),
    ("lecturer_fee", {"hours": 1.5, "in_house": False}, ["K4.1.2"], 2400),
    ("lecturer_fee", {"hours": 1.75, "in_house": False}, ["K4.1.2"], 2400),
    ("lecturer_fee", {"hours": 3, "in_house": True}, ["K4.1.2"], 2400),
    ("lecturer_fee", {"hours": 0.5, "in_house": True}, ["K4.1.2"], 400),
    ("disability_aide", {"persons": 2, "hours_per_day": 3, "days": 5}, ["K4.1.3.1"], 3600),
    ("elder_aide", {"persons": 3, "hours_per_day": 4, "days": 20}, ["K3.I.2.1.4c", "K4.1.3.2a"], 24000),
    ("elder_aide", {"persons": 1, "hours_per_day": 2.5, "days": 3}, ["K3.I.2.1.4c", "K4.1.3.2a"], 750),
    ("after_school_tutor", {"hours": 10}, ["K4.1.3.4"], 3500),
    ("casual_pay", {"hours": 100}, ["K4.1.4"], 9500),
    ("casual_pay", {"hours": 0.5}, ["K4.1.4"], 47),
    ("hired_labour", {"days": 5}, ["K4.1.5a"], 4000),
    ("hired_labour", {"days": 2.5}, ["K4.1.5a"], 2000),
    ("script_fee", {"characters": 2500}, ["K4.1.6"], 1575),
    ("script_fee", {"characters": 1001}, ["K4.1.6"], 630),
    ("script_fee", {"characters": 1002}, ["K4.1.6"], 631),
    ("film", {"seconds": 480}, ["K4.1.7a"], 80000),
    ("film", {"seconds": 1}, ["K4.1.7a"], 166),
    ("landlord_rent", {"persons": 4, "months": 6}, ["K3.I.4.7"], 216000),
    ("landlord_rent", {"persons": 1, "months": 1.5}, ["K3.I.4.7"], 13500),
    ("rental_supervision", {"persons": 4, "months": 6}, ["K3.I.4.8"], 7200),
    ("participant_transport", {"trips": 30}, ["K4.3.4"], 3000),
]
NAMES = [f"{item}-{'-'.join(str(v) for v in q.values())}" for item, q, _, _ in RATES]
# Room for the shares and ratios, so that only the rate speaks.
ROOM = line("printing", 9_000_000)
ALL_RATE_CLAUSES = [clause for _, _, clauses, _ in RATES for clause in clauses]
SERVED = {"elders": 40, "users": [{"age": 30, "indigenous": False}] * 40}


def rate_case(item, requested, quantities, **more):
    return case(line(item, requested, **quantities, **more), ROOM, **SERVED)


@pytest.mark.parametrize(("item", "quantities", "clauses", "cap"), RATES, ids=NAMES)
class TestRates:
    @pytest.mark.parametrize("below", [0, 1])
    def test_at_and_below_the_cap_pass(self, item, quantities, clauses, cap, below):
        assert found(rate_case(item, cap - below, quantities), *clauses) == []

    def test_one_dollar_above_is_told_once_for_each_clause(self, item, quantities, clauses, cap):
        findings = found(rate_case(item, cap + 1, quantities), *clauses)
        assert [f.clause for f in findings] == clauses
        for f in findings:
            assert (f.severity, f.requested, f.allowed, f.over, f.suggested) == ("error", cap + 1, cap, 1, cap)
            assert (f.line, f.unit, f.kind) == ("1", "TWD", "limit")
            assert f.arithmetic.endswith(f"{cap:,d} 元")
            assert f.message.endswith(f"{cap:,d} 元，超出 1 元。")

    def test_blank_quantity_or_amount_never_passes(self, item, quantities, clauses, cap):
        for field in [*quantities, "requested"]:
            values = {"requested": cap, **quantities, field: None}
            requested = values.pop("requested")
            blanks = found(rate_case(item, requested, values), *clauses)
            assert [(f.clause, f.severity, f.kind, f.over) for f in blanks] == [
                (c, "error", "blank", None) for c in clauses
            ], field

    def test_own_funds_pay_beyond_the_subsidy_unless_the_county_rules_otherwise(self, item, quantities, clauses, cap):
        paid = rate_case(item, cap, quantities, own_funds=1, other_funds=0)
        assert found(paid, *clauses) == []
        findings = brief(paid, *clauses, rulings=[ruling("reading.cap_on", "pay")])
        assert findings == [("error", 1, cap - 1)] * len(clauses)


# fmt: off
MESSAGES = [
    ("lecturer_fee", 10200, {"hours": 6, "in_house": False}, "外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元，超出 600 元。"),
    ("lecturer_fee", 2403, {"hours": 3, "in_house": True}, "內聘講師鐘點費每小時最高 800 元：3 小時 × 800 = 2,400 元，超出 3 元。"),
    ("expert_fee", 5000, {"sessions": 2}, "專家出席費每次最高 2,000 元：2 次 × 2,000 = 4,000 元，超出 1,000 元。"),
    ("casual_pay", 951, {"hours": 10}, "臨時酬勞每小時最高 95 元：10 小時 × 95 = 950 元，超出 1 元。"),
    ("script_fee", 1600, {"characters": 2500}, "撰稿費每千字最高 630 元：2,500 字 × 630 ÷ 1,000 = 1,575 元，超出 25 元。"),
    ("film", 90000, {"seconds": 480}, "攝影剪輯費每分鐘最高 10,000 元：480 秒 × 10,000 ÷ 60 = 80,000 元，超出 10,000 元。"),
    ("hired_labour", 4250, {"days": 5}, "專業技術人力每日最高 800 元：5 日 × 800 = 4,000 元，超出 250 元。"),
    ("landlord_rent", 9001, {"persons": 1, "months": 1}, "房租每人每月最高 9,000 元（含水電及三餐）：1 人 × 1 個月 × 9,000 = 9,000 元，超出 1 元。"),
    ("rental_supervision", 301, {"persons": 1, "months": 1}, "督導費每位住戶每月最高 300 元：1 人 × 1 個月 × 300 = 300 元，超出 1 元。"),
    ("participant_transport", 101, {"trips": 1}, "接送交通費每次最高 100 元：1 次 × 100 = 100 元，超出 1 元。"),
    ("after_school_tutor", 351, {"hours": 1}, "課後照顧每小時最高 350 元：1 小時 × 350 = 350 元，超出 1 元。"),
    ("disability_aide", 121, {"persons": 1, "hours_per_day": 1, "days": 1}, "日間照顧輔導人員每小時最高 120 元：1 人 × 1 小時 × 1 日 × 120 = 120 元，超出 1 元。"),
    ("elder_aide", 101, {"persons": 1, "hours_per_day": 1, "days": 1}, "生活輔導員每小時最高 100 元：1 人 × 1 小時 × 1 日 × 100 = 100 元，超出 1 元。"),
]
# fmt: on


@pytest.mark.parametrize(("item", "requested", "quantities", "message"), MESSAGES, ids=[m[0] for m in MESSAGES])
def test_messages_tell_limit_arithmetic_and_excess(item, requested, quantities, message):
    findings = found(rate_case(item, requested, quantities), *ALL_RATE_CLAUSES)
    assert {f.message for f in findings} == {message}


def test_blank_message_names_the_field():
    assert (
        found(case(line("lecturer_fee", 100, in_house=False)), "K4.1.2")[0].message
        == "請填「時數」，填了才能檢查上限。"
    )


def test_rate_with_two_readings_warns_between_them():
    band = [ruling("lecturer_fee.hourly", strict=1000, lenient=1600)]
    asked = {
        amount: brief(case(line("lecturer_fee", amount, hours=1, in_house=False)), "K4.1.2", rulings=band)
        for amount in (1000, 1001, 1600, 1601)
    }
    assert asked == {1000: [], 1001: [("warning", 1, 1000)], 1600: [("warning", 600, 1000)], 1601: [("error", 1, 1000)]}


class TestHalfHoursAndRounding:
    def test_in_house_is_half_of_the_cap_rounded_down(self):
        odd = [ruling("lecturer_fee.hourly", 1601)]
        assert brief(case(line("lecturer_fee", 801, hours=1, in_house=True)), "K4.1.2", rulings=odd) == [
            ("error", 1, 800)
        ]

    def test_fractions_of_a_dollar_are_dropped_unless_the_county_rules_half_up(self):
        half_up = [ruling("rounding.cap", "half_up")]
        asked = case(line("casual_pay", 48, hours=0.5))
        assert brief(asked, "K4.1.4") == [("error", 1, 47)]
        assert brief(asked, "K4.1.4", rulings=half_up) == []
        assert brief(case(line("casual_pay", 49, hours=0.5)), "K4.1.4", rulings=half_up) == [("error", 1, 48)]

    def test_hours_are_counted_in_the_steps_that_the_county_rules(self):
        """By steps of one and a half hours 4.75 hours are three steps, 4.5 hours."""
        ruled = [ruling("lecturer_fee.step", [3, 2])]
        asked = line("lecturer_fee", 7201, hours=4.75, in_house=False)
        assert brief(case(asked), "K4.1.2", rulings=ruled) == [("error", 1, 7200)]


@pytest.mark.parametrize(
    ("item", "values", "labels"),
    [
        ("lecturer_fee", {"hours": None, "in_house": None}, "時數、內聘或外聘"),
        ("script_fee", {"characters": None}, "字數"),
        ("film", {"seconds": None}, "影片長度"),
        ("landlord_rent", {"persons": None, "months": None}, "人數、月數"),
        ("expert_fee", {"sessions": None}, "次數"),
    ],
)
def test_a_blank_is_told_at_its_line_by_the_names_of_its_fields(item, values, labels):
    clause = {"script_fee": "K4.1.6", "film": "K4.1.7a", "landlord_rent": "K3.I.4.7", "expert_fee": "K4.1.1"}
    (found_blank,) = found(case(ROOM, line(item, 5, **values)), clause.get(item, "K4.1.2"))
    assert (found_blank.line, found_blank.requested) == ("2", 5)
    assert found_blank.message == f"請填「{labels}」，填了才能檢查上限。"


class TestFixedAmounts:
    """A9: 「每次2000元」 is a maximum; under the ruling "fixed" less is explained."""

    FIXED = [ruling("reading.fixed_or_maximum", "fixed")]

    def test_less_is_fine_by_default(self):
        assert brief(case(line("expert_fee", 1999, sessions=1)), "K4.1.1") == []

    def test_less_is_explained_where_the_amount_is_fixed(self):
        assert brief(case(line("expert_fee", 1999, sessions=1)), "K4.1.1", rulings=self.FIXED) == [("warning", 0, 2000)]
        assert brief(case(line("expert_fee", 2000, sessions=1)), "K4.1.1", rulings=self.FIXED) == []

    @pytest.mark.parametrize(
        ("item", "quantities", "clause", "cap"),
        [
            ("casual_pay", {"hours": 10}, "K4.1.4", 950),
            ("script_fee", {"characters": 1000}, "K4.1.6", 630),
            ("film", {"seconds": 60}, "K4.1.7a", 10000),
            ("landlord_rent", {"persons": 1, "months": 1}, "K3.I.4.7", 9000),
            ("rental_supervision", {"persons": 1, "months": 1}, "K3.I.4.8", 300),
            ("participant_transport", {"trips": 1}, "K4.3.4", 100),
        ],
    )
    def test_all_amounts_that_read_as_fixed(self, item, quantities, clause, cap):
        assert brief(rate_case(item, cap - 1, quantities), clause, rulings=self.FIXED) == [("warning", 0, cap)]

    def test_a_highest_amount_is_never_fixed(self):
        assert brief(case(line("lecturer_fee", 1, hours=1, in_house=False)), "K4.1.2", rulings=self.FIXED) == []
        labour = case(line("hired_labour", 1, days=1), line("printing", 99))
        assert brief(labour, "K4.1.5a", rulings=self.FIXED) == []


class TestReadingsOfALine:
    def test_script_by_whole_thousands(self):
        whole = [ruling("reading.script_fee", "whole_thousands")]
        assert brief(case(line("script_fee", 1260, characters=2999)), "K4.1.6", rulings=whole) == []
        assert brief(case(line("script_fee", 1261, characters=2999)), "K4.1.6", rulings=whole) == [("error", 1, 1260)]

    def test_rent_by_whole_months(self):
        whole = [ruling("reading.part_months", "whole")]
        asked = case(line("landlord_rent", 9001, persons=1, months=1.5))
        assert brief(asked, "K3.I.4.7") == []
        assert brief(asked, "K3.I.4.7", rulings=whole) == [("error", 1, 9000)]

    def test_an_author_from_elsewhere_is_explained(self):
        for resident, expected in ((True, []), (None, []), (False, [("warning", None, None)])):
            assert brief(case(line("script_fee", 1, characters=1000, resident_author=resident)), "K4.1.6") == expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [(None, [("warning", 1, 800)]), ("members_too", [("error", 1, 800)]), ("officers_and_staff", [])],
    )
    def test_a_member_who_lectures(self, value, expected):
        rulings = [ruling("reading.in_house", value)] if value else []
        asked = line("lecturer_fee", 801, hours=1, in_house=False, plain_member=True)
        assert brief(case(asked), "K4.1.2", rulings=rulings) == expected
        assert brief(case({**asked, "requested": 800}), "K4.1.2", rulings=rulings) == []
        assert brief(case({**asked, "plain_member": False}), "K4.1.2", rulings=rulings) == []

    def test_a_member_who_lectures_for_half_an_hour_more(self):
        asked = line("lecturer_fee", 1201, hours=1.5, in_house=False, plain_member=True)
        assert brief(case(asked), "K4.1.2") == [("warning", 1, 1200)]

    @pytest.mark.parametrize("field", ["hours", "requested"])
    def test_a_member_is_not_judged_before_the_line_is_filled_in(self, field):
        asked = line("lecturer_fee", 1600, hours=1, in_house=False, plain_member=True) | {field: None}
        assert [f.kind for f in found(case(asked), "K4.1.2")] == ["blank"]

    @pytest.mark.parametrize(
        ("value", "expected"), [(None, [("warning", 1, 10)]), ("one_a_day", [("error", 1, 10)]), ("every_trip", [])]
    )
    def test_more_than_one_trip_a_day(self, value, expected):
        rulings = [ruling("reading.trips", value)] if value else []
        asked = line("participant_transport", 100, trips=11, riders=5, days=2)
        assert brief(case(asked), "K4.3.4", rulings=rulings) == expected
        assert brief(case({**asked, "trips": 10}), "K4.3.4", rulings=rulings) == []
        assert brief(case({**asked, "riders": None}), "K4.3.4", rulings=rulings) == []

    def test_half_a_day_makes_no_trip(self):
        asked = line("participant_transport", 100, trips=8, riders=3, days=2.5)
        assert brief(case(asked), "K4.3.4") == [("warning", 1, 7)]


@given(st.integers(0, 400), st.sampled_from([False, True]), st.integers(0, 200_000))
def test_lecturer_cap_is_the_sum_of_half_hours(halves, in_house, requested):
    """The closed form equals paying half hour by half hour, a half-hour of 1,600 being 800."""
    cap = sum(400 if in_house else 800 for _ in range(halves))
    findings = brief(case(line("lecturer_fee", requested, hours=halves / 2, in_house=in_house)), "K4.1.2")
    assert findings == ([("error", requested - cap, cap)] if requested > cap else [])
