"""肆、一(三): aides and carers, their hours, children and the statutory wage."""

import pytest

from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, brief, case, found, line, ruling


class TestElderAideDay:
    """「每日每人不得請領超過4小時」: the fifth hour may be worked, not paid."""

    BOTH = ("K4.1.3.2c", "K3.I.2.1.4c")

    @pytest.mark.parametrize(
        ("hours", "requested", "over"), [(4, 8000, None), (5, 8000, None), (5, 8001, 1), (5, 10000, 2000)]
    )
    def test_pay_of_a_long_day(self, hours, requested, over):
        findings = brief(
            case(line("elder_aide", requested, persons=1, hours_per_day=hours, days=20), elders=20), *self.BOTH
        )
        assert findings == ([] if over is None else [("error", over, 8000)] * 2)

    @pytest.mark.parametrize("hours", [4, 5])
    def test_a_blank_beside_a_long_day_is_told_by_both_clauses_of_the_rate(self, hours):
        findings = found(case(line("elder_aide", 8000, persons=1, hours_per_day=hours), elders=20))
        assert [f.clause for f in findings if f.kind == "blank" and f.line] == ["K3.I.2.1.4c", "K4.1.3.2a"]

    @pytest.mark.parametrize(
        ("requested", "expected"),
        [(8000, []), (8001, [("warning", 1)] * 2), (10000, [("warning", 2000)] * 2), (10001, [("error", 1)] * 2)],
    )
    def test_between_two_readings_of_the_day_each_clause_speaks_once(self, requested, expected):
        band = [ruling("elder_aide.hours_per_day", strict=4, lenient=5)]
        asked = case(line("elder_aide", requested, persons=1, hours_per_day=5, days=20), elders=20)
        assert [(f.severity, f.over) for f in found(asked, *self.BOTH, rulings=band)] == expected

    @pytest.mark.parametrize("field", ["persons", "days"])
    def test_a_blank_beside_a_long_day_is_no_crash(self, field):
        asked = line("elder_aide", 1, persons=1, hours_per_day=5, days=20) | {field: None}
        assert [f.kind for f in found(case(asked, elders=20), "K4.1.3.2c")] == []

    def test_part_of_a_day(self):
        asked = line("elder_aide", 1001, persons=1, hours_per_day=5, days=2.5)
        findings = found(case(asked, elders=20), "K4.1.3.2c")
        assert [(f.over, f.arithmetic) for f in findings] == [(1, "1 人 × 4 小時 × 2.5 日 × 100 = 1,000 元")]

    def test_half_an_hour_too_long(self):
        findings = found(case(line("elder_aide", 900, persons=1, hours_per_day=4.5, days=2), elders=20), *self.BOTH)
        assert [(f.clause, f.over, f.suggested) for f in findings] == [
            ("K3.I.2.1.4c", 100, 800),
            ("K4.1.3.2c", 100, 800),
        ]
        assert findings[0].message == "每人每日最多請領 4 小時：1 人 × 4 小時 × 2 日 × 100 = 800 元，超出 100 元。"

    def test_beyond_the_rate_of_all_hours_the_rate_speaks_too(self):
        findings = brief(case(line("elder_aide", 10001, persons=1, hours_per_day=5, days=20), elders=20), "K4.1.3.2a")
        assert findings == [("error", 1, 10000)]

    @pytest.mark.parametrize(("days", "severity"), [(20, "warning"), (31, "error")])
    def test_one_person_on_two_lines_of_a_month(self, days, severity):
        lines = [
            line("elder_aide", 100, persons=1, hours_per_day=hours, days=days, person="甲", month="2010-05")
            for hours in (3, 2)
        ]
        findings = found(case(*lines, elders=20), *self.BOTH)
        assert [(f.severity, f.person, f.month, f.over) for f in findings] == [(severity, "甲", "2010-05", 1)] * 2
        two_days = [{**each, "month": f"2010-0{n}"} for n, each in enumerate(lines, 5)]
        assert found(case(*two_days, elders=20), *self.BOTH) == []
        two_people = [{**each, "person": name} for each, name in zip(lines, "甲乙", strict=True)]
        assert found(case(*two_people, elders=20), *self.BOTH) == []
        within = [{**each, "hours_per_day": 2} for each in lines]
        assert found(case(*within, elders=20), *self.BOTH) == []

    def two_lines(self, *hours, days=20, **more):
        values = {"persons": 1, "days": days, "person": "甲", "month": "2010-05"} | more
        return [line("elder_aide", 100, hours_per_day=each, **values) for each in hours]

    @pytest.mark.parametrize(
        "more", [{"person": None}, {"month": None}, {"person": None, "month": None}, {"persons": 2}, {"days": None}]
    )
    def test_only_complete_lines_of_one_named_person_and_month_are_added_up(self, more):
        findings = found(case(*self.two_lines(3, 2, **more), elders=20), "K4.1.3.2c")
        assert findings == []

    def test_a_line_without_its_hours_adds_nothing(self):
        assert found(case(*self.two_lines(3, None), elders=20), "K4.1.3.2c") == []

    def test_a_named_line_without_its_number_is_one_person(self):
        findings = found(case(*self.two_lines(3, 2, persons=None), elders=20), "K4.1.3.2c")
        assert [(f.severity, f.over) for f in findings] == [("warning", 1)]

    def test_a_full_day_beside_one_hour_more(self):
        findings = found(case(*self.two_lines(4, 1), elders=20), "K4.1.3.2c")
        assert [(f.severity, f.over) for f in findings] == [("warning", 1)]

    def test_each_person_is_looked_at(self):
        lines = [*self.two_lines(2, 2), *self.two_lines(3, 2, person="乙")]
        assert [f.person for f in found(case(*lines, elders=20), "K4.1.3.2c")] == ["乙"]

    @pytest.mark.parametrize(("days", "severity"), [((30, 17), "warning"), ((31, 16), "error")])
    def test_hours_that_fit_into_no_month_are_certain(self, days, severity):
        """124 hours are four a day in a month of 31 days."""
        first, second = days
        lines = [*self.two_lines(3, days=first), *self.two_lines(2, days=second)]
        assert [f.severity for f in found(case(*lines, elders=20), "K4.1.3.2c")] == [severity]


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

    def test_half_hours(self):
        findings = found(case(carer(2001, child(), hours=2.5, days=8)), "K4.1.3.3a")
        assert [(f.over, f.arithmetic) for f in findings] == [(1, "每小時合計 100 元 × 2.5 小時 × 8 日 = 2,000 元")]

    def test_the_message(self):
        findings = found(case(carer(201, child(), child(own=True), hours=2, days=1)), "K4.1.3.3a")
        assert (
            findings[0].message
            == "可計費的孩子 1 位（自己的孩子不計）：每小時合計 100 元 × 2 小時 × 1 日 = 200 元，超出 1 元。"
        )

    @pytest.mark.parametrize(
        ("hours", "per_week", "expected"),
        [
            (10, 5, []),
            (10.5, 5, [("hours", 0.5, 10)]),
            (11, 5, [("hours", 1, 10)]),
            (10, 6, [("days", 1, 5)]),
            (11, 6, [("days", 1, 5), ("hours", 1, 10)]),
        ],
    )
    def test_hours_a_day_and_days_a_week(self, hours, per_week, expected):
        findings = found(case(carer(100, child(), hours=hours, per_week=per_week)), "K4.1.3.3b")
        assert sorted((f.unit, f.over, f.suggested) for f in findings) == expected
        assert {f.severity for f in findings} <= {"error"}
        assert {f.line for f in findings} <= {"1"}

    @pytest.mark.parametrize(("field", "count"), [("hours_per_day", 1), ("days_per_week", 1)])
    def test_blank_hours_or_days(self, field, count):
        findings = found(case({**carer(100, child()), field: None}), "K4.1.3.3b")
        assert [(f.kind, f.severity) for f in findings] == [("blank", "error")] * count

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
        findings = found(case(carer(100, *children)), "K4.1.3.3c")
        assert sorted(f.over for f in findings) == overs
        assert {(f.severity, f.unit, f.line) for f in findings} <= {("error", "persons", "1")}

    def test_children_blank(self):
        assert [f.kind for f in found(case({**carer(100, child()), "children": None}), "K4.1.3.3c")] == ["blank"]

    def test_age_of_a_child_blank(self):
        infants = case(carer(100, child(None), child(2), child(2), child(1)))
        assert [(f.kind, f.over) for f in found(infants, "K4.1.3.3c")] == [("limit", 1), ("blank", None)]
        assert [(f.severity, f.kind) for f in found(infants, "K3.I.5.1a")] == [("error", "blank")]
        own = case(carer(100, child(), child(None, own=True)))
        assert [f.kind for f in found(own, "K4.1.3.3c", "K3.I.5.1a")] == ["blank"]
        assert found(infants, "K4.1.3.3c")[1].message == "請填「每個孩子的年齡」，填了才能檢查上限。"

    def test_a_child_without_age_is_told_at_its_line(self):
        findings = found(case(line("printing", 1), carer(1, child(age=None))), "K3.I.5.1a")
        assert [(f.line, f.message) for f in findings] == [("2", "請填「每個孩子的年齡」，填了才能檢查上限。")]

    def test_only_own_children_is_not_paid(self):
        assert brief(case(carer(100, child(own=True), child(own=True))), "K4.1.3.3c") == [("error", 100, 0)]
        assert brief(case(carer(0, child(own=True))), "K4.1.3.3c") == []
        assert brief(case(carer(100, child(own=True), child())), "K4.1.3.3c") == []

    @pytest.mark.parametrize(("age", "severity"), [(5, []), (6, ["warning"]), (7, ["error"])])
    def test_age_of_the_children_cared_for(self, age, severity):
        findings = found(case(carer(100, child(age), child(1)), programme="child_day_care"), "K3.I.5.1a")
        assert [f.severity for f in findings] == severity
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

    @pytest.mark.parametrize(("own", "count"), [(299, 1), (300, 0)])
    def test_own_funds_that_cover_the_gap(self, own, count):
        asked = line("casual_pay", 9500, hours=100, month="2011-01", person="甲", employment=True, own_funds=own)
        assert len(found(case(asked), "K4.1.4")) == count

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

    def test_without_month_and_dates_there_is_no_wage_to_compare_with(self):
        asked = case(line("casual_pay", 950, hours=10, person="甲", employment=True), starts_on=None)
        assert [f.kind for f in found(asked, "K4.1.4") if f.over is not None] == []
        free = [ruling("casual_pay.hourly", 0)]
        unpaid = case(line("casual_pay", 0, hours=10, person="甲", employment=True), starts_on=None)
        assert [f for f in found(unpaid, "K4.1.4", rulings=free) if f.kind != "blank"] == []

    @pytest.mark.parametrize(("rounding", "gap"), [("floor", 4), ("half_up", 5)])
    def test_the_gap_of_half_an_hour(self, rounding, gap):
        asked = case(line("casual_pay", 100, hours=1.5, person="甲", month="2011-01", employment=True))
        findings = found(asked, "K4.1.4", rulings=[ruling("rounding.cap", rounding)])
        assert [(f.over, f.arithmetic) for f in findings] == [(gap, f"1.5 小時 × 3 = {gap} 元")]

    @pytest.mark.parametrize(("hours", "overs"), [(0.12, []), (0.125, [1]), (0.25, [2])])
    def test_a_gap_below_a_dollar_is_none(self, hours, overs):
        """In 2012 the law asks for 8 dollars an hour more than the text pays."""
        asked = case(line("casual_pay", 1, hours=hours, person="甲", month="2012-01", employment=True))
        findings = [f for f in evaluate(asked, LAW).findings if f.clause == "K4.1.4"]
        assert [f.over for f in findings] == overs

    def test_pay_above_the_wage_has_no_gap(self):
        aide = {"persons": 1, "hours_per_day": 4, "days": 20, "month": "2010-05", "employment": True}
        asked = case(line("elder_aide", 1, **aide), elders=10)
        assert [f for f in evaluate(asked, LAW).findings if f.clause == "K4.1.3.2a"] == []

    @pytest.mark.parametrize(
        ("item", "clause", "rate"), [("disability_aide", "K4.1.3.1", 120), ("elder_aide", "K4.1.3.2a", 103)]
    )
    def test_aides_by_the_law_where_the_county_rules_so(self, item, clause, rate):
        follows = [ruling("reading.below_statutory", "statutory")]
        aide = {"persons": 1, "hours_per_day": 4, "days": 1, "month": "2012-05", "employment": True}
        served = {"elders": 10, "users": [{"age": 30, "indigenous": False}] * 10}
        assert brief(case(line(item, rate * 4, **aide), **served), clause, rulings=follows) == []
        assert brief(case(line(item, rate * 4 + 1, **aide), **served), clause, rulings=follows) == [
            ("error", 1, rate * 4)
        ]

    def test_a_long_day_by_the_law_where_the_county_rules_so(self):
        follows = [ruling("reading.below_statutory", "statutory")]
        aide = {"persons": 1, "hours_per_day": 5, "days": 1, "month": "2012-05", "employment": True}
        findings = brief(case(line("elder_aide", 413, **aide), elders=10), "K4.1.3.2c", rulings=follows)
        assert findings == [("error", 1, 412)]
