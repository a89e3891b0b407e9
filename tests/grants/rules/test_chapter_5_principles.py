"""伍: what is not paid for, and not twice."""

import pytest

from grants.rules.bounds import line_cost
from tests.grants.rules.build import brief, case, found, line, ruling

EXCLUDE, PURELY = [ruling("reading.exclusions", "exclude")], [ruling("reading.exclusions", "purely")]
CHILDREN = [{"age": 4}, {"age": 3}, {"age": 5, "own": True}]


def severities(the_case, clause, rulings=()):
    return [f.severity for f in found(the_case, clause, rulings=rulings)]


class TestExclusions:
    def test_entertainment_declared(self):
        assert severities(case(activity="entertainment_only"), "K5.2a") == ["error"]
        assert severities(case(activity="regular"), "K5.2a") == []
        assert severities(case(), "K5.2a") == []
        assert severities(case(activity="entertainment_only"), "K5.2a", PURELY) == ["error"]

    @pytest.mark.parametrize("word", ["自強活動", "慶生", "餐宴", "聚餐", "出遊"])
    def test_words_never_block_by_themselves(self, word):
        for asked in (case(title=f"{word}計畫"), case(text=f"辦理{word}"), case(line("meals", 1, description=word))):
            assert severities(asked, "K5.2a") == ["warning"]
            assert severities(asked, "K5.2a", PURELY) == []
            assert severities(asked, "K5.2a", EXCLUDE) == ["error"]

    def test_all_words_found_are_named(self):
        findings = found(case(title="慶生及餐宴", activity="regular"), "K5.2a")
        assert [f.message for f in findings] == ["計畫裡有「慶生、餐宴」字樣，請說明這不是單純的不補助項目。"]

    def test_a_coach_alone_does_not_make_an_excursion(self):
        assert severities(case(line("coach_hire", 8000), activity="regular"), "K5.2a") == []

    def test_advertising(self):
        assert severities(case(advertising=True), "K5.2b") == ["error"]
        assert severities(case(advertising=False), "K5.2b") == []
        for word in ("廣告", "促銷"):
            for item in ("printing", "layout_editing", "script_fee"):
                assert severities(case(line(item, 1, description=word)), "K5.2b") == ["warning"]
        assert severities(case(line("meals", 1, description="廣告")), "K5.2b") == []

    @pytest.mark.parametrize(("key", "clause"), [("hired_show", "K5.2c"), ("cram_school", "K5.2d")])
    def test_for_the_reviewer(self, key, clause):
        assert severities(case(**{key: True}), clause) == ["warning"]
        assert severities(case(**{key: False}), clause) == []
        assert severities(case(), clause) == []

    def test_contracted_works(self):
        assert severities(case(works_contract=True), "K5.2e") == ["error"]
        assert severities(case(works_contract=False), "K5.2e") == []
        for word in ("環境工程", "發包", "承攬"):
            assert severities(case(text=word), "K5.2e") == ["warning"]


class TestCourses:
    PAPERS = ("syllabus", "action_plan")

    def test_syllabus_and_action_plan(self):
        assert severities(case(course=True), "K5.3") == ["error"]
        assert severities(case(course=True, documents=list(self.PAPERS)), "K5.3") == []
        assert severities(case(course=True, documents=["syllabus"]), "K5.3") == ["error"]
        assert severities(case(course=True, stage="draft"), "K5.3") == []
        assert severities(case(course=False), "K5.3") == []
        assert found(case(course=True), "K5.3")[0].message == "有課程就要附課程內容及主題規劃、培訓後實際行動方案。"
        assert severities(case(line("lecturer_fee", 1, hours=1, in_house=False)), "K5.3") == ["error"]


class TestNotTwice:
    def test_a_blank_amount_asks_for_nothing(self):
        asked = line("printing", None, unit_price=100, own_funds=100)
        assert found(case(asked), "K5.4") == []

    @pytest.mark.parametrize(
        ("item", "more", "cost"),
        [
            ("printing", {}, 100),
            ("printing", {"quantity": 0}, 0),
            ("printing", {"quantity": 1.5}, 150),
            ("lecturer_fee", {"hours": None}, None),
            ("lecturer_fee", {"hours": 1.5, "in_house": False}, 150),
            ("elder_aide", {"persons": 2, "hours_per_day": 3, "days": 4}, 2400),
            ("elder_aide", {"persons": 2, "hours_per_day": None, "days": 4}, None),
            ("script_fee", {"characters": 1999}, 199),
            ("film", {"seconds": 59}, 98),
            ("admin_overhead", {"quantity": 5}, 100),
        ],
    )
    def test_the_cost_of_a_line(self, item, more, cost):
        (only,) = case(line(item, 1, unit_price=100, **more)).lines
        assert line_cost(only) == cost
        (unpriced,) = case(line(item, 1, **more)).lines
        assert line_cost(unpriced) is None

    def test_a_cost_is_exact_however_large(self):
        (film,) = case(line("film", 1, unit_price=60 * (2**53 + 1), seconds=1)).lines
        assert line_cost(film) == 2**53 + 1

    def test_a_price_of_nothing_costs_nothing(self):
        """A blank price says nothing about the cost; 0 dollars say that whatever is asked for is too much."""
        assert brief(case(line("printing", 9887, unit_price=0)), "K5.4") == [("error", 9887, 0)]
        assert brief(case(line("printing", 0, unit_price=0)), "K5.4") == []
        assert brief(case(line("printing", 9887)), "K5.4") == []

    def test_where_nothing_is_asked_nothing_is_paid_twice(self):
        """By the ruling that forbids it, the 0 that is offered must pass."""
        forbidden = [ruling("reading.duplicate", "forbid")]
        assert brief(case(line("printing", 5000, other_funds=1)), "K5.4", rulings=forbidden) == [("error", 5000, 0)]
        assert brief(case(line("printing", 0, other_funds=1)), "K5.4", rulings=forbidden) == []
        assert brief(case(line("printing", 0, other_funds=1)), "K5.4") == []

    def test_what_is_forbidden_is_said_before_what_it_costs(self):
        """Else the amount that is left of the cost would be offered, and refused when it is taken."""
        asked = line("printing", 5000, other_funds=1000, unit_price=5500)
        assert brief(case(asked), "K5.4") == [("error", 500, 4500)]
        assert brief(case(asked), "K5.4", rulings=[ruling("reading.duplicate", "forbid")]) == [("error", 5000, 0)]

    def test_other_funding_is_split(self):
        assert brief(case(line("printing", 5000, other_funds=1)), "K5.4") == [("warning", None, None)]
        assert brief(case(line("printing", 5000, own_funds=1)), "K5.4") == []
        assert found(case(line("printing", 5000, other_funds=1)), "K5.4")[0].line == "1"

    @pytest.mark.parametrize(
        ("requested", "own", "other", "expected"),
        [
            (10000, 0, 0, []),
            (9000, 1000, 0, []),
            (9000, 500, 500, [("warning", None, None)]),
            (9000, 500, 501, [("error", 1, 8999)]),
            (10001, 0, 0, [("error", 1, 10000)]),
            (9000, 1001, 0, [("error", 1, 8999)]),
            (1, 0, 20000, [("error", 10001, 0)]),
        ],
    )
    def test_the_same_dollar_twice(self, requested, own, other, expected):
        asked = line("printing", requested, own_funds=own, other_funds=other, unit_price=10000)
        assert brief(case(asked), "K5.4") == expected

    @pytest.mark.parametrize(
        ("item", "price", "quantities", "cost"),
        [
            ("printing", 100, {"quantity": 3}, 300),
            ("printing", 100, {"quantity": 2.5}, 250),
            ("lecturer_fee", 1600, {"hours": 6, "in_house": False}, 9600),
            ("expert_fee", 2000, {"sessions": 2}, 4000),
            ("elder_aide", 100, {"persons": 2, "hours_per_day": 4, "days": 5}, 4000),
            ("script_fee", 630, {"characters": 1500}, 945),
            ("film", 10000, {"seconds": 90}, 15000),
            ("landlord_rent", 9000, {"persons": 2, "months": 3}, 54000),
            ("participant_transport", 100, {"trips": 7}, 700),
            ("admin_overhead", 500, {}, 500),
            ("child_carer", 100, {"children": [], "hours_per_day": 8, "days": 2, "days_per_week": 5}, 1600),
            ("child_carer", 100, {"children": CHILDREN, "hours_per_day": 8, "days": 2, "days_per_week": 5}, 3200),
            ("child_carer", 100, {"children": CHILDREN[2:], "hours_per_day": 8, "days": 2, "days_per_week": 5}, 1600),
            ("hired_labour", 800, {"days": 3}, 2400),
            ("casual_pay", 95, {"hours": 3}, 285),
            ("after_school_tutor", 350, {"hours": 2}, 700),
            ("rental_supervision", 300, {"persons": 2, "months": 2}, 1200),
            ("disability_aide", 120, {"persons": 1, "hours_per_day": 2, "days": 3}, 720),
        ],
    )
    def test_cost_of_a_line(self, item, price, quantities, cost):
        asked = line(item, cost, unit_price=price, **quantities)
        assert brief(case(asked), "K5.4") == []
        assert brief(case({**asked, "own_funds": 1}), "K5.4") == [("error", 1, cost - 1)]

    def test_cost_unknown(self):
        assert brief(case(line("lecturer_fee", 10**6, unit_price=1600, in_house=False)), "K5.4") == []

    @pytest.mark.parametrize(("reading", "expected"), [("forbid", [("error", 5000, 0)]), ("split", [])])
    def test_ruled(self, reading, expected):
        asked = case(line("printing", 5000, other_funds=1))
        assert brief(asked, "K5.4", rulings=[ruling("reading.duplicate", reading)]) == expected

    def only(self, asked, **more):
        (finding,) = found(case(asked), "K5.4", **more)
        figures = finding.requested, finding.allowed, finding.over, finding.unit, finding.suggested
        return finding.severity, finding.line, finding.message, figures, finding.basis

    def test_all_that_is_said_of_a_cost_paid_twice(self):
        assert self.only(line("printing", 9000, own_funds=500, other_funds=501, unit_price=10000)) == (
            "error",
            "1",
            "補助、自籌和其他補助合計 10,001 元，比這一列的費用 10,000 元多 1 元，同一筆費用不能重複。",
            (10_001, 10_000, 1, "TWD", 8_999),
            "這一列的費用 10,000 元，扣除自籌和其他補助後最多 8,999 元",
        )

    def test_all_that_is_said_where_others_pay_already(self):
        words = "這一列另有其他單位補助 1 元，請分項說明哪些由誰補助。"
        asked = line("printing", 5000, other_funds=1)
        assert self.only(asked) == ("warning", "1", words, (5000, None, None, None, None), "")
        assert self.only(asked, rulings=[ruling("reading.duplicate", "forbid")]) == (
            "error",
            "1",
            "這一列已有其他單位補助 1 元，不再重複補助。",
            (5000, 0, 5000, "TWD", 0),
            "已有其他單位補助，這一列補助 0 元",
        )
