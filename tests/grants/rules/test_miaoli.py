"""苗栗縣政府社區發展工作計畫: nothing can be filed until the county files its standards; then they are judged."""

import dataclasses
import datetime as dt

import pytest

from grants.rules import facts, payments
from grants.rules.engine import evaluate
from grants.rules.ruleset import load

PLAN = load("miaoli")
DAY = dt.date(2010, 6, 1)
STANDARDS = [
    {
        "parameter": "subsidy.unit_caps",
        "from": "2010-06-01",
        "value": {"lecturer_fee": 1600, "meals": 80, "equipment": 0},
        "memo": "示範",
    },
    {"parameter": "subsidy.case_cap", "from": "2010-06-01", "value": 100_000, "memo": "示範"},
    {"parameter": "subsidy.own_share", "from": "2010-06-01", "value": [5, 100], "memo": "示範"},
]
FILED = PLAN.with_rulings(STANDARDS)
ASSEMBLY = PLAN.with_rulings(
    [*STANDARDS, {"parameter": "governance.assembly_required", "from": "2010-06-01", "value": True, "memo": "示範"}]
)


def case(*lines, on="2010-06-01", organisation=None, **project):
    return facts.from_dict(
        {
            "submitted_on": on,
            "organisation": {
                "kind": "community_association",
                "county": "苗栗縣",
                "township": "苑裡鎮",
                "tier": "excellent",
                "profile_updated_on": "2010-01-01",
                **(organisation or {}),
            },
            "project": {"programme": "welfare_services", "starts_on": "2010-07-01", "ends_on": "2010-12-31", **project},
            "lines": [{"id": str(n), **line} for n, line in enumerate(lines, 1)],
        }
    )


def judged(the_case, clause, law=FILED):
    return [(f.severity, f.over) for f in evaluate(the_case, law).findings if f.clause == clause]


def line(requested=1000, own=100, item="printing", **more):
    return {"item": item, "requested": requested, "own_funds": own, **more}


class TestUntilTheCountyFiles:
    def test_filing_is_refused_with_the_reason(self):
        found = evaluate(case(line()), PLAN).findings
        assert [(f.clause, f.severity, f.kind, f.message) for f in found] == [
            ("M5.8", "error", "missing", "縣府還沒有公告這個方案的補助標準，暫時不能送件。")
        ]

    @pytest.mark.parametrize("left_out", range(3))
    def test_all_of_them_are_needed(self, left_out):
        some = PLAN.with_rulings(STANDARDS[:left_out] + STANDARDS[left_out + 1 :])
        assert [f.kind for f in evaluate(case(line()), some).findings] == ["missing"]
        assert some.missing(DAY) == (STANDARDS[left_out]["parameter"],)

    @pytest.mark.parametrize(("on", "kinds"), [("2010-05-31", ["missing"]), ("2010-06-01", [])])
    def test_from_their_day(self, on, kinds):
        assert [f.kind for f in evaluate(case(line(), on=on), FILED).findings] == kinds

    def test_what_is_missing_is_named(self):
        assert [PLAN.parameter(name).title for name in PLAN.missing(DAY)][1] == "每案補助上限"
        assert FILED.missing(DAY) == ()


class TestSettlement:
    """The plan names no term: the portal's proposal, which the county may rule on."""

    def test_the_term_runs_a_month_from_the_actual_end(self):
        planned, actual = dt.date(2010, 9, 30), dt.date(2010, 9, 15)
        assert payments.completion_day(planned, actual, PLAN, DAY) == actual
        assert payments.settlement_due(actual, lambda day: True, PLAN, DAY).on == dt.date(2010, 10, 15)

    def test_it_is_called_to_mind_as_in_the_other_county(self):
        assert PLAN.value("settlement.reminder_days", DAY) == [30, 14, 3, 0, -1]


class TestStandards:
    def test_unit_caps(self):
        meals = line(800, item="meals", quantity=10)
        assert judged(case(meals), "M5.8") == []
        assert judged(case({**meals, "requested": 801}), "M5.8") == [("error", 1)]
        assert judged(case({**meals, "quantity": None}), "M5.8") == [("error", None)]
        assert judged(case(line(1600, item="lecturer_fee", hours=1)), "M5.8") == []
        assert judged(case(line(1601, item="lecturer_fee", hours=1)), "M5.8") == [("error", 1)]

    @pytest.mark.parametrize(
        ("item", "more", "cap", "arithmetic"),
        [
            ("elder_aide", {"persons": 2, "hours_per_day": 3, "days": 4}, 24, "2 × 3 × 4 × 1 = 24 元"),
            ("admin_overhead", {}, 1, "1 × 1 = 1 元"),
            ("printing", {"quantity": 5}, 5, "5 × 1 = 5 元"),
        ],
    )
    def test_a_dollar_a_unit(self, item, more, cap, arithmetic):
        law = FILED.with_rulings([{"parameter": "subsidy.unit_caps", "from": "2010-06-01", "value": {item: 1}}])
        assert judged(case(line(cap, item=item, **more)), "M5.8", law) == []
        found = [f for f in evaluate(case(line(cap + 1, item=item, **more)), law).findings if f.clause == "M5.8"]
        assert [(f.line, f.over, f.suggested, f.arithmetic) for f in found] == [("1", 1, cap, arithmetic)]

    def test_an_open_reading_of_a_standard(self):
        def law(lenient):
            sides = {"strict": {"meals": 80}, "lenient": lenient}
            return FILED.with_rulings([{"parameter": "subsidy.unit_caps", "from": "2010-06-01", **sides}])

        asked = case(line(801, item="meals", quantity=10))
        assert judged(asked, "M5.8", law({"meals": 90})) == [("warning", 1)]
        beyond = evaluate(case(line(901, item="meals", quantity=10)), law({"meals": 90})).findings
        assert [(f.severity, f.over, f.message) for f in beyond] == [
            (
                "error",
                1,
                "縣府標準：膳雜費每單位最高 90 元：10 × 90 = 900 元，超出 1 元。800 元以內不必說明，900 元以內要說明，再多不補助。",
            )
        ]
        assert judged(asked, "M5.8", law({})) == [("error", 1)]
        found = evaluate(asked, law({})).findings
        assert found[0].message == "縣府標準：膳雜費每單位最高 80 元：10 × 80 = 800 元，超出 1 元。"

    @pytest.mark.parametrize(("item", "labels"), [("meals", "數量"), ("lecturer_fee", "時數")])
    def test_a_blank_quantity_is_told_at_its_line(self, item, labels):
        found = [f for f in evaluate(case(line(5, item=item)), FILED).findings if f.kind == "blank"]
        assert [(f.clause, f.line, f.message) for f in found] == [
            ("M5.8", "1", f"請填「{labels}」，填了才能檢查上限。")
        ]

    def test_a_blank_amount_is_told_at_its_line(self):
        found = [f for f in evaluate(case(line(None)), FILED).findings if f.kind == "blank"]
        assert [(f.clause, f.line, f.message) for f in found] == [("M5.8", "1", "請填「申請補助」，填了才能檢查上限。")]

    def test_an_item_at_0_is_not_paid_for(self):
        assert judged(case(line(1, item="equipment", quantity=1, description="桌子一張")), "M5.8") == [("error", 1)]
        assert ("warning", None) in judged(case(line(0, item="equipment", quantity=1)), "M5.8")

    def test_a_blank_amount(self):
        assert ("error", None) in judged(case(line(None)), "M5.8")

    def test_message(self):
        found = evaluate(case(line(801, item="meals", quantity=10)), FILED).findings
        assert found[0].message == "縣府標準：膳雜費每單位最高 80 元：10 × 80 = 800 元，超出 1 元。"

    @pytest.mark.parametrize(("requested", "expected"), [(100_000, []), (100_001, [("error", 1)])])
    def test_case_cap(self, requested, expected):
        assert judged(case(line(requested, own=10_000)), "M5.8") == expected

    @pytest.mark.parametrize(
        ("requested", "own", "expected"),
        [(950, 50, []), (951, 50, [("error", 1)]), (950, 49, [("error", 1)]), (0, 0, [])],
    )
    def test_own_share_of_the_whole_cost(self, requested, own, expected):
        assert judged(case(line(requested, own=own)), "M5.8") == expected

    @pytest.mark.parametrize(("other", "expected"), [(100, []), (101, [("error", 1)])])
    def test_other_funds_are_part_of_the_whole_cost(self, other, expected):
        """5 % of 1,000 + 100 + 900 dollars are 100."""
        assert judged(case(line(1000, own=105, other_funds=895 + other)), "M5.8") == expected

    @pytest.mark.parametrize(
        ("starts", "ends", "count"),
        [
            ("2010-07-01", "2010-12-31", 0),
            ("2010-07-01", "2011-01-01", 1),
            ("2010-07-01", None, 1),
            (None, "2010-12-31", 1),
            ("2010-07-02", "2010-07-01", 1),
        ],
    )
    def test_within_the_year(self, starts, ends, count):
        assert len(judged(case(line(), starts_on=starts, ends_on=ends), "M5.8")) == count

    @pytest.mark.parametrize(
        ("starts", "ends", "facts_named"),
        [
            (None, "2010-12-31", ["starts_on"]),
            ("2010-07-01", None, ["ends_on"]),
            (None, None, ["starts_on"]),
            ("2010-07-02", "2010-07-01", ["ends_on"]),
            ("2010-07-01", "2010-07-01", []),
        ],
    )
    def test_what_is_wrong_with_the_dates_is_told_at_its_field(self, starts, ends, facts_named):
        found = evaluate(case(line(), starts_on=starts, ends_on=ends), FILED).findings
        assert [f.fact for f in found if f.clause == "M5.8"] == facts_named

    def test_within_the_year_is_the_countys_to_lift(self):
        lifted = FILED.with_rulings([{"parameter": "project.within_year", "from": "2010-06-01", "value": False}])
        assert judged(case(line(), ends_on="2011-01-01"), "M5.8", lifted) == []


class TestPlan:
    @pytest.mark.parametrize(
        ("programme", "kind", "county", "count"),
        [
            ("welfare_services", "community_association", "苗栗縣", 0),
            ("welfare_services", "community_association", "高雄縣", 1),
            ("welfare_services", "township_office", "苗栗縣", 1),
            ("activity_centre", "township_office", "苗栗縣", 0),
            ("activity_centre", "community_association", "苗栗縣", 1),
        ],
    )
    def test_who(self, programme, kind, county, count):
        asked = case(line(), programme=programme, organisation={"kind": kind, "county": county})
        assert judged(asked, "M3.3") == [("error", None)] * count

    @pytest.mark.parametrize(("tier", "count"), [("excellent", 0), ("potential", 1), ("basic", 1), (None, 1)])
    def test_only_an_excellent_association_leads(self, tier, count):
        assert (
            judged(case(line(), programme="flagship", organisation={"tier": tier}), "M4.4b")
            == [("error", None)] * count
        )
        assert judged(case(line(), organisation={"tier": tier}), "M4.4b") == []

    @pytest.mark.parametrize(("adjacent", "count"), [(True, 0), (False, 1), (None, 1)])
    def test_neighbours(self, adjacent, count):
        asked = case(line(), programme="flagship", members_adjacent=adjacent)
        assert judged(asked, "M4.4a") == [("warning", None)] * count

    @pytest.mark.parametrize(
        ("total", "stage", "found"),
        [
            (None, "submission", []),
            (1000, "submission", []),
            (999, "submission", [("error", None)]),
            (1001, "draft", [("error", None)]),
            (0, "submission", [("error", None)]),
            (999, "approval", []),
            (999, "settlement", []),
        ],
    )
    def test_shares_of_an_alliance_come_to_the_request(self, total, stage, found):
        asked = case(line(), programme="flagship", members_adjacent=True, joint_total=total)
        assert judged(dataclasses.replace(asked, stage=stage), "M4.4a") == found

    @pytest.mark.parametrize(("updated", "count"), [("2009-06-01", 0), ("2009-05-31", 1), (None, 1)])
    def test_profile_of_the_last_twelve_months(self, updated, count):
        asked = case(line(), organisation={"profile_updated_on": updated})
        assert judged(asked, "M5.5b") == [("warning", None)] * count
        centre = case(
            line(), programme="activity_centre", organisation={"kind": "township_office", "profile_updated_on": updated}
        )
        assert judged(centre, "M5.5b") == []

    @pytest.mark.parametrize(
        ("on", "held", "count"),
        [
            ("2010-06-30", "2009-01-01", 0),
            ("2010-06-30", "2008-12-31", 1),
            ("2010-07-01", "2009-12-31", 1),
            ("2010-07-01", "2010-01-01", 0),
            ("2010-07-01", None, 1),
        ],
    )
    def test_no_assembly_no_grant_once_the_county_rules_so(self, on, held, count):
        asked = case(line(), on=on, organisation={"assembly_held_on": held})
        assert judged(asked, "M5.5a", ASSEMBLY) == [("error", None)] * count
        assert judged(asked, "M5.5a") == []
        office = {"kind": "township_office", "assembly_held_on": held}
        assert judged(case(line(), on=on, programme="activity_centre", organisation=office), "M5.5a", ASSEMBLY) == []

    def test_budget_of_a_unit(self):
        assert payments.unit_envelope(100, 50, 50, PLAN) == ()
        over = payments.unit_envelope(100, 50, 51, PLAN)
        assert [(f.clause, f.severity, f.over, f.suggested) for f in over] == [("M6", "warning", 1, 50)]
