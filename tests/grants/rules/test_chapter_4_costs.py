"""肆: each clause below, at and one dollar above its limit, under each reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, brief, case, found, line, ruling

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
        told = found(rate_case(item, cap + 1, quantities), *clauses)
        assert [f.clause for f in told] == clauses
        for f in told:
            assert (f.severity, f.requested, f.allowed, f.over, f.suggested) == ("error", cap + 1, cap, 1, cap)
            assert (f.line, f.unit, f.kind) == ("1", "TWD", "limit")
            assert f.arithmetic.endswith(f"{cap:,d} 元")
            assert f.message.endswith(f"{cap:,d} 元，超出 1 元。")

    def test_blank_quantity_or_amount_never_passes(self, item, quantities, clauses, cap):
        for field in [*quantities, "requested"]:
            told = {"requested": cap, **quantities, field: None}
            requested = told.pop("requested")
            blanks = found(rate_case(item, requested, told), *clauses)
            assert [(f.clause, f.severity, f.kind, f.over) for f in blanks] == [
                (c, "error", "blank", None) for c in clauses
            ], field

    def test_own_funds_pay_beyond_the_subsidy_unless_the_county_rules_otherwise(self, item, quantities, clauses, cap):
        paid = rate_case(item, cap, quantities, own_funds=1, other_funds=0)
        assert found(paid, *clauses) == []
        told = brief(paid, *clauses, rulings=[ruling("reading.cap_on", "pay")])
        assert told == [("error", 1, cap - 1)] * len(clauses)


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
]  # fmt: skip


@pytest.mark.parametrize(("item", "requested", "quantities", "message"), MESSAGES, ids=[m[0] for m in MESSAGES])
def test_messages_tell_limit_arithmetic_and_excess(item, requested, quantities, message):
    told = found(rate_case(item, requested, quantities), *ALL_RATE_CLAUSES)
    assert {f.message for f in told} == {message}


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


class TestElderAideDay:
    """「每日每人不得請領超過4小時」: the fifth hour may be worked, not paid."""

    BOTH = ("K4.1.3.2c", "K3.I.2.1.4c")

    @pytest.mark.parametrize(
        ("hours", "requested", "over"), [(4, 8000, None), (5, 8000, None), (5, 8001, 1), (5, 10000, 2000)]
    )
    def test_pay_of_a_long_day(self, hours, requested, over):
        told = brief(
            case(line("elder_aide", requested, persons=1, hours_per_day=hours, days=20), elders=20), *self.BOTH
        )
        assert told == ([] if over is None else [("error", over, 8000)] * 2)

    @pytest.mark.parametrize("hours", [4, 5])
    def test_a_blank_beside_a_long_day_is_told_by_both_clauses_of_the_rate(self, hours):
        told = found(case(line("elder_aide", 8000, persons=1, hours_per_day=hours), elders=20))
        assert [f.clause for f in told if f.kind == "blank" and f.line] == ["K3.I.2.1.4c", "K4.1.3.2a"]

    @pytest.mark.parametrize(
        ("requested", "told"),
        [(8000, []), (8001, [("warning", 1)] * 2), (10000, [("warning", 2000)] * 2), (10001, [("error", 1)] * 2)],
    )
    def test_between_two_readings_of_the_day_each_clause_speaks_once(self, requested, told):
        band = [ruling("elder_aide.hours_per_day", strict=4, lenient=5)]
        asked = case(line("elder_aide", requested, persons=1, hours_per_day=5, days=20), elders=20)
        assert [(f.severity, f.over) for f in found(asked, *self.BOTH, rulings=band)] == told

    def test_half_an_hour_too_long(self):
        told = found(case(line("elder_aide", 900, persons=1, hours_per_day=4.5, days=2), elders=20), *self.BOTH)
        assert [(f.clause, f.over, f.suggested) for f in told] == [("K3.I.2.1.4c", 100, 800), ("K4.1.3.2c", 100, 800)]
        assert told[0].message == "每人每日最多請領 4 小時：1 人 × 4 小時 × 2 日 × 100 = 800 元，超出 100 元。"

    def test_beyond_the_rate_of_all_hours_the_rate_speaks_too(self):
        told = brief(case(line("elder_aide", 10001, persons=1, hours_per_day=5, days=20), elders=20), "K4.1.3.2a")
        assert told == [("error", 1, 10000)]

    @pytest.mark.parametrize(("days", "severity"), [(20, "warning"), (31, "error")])
    def test_one_person_on_two_lines_of_a_month(self, days, severity):
        lines = [
            line("elder_aide", 100, persons=1, hours_per_day=hours, days=days, person="甲", month="2010-05")
            for hours in (3, 2)
        ]
        told = found(case(*lines, elders=20), *self.BOTH)
        assert [(f.severity, f.person, f.month, f.over) for f in told] == [(severity, "甲", "2010-05", 1)] * 2
        two_days = [{**each, "month": f"2010-0{n}"} for n, each in enumerate(lines, 5)]
        assert found(case(*two_days, elders=20), *self.BOTH) == []
        two_people = [{**each, "person": name} for each, name in zip(lines, "甲乙", strict=True)]
        assert found(case(*two_people, elders=20), *self.BOTH) == []
        within = [{**each, "hours_per_day": 2} for each in lines]
        assert found(case(*within, elders=20), *self.BOTH) == []


def child(age=4, special_needs=False, own=False):
    return {"age": age, "special_needs": special_needs, "own": own}


def carer(requested, *children, hours=8, per_week=5, days=20, **more):
    return line(
        "child_carer",
        requested,
        children=list(children),
        hours_per_day=hours,
        days_per_week=per_week,
        days=days,
        **more,
    )


class TestChildCare:
    @pytest.mark.parametrize(
        ("children", "hourly"),
        [
            ([child()], 100),
            ([child(special_needs=True)], 120),
            ([child(), child(special_needs=True)], 220),
            ([child(), child(own=True)], 100),
            ([child(own=True, special_needs=True), child()], 100),
        ],
    )
    def test_each_paid_child_by_the_hour(self, children, hourly):
        assert brief(case(carer(hourly * 20, *children, hours=2, days=10)), "K4.1.3.3a") == []
        assert brief(case(carer(hourly * 20 + 1, *children, hours=2, days=10)), "K4.1.3.3a") == [
            ("error", 1, hourly * 20)
        ]

    def test_by_the_carer_where_the_county_rules_so(self):
        by_carer = [ruling("reading.child_rate", "per_carer")]
        children = [child(), child(special_needs=True)]
        assert brief(case(carer(240, *children, hours=2, days=1)), "K4.1.3.3a", rulings=by_carer) == []
        assert brief(case(carer(241, *children, hours=2, days=1)), "K4.1.3.3a", rulings=by_carer) == [("error", 1, 240)]
        own = case(carer(1, child(own=True), hours=2, days=1))
        assert brief(own, "K4.1.3.3a", rulings=by_carer) == [("error", 1, 0)]

    def test_the_message(self):
        told = found(case(carer(201, child(), child(own=True), hours=2, days=1)), "K4.1.3.3a")
        assert (
            told[0].message
            == "可計費的孩子 1 位（自己的孩子不計）：每小時合計 100 元 × 2 小時 × 1 日 = 200 元，超出 1 元。"
        )

    @pytest.mark.parametrize(
        ("hours", "per_week", "told"),
        [
            (10, 5, []),
            (10.5, 5, [("hours", 0.5, 10)]),
            (11, 5, [("hours", 1, 10)]),
            (10, 6, [("days", 1, 5)]),
            (11, 6, [("days", 1, 5), ("hours", 1, 10)]),
        ],
    )
    def test_hours_a_day_and_days_a_week(self, hours, per_week, told):
        findings = found(case(carer(100, child(), hours=hours, per_week=per_week)), "K4.1.3.3b")
        assert sorted((f.unit, f.over, f.suggested) for f in findings) == told
        assert {f.severity for f in findings} <= {"error"}
        assert {f.line for f in findings} <= {"1"}

    @pytest.mark.parametrize(("field", "count"), [("hours_per_day", 1), ("days_per_week", 1)])
    def test_blank_hours_or_days(self, field, count):
        told = found(case({**carer(100, child()), field: None}), "K4.1.3.3b")
        assert [(f.kind, f.severity) for f in told] == [("blank", "error")] * count

    @pytest.mark.parametrize("field", ["children", "hours_per_day", "days", "requested"])
    def test_blank_of_the_rate(self, field):
        assert [f.kind for f in found(case({**carer(100, child()), field: None}), "K4.1.3.3a")] == ["blank"]

    @pytest.mark.parametrize(
        ("ages", "own", "overs"),
        [
            ([5, 4, 4, 3], 0, []),
            ([5, 4, 4, 3], 3, []),
            ([5, 4, 4, 3, 3], 0, [1]),
            ([5, 4, 4, 3, 3], 1, [1]),
            ([2, 2, 3, 3], 0, []),
            ([2, 2, 1], 0, [1]),
            ([0, 1, 2, 2, 5], 0, [1, 2]),
        ],
    )
    def test_children_of_a_carer(self, ages, own, overs):
        children = [child(age, own=place < own) for place, age in enumerate(ages)]
        told = found(case(carer(100, *children)), "K4.1.3.3c")
        assert sorted(f.over for f in told) == overs
        assert {(f.severity, f.unit, f.line) for f in told} <= {("error", "persons", "1")}

    def test_children_blank(self):
        assert [f.kind for f in found(case({**carer(100, child()), "children": None}), "K4.1.3.3c")] == ["blank"]

    def test_age_of_a_child_blank(self):
        infants = case(carer(100, child(None), child(2), child(2), child(1)))
        assert [(f.kind, f.over) for f in found(infants, "K4.1.3.3c")] == [("limit", 1), ("blank", None)]
        assert [(f.severity, f.kind) for f in found(infants, "K3.I.5.1a")] == [("error", "blank")]
        own = case(carer(100, child(), child(None, own=True)))
        assert [f.kind for f in found(own, "K4.1.3.3c", "K3.I.5.1a")] == ["blank"]
        assert found(infants, "K4.1.3.3c")[1].message == "請填「每個孩子的年齡」，填了才能檢查上限。"

    def test_only_own_children_is_not_paid(self):
        assert brief(case(carer(100, child(own=True), child(own=True))), "K4.1.3.3c") == [("error", 100, 0)]
        assert brief(case(carer(0, child(own=True))), "K4.1.3.3c") == []
        assert brief(case(carer(100, child(own=True), child())), "K4.1.3.3c") == []

    @pytest.mark.parametrize(("age", "severity"), [(5, []), (6, ["warning"]), (7, ["error"])])
    def test_age_of_the_children_cared_for(self, age, severity):
        told = found(case(carer(100, child(age), child(1)), programme="child_day_care"), "K3.I.5.1a")
        assert [f.severity for f in told] == severity
        assert found(case(carer(100, child(), child(age, own=True))), "K3.I.5.1a") == []


class TestBelowTheStatutoryWage:
    """A10: 95 and 100 an hour fell below the statutory wage; the gap is the employer's."""

    @pytest.mark.parametrize(
        ("month", "gap"), [("2010-12", None), ("2011-01", 300), ("2011-12", 300), ("2012-01", 800)]
    )
    def test_casual_pay(self, month, gap):
        asked = case(line("casual_pay", 9500, hours=100, person="甲", month=month, employment=True))
        assert brief(asked, "K4.1.4") == ([] if gap is None else [("warning", gap, None)])
        unemployed = case(line("casual_pay", 9500, hours=100, person="甲", month=month, employment=False))
        assert brief(unemployed, "K4.1.4") == []

    @pytest.mark.parametrize(("month", "gap"), [("2011-12", None), ("2012-01", 240)])
    def test_elder_aide(self, month, gap):
        asked = case(
            line("elder_aide", 8000, persons=1, hours_per_day=4, days=20, month=month, employment=True), elders=10
        )
        assert brief(asked, "K4.1.3.2a") == ([] if gap is None else [("warning", gap, None)])

    def test_the_gap_is_in_the_message(self):
        asked = case(line("casual_pay", 9500, hours=100, month="2011-01", person="甲", employment=True))
        expected = "基本工資每小時 98 元，條文補助 95 元，差額要自籌：100 小時 × 3 = 300 元，請補列自籌款或說明。"
        assert found(asked, "K4.1.4")[0].message == expected

    @pytest.mark.parametrize(("own", "told"), [(299, 1), (300, 0)])
    def test_own_funds_that_cover_the_gap(self, own, told):
        asked = line("casual_pay", 9500, hours=100, month="2011-01", person="甲", employment=True, own_funds=own)
        assert len(found(case(asked), "K4.1.4")) == told

    def test_without_a_month_the_last_of_the_project_counts(self):
        asked = case(line("casual_pay", 950, hours=10, person="甲", employment=True), ends_on="2011-01-31")
        assert brief(asked, "K4.1.4") == [("warning", 30, None)]

    def test_the_cap_follows_the_law_where_the_county_rules_so(self):
        follows = [ruling("reading.below_statutory", "statutory")]
        asked = {"hours": 10, "month": "2011-01", "person": "甲"}
        assert brief(case(line("casual_pay", 980, **asked, employment=True)), "K4.1.4", rulings=follows) == []
        assert brief(case(line("casual_pay", 981, **asked, employment=True)), "K4.1.4", rulings=follows) == [
            ("error", 1, 980)
        ]
        assert brief(case(line("casual_pay", 951, **asked, employment=False)), "K4.1.4", rulings=follows) == [
            ("error", 1, 950)
        ]


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
        for resident, told in ((True, []), (None, []), (False, [("warning", None, None)])):
            assert brief(case(line("script_fee", 1, characters=1000, resident_author=resident)), "K4.1.6") == told

    @pytest.mark.parametrize(
        ("value", "told"),
        [(None, [("warning", 1, 800)]), ("members_too", [("error", 1, 800)]), ("officers_and_staff", [])],
    )
    def test_a_member_who_lectures(self, value, told):
        rulings = [ruling("reading.in_house", value)] if value else []
        asked = line("lecturer_fee", 801, hours=1, in_house=False, plain_member=True)
        assert brief(case(asked), "K4.1.2", rulings=rulings) == told
        assert brief(case({**asked, "requested": 800}), "K4.1.2", rulings=rulings) == []
        assert brief(case({**asked, "plain_member": False}), "K4.1.2", rulings=rulings) == []

    @pytest.mark.parametrize(
        ("value", "told"), [(None, [("warning", 1, 10)]), ("one_a_day", [("error", 1, 10)]), ("every_trip", [])]
    )
    def test_more_than_one_trip_a_day(self, value, told):
        rulings = [ruling("reading.trips", value)] if value else []
        asked = line("participant_transport", 100, trips=11, riders=5, days=2)
        assert brief(case(asked), "K4.3.4", rulings=rulings) == told
        assert brief(case({**asked, "trips": 10}), "K4.3.4", rulings=rulings) == []
        assert brief(case({**asked, "riders": None}), "K4.3.4", rulings=rulings) == []


class TestSameThingTwice:
    def test_expert_who_lectures_in_the_same_month(self):
        expert = line("expert_fee", 2000, sessions=1, person="甲", month="2010-05")
        lecture = line("lecturer_fee", 1600, hours=1, in_house=False, person="甲", month="2010-05")
        assert brief(case(expert, lecture), "K4.1.1") == [("warning", None, None)]
        assert brief(case(expert, {**lecture, "month": None}), "K4.1.1") == [("warning", None, None)]
        assert brief(case(expert, {**lecture, "month": "2010-06"}), "K4.1.1") == []
        assert brief(case(expert, {**lecture, "person": "乙"}), "K4.1.1") == []
        assert brief(case({**expert, "person": None}, {**lecture, "person": None}), "K4.1.1") == []

    def test_meals_or_gas_beside_the_rent(self):
        rent = line("landlord_rent", 9000, persons=1, months=1)
        for item in ("meals", "gas"):
            told = found(case(rent, line(item, 1)), "K3.I.4.7")
            assert [(f.severity, f.line) for f in told] == [("warning", "2")]
            assert found(case(line(item, 1)), "K3.I.4.7") == []

    def test_equipment_hired_and_rented(self):
        hire = line("equipment_hire", 5, supplier="甲行", used_on="2010-05-01", description="音響")
        rent = {**hire, "item": "equipment_rental"}
        assert brief(case(hire, rent), "K4.2.10") == [("warning", None, None)]
        for field, value in (("supplier", "乙行"), ("used_on", "2010-05-02"), ("description", "帳篷")):
            assert brief(case(hire, {**rent, field: value}), "K4.2.10") == []
        assert brief(case(line("equipment_hire", 5), line("equipment_rental", 5)), "K4.2.10") == []

    def test_kinds_of_the_admin_fee_elsewhere(self):
        admin = line("admin_overhead", 1)
        phone = line("miscellaneous", 1, description="社區電話費")
        assert [f.line for f in found(case(admin, phone), "K4.6.0")] == ["2"]
        assert found(case(admin, {**phone, "description": "掃把"}), "K4.6.0") == []
        assert found(case(phone), "K4.6.0") == []
        assert found(case({**admin, "description": "電話費"}), "K4.6.0") == []


class TestItemsThatGoWithAnother:
    @pytest.mark.parametrize(
        ("kind", "told"), [("volunteer", 0), ("activity", 0), ("venue", 0), ("other", 1), (None, 0)]
    )
    def test_insurance(self, kind, told):
        assert len(found(case(line("insurance", 1, insurance_kind=kind)), "K4.2.1")) == told

    def test_gas_needs_meals(self):
        assert [f.severity for f in found(case(line("gas", 1)), "K4.2.11–12")] == ["warning"]
        assert found(case(line("gas", 1), line("meals", 1)), "K4.2.11–12") == []
        assert found(case(line("gas", 1), programme="elder_care_station"), "K4.2.11–12") == []

    def test_course_materials_need_a_course(self):
        asked = line("course_materials", 1)
        assert [f.severity for f in found(case(asked), "K4.4.1")] == ["warning"]
        assert found(case(asked, course=True), "K4.4.1") == []
        assert found(case(asked, line("lecturer_fee", 1, hours=1, in_house=False)), "K4.4.1") == []
        assert found(case(asked, programme="disability_day_care", class_hours_per_week=20), "K4.4.1") == []

    @pytest.mark.parametrize(("description", "told"), [("", ["info"]), ("掃把", [])])
    def test_miscellaneous_says_what_for(self, description, told):
        findings = evaluate(case(line("miscellaneous", 1, description=description)), LAW).of_line("1")
        assert [f.severity for f in findings] == told

    def test_items_without_a_unit_cap_are_never_refused(self):
        for item in ("printing", "layout_editing", "decoration", "meals", "stationery", "computer_supplies", "repairs",
                     "periodicals", "miscellaneous", "haulage", "coach_hire", "travel", "site_materials", "equipment"):  # fmt: skip
            told = [f for f in found(case(line(item, 10**9)), land_use_is_another_clause(item)) if f.line]
            assert told == [], item

    def test_a_blank_amount_is_told_under_the_clause_of_the_item(self):
        told = found(case(line("printing", None), line("miscellaneous", None)))
        assert [(f.clause, f.line, f.kind) for f in told if f.line] == [
            ("K4.2.13", "2", "blank"),
            ("K4.2.2–5", "1", "blank"),
        ]
        assert [f.kind for f in found(case(line("admin_overhead", None)), "K4.6.3a")] == ["blank"]


def land_use_is_another_clause(item):
    from grants.rules.catalogue import items

    return items()[item].clause


@given(st.integers(0, 400), st.sampled_from([False, True]), st.integers(0, 200_000))
def test_lecturer_cap_is_the_sum_of_half_hours(halves, in_house, requested):
    """The closed form equals paying half hour by half hour, a half-hour of 1,600 being 800."""
    cap = sum(400 if in_house else 800 for _ in range(halves))
    told = brief(case(line("lecturer_fee", requested, hours=halves / 2, in_house=in_house)), "K4.1.2")
    assert told == ([("error", requested - cap, cap)] if requested > cap else [])
