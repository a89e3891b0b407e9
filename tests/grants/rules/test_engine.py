"""The engine: all findings at once, trace, waivers, and what holds for every case."""

import datetime as dt
import json
import logging
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.rules import catalogue, facts, registry
from grants.rules.engine import evaluate
from tests.grants.rules.build import LAW, case, found, line, ruling

OVER = line("lecturer_fee", 10200, hours=6, in_house=False)


def test_all_findings_at_once_errors_first():
    findings = evaluate(case(OVER, line("casual_pay", None, hours=1), line("printing", 1, other_funds=1)), LAW).findings
    assert [(f.clause, f.severity) for f in findings] == [
        ("K4.1.2", "error"),
        ("K4.1.4", "error"),
        ("K5.3", "error"),
        ("K6.2.3", "error"),
        ("K5.4", "warning"),
    ]


def test_a_blameless_case_has_no_findings():
    evaluation = evaluate(case(line("printing", 1000)), LAW)
    assert (evaluation.findings, evaluation.blocks) == ((), False)


def test_findings_of_one_clause_come_by_line_then_month():
    """What is said of no line comes first; October follows September, whatever the sentences say."""
    pay = [
        line("casual_pay", 9600, hours=100, person="A", month=month) for month in ("2010-10", "2010-09") for _ in "12"
    ]
    findings = found(case(*pay), "K4.1.4")
    assert [(f.line, f.month) for f in findings] == [
        (None, "2010-09"),
        (None, "2010-10"),
        ("1", "2010-10"),
        ("2", "2010-10"),
        ("3", "2010-09"),
        ("4", "2010-09"),
    ]


def test_what_names_nobody_or_no_month_comes_first():
    blank_month = line("casual_pay", 96, hours=1, person="A")
    findings = found(case(blank_month, starts_on=None), "K4.1.4")
    assert [(f.kind, f.person) for f in findings] == [("blank", None), ("limit", "A")]
    without = [line("casual_pay", 9 * 17280, hours=10**5, person="A") for _ in "12"]
    within = [line("casual_pay", 17280, hours=10**5, person="A", month="2010-09") for _ in "12"]
    findings = found(case(*within, *without), "K4.1.4")
    assert [(f.line, f.person, f.month) for f in findings] == [(None, "A", None), (None, "A", "2010-09")]


def test_a_rule_may_be_left_out():
    asked = case(line("stationery", 5, other_funds=1))
    assert [f.clause for f in evaluate(asked, LAW).findings] == ["K5.4"]
    assert evaluate(asked, LAW, without=frozenset({"chapter_5_principles.not_twice"})).findings == ()


@pytest.mark.parametrize(("on", "clauses"), [("2010-01-07", ["K6.1b"]), ("2010-01-08", [])])
def test_a_case_before_the_law_names_the_law_too(on, clauses):
    evaluation = evaluate(case(submitted_on=on), LAW)
    assert ([f.clause for f in evaluation.findings], evaluation.ruleset) == (clauses, LAW.sha256)


def test_totals():
    totals = evaluate(
        case(line("printing", 10, own_funds=2), line("meals", 20, other_funds=3), line("meals", None)), LAW
    ).totals
    assert (totals.requested, totals.own_funds, totals.other_funds) == (30, 2, 3)
    assert totals.by_item == {"printing": 10, "meals": 20}
    assert totals.by_group == {"operations": 30}


def test_a_share_is_shown_where_there_is_a_line_of_it():
    def shown(*lines):
        meters = evaluate(case(line("printing", 90200), *lines), LAW).totals.meters
        return {m.clause: (m.item, m.used, m.allowed, m.lenient) for m in meters}

    admin, labour = line("admin_overhead", 9000), line("hired_labour", 0, days=0)
    assert shown() == {}
    assert shown(admin) == {"K4.6.3a": ("admin_overhead", 9000, 9020, 10022)}
    assert shown(admin, labour) == shown(admin) | {"K4.1.5b": ("hired_labour", 0, 11022, 11022)}


class TestTrace:
    def test_parameters_read_and_the_bound_of_a_line_that_passes(self):
        evaluation = evaluate(case(line("lecturer_fee", 9600, hours=6, in_house=False)), LAW, trace=True)
        limits = [(x.clause, x.line, x.requested, x.allowed, x.arithmetic) for x in evaluation.limits]
        assert limits == [("K4.1.2", "1", 9600, 9600, "6 小時 × 1,600 = 9,600 元")]
        assert {"lecturer_fee.hourly", "admin_overhead.share"} <= set(evaluation.parameters_read)
        assert "film.per_minute" not in evaluation.parameters_read

    def test_a_finding_names_what_it_was_judged_by(self):
        findings = [f for f in evaluate(case(OVER), LAW, trace=True).findings if f.clause == "K4.1.2"]
        assert findings[0].parameters == ("lecturer_fee.hourly", "reading.cap_on")

    def test_wages_of_months_are_read_too(self):
        asked = case(line("casual_pay", 17290, hours=182, person="甲", month="2010-03"))
        assert "statutory.basic_wage.monthly" in evaluate(asked, LAW, trace=True).parameters_read

    def test_findings_are_the_same_with_and_without(self):
        asked = case(
            OVER, line("casual_pay", 17290, hours=182, person="甲", month="2010-03"), line("admin_overhead", 5)
        )
        bare, traced = evaluate(asked, LAW), evaluate(asked, LAW, trace=True)
        assert tuple(replace(f, parameters=()) for f in traced.findings) == bare.findings
        assert (bare.parameters_read, bare.limits) == ((), ())


class TestWaivers:
    def test_a_waived_clause_stays_in_view_and_blocks_no_more(self):
        findings = [
            f for f in evaluate(case(OVER), LAW, waived={"K4.1.2": "府社字第9號"}).findings if f.clause == "K4.1.2"
        ]
        assert [(f.severity, f.kind, f.over) for f in findings] == [("info", "waived", 600)]
        assert findings[0].message.endswith("（縣府以府社字第9號同意本案不受此限）")

    def test_a_waived_limit_offers_no_lower_amount(self):
        assert evaluate(case(OVER), LAW).tightest("1").suggested == 9600
        assert evaluate(case(OVER), LAW, waived={"K4.1.2": "府社字第9號"}).tightest("1") is None

    def test_other_clauses_are_untouched(self):
        findings = [
            f for f in evaluate(case(OVER), LAW, waived={"K4.1.1": "府社字第9號"}).findings if f.clause == "K4.1.2"
        ]
        assert [f.severity for f in findings] == ["error"]


class TestACrashingRuleHoldsTheCase:
    @pytest.fixture
    def crash(self, monkeypatch):
        rule = next(r for r in registry.rules() if r.name == "chapter_4_costs.lecturer_fee")

        def broken(ctx, the_line):
            raise ZeroDivisionError

        monkeypatch.setitem(registry._rules, rule.name, replace(rule, function=broken))
        registry.book.cache_clear()
        yield
        monkeypatch.undo()
        registry.book.cache_clear()

    def test_held_and_logged(self, crash, caplog):
        with caplog.at_level(logging.ERROR):
            findings = found(case(line("lecturer_fee", 1, hours=6, in_house=False)), "K4.1.2")
        assert [(f.severity, f.kind, f.line, f.requested) for f in findings] == [("error", "held", "1", 1)]
        assert findings[0].message == "這一條目前無法檢核，請聯絡縣府承辦人，不要自行更改金額。"
        assert [record.getMessage() for record in caplog.records] == ["rule chapter_4_costs.lecturer_fee crashed"]

    def test_the_others_go_on(self, crash):
        assert [f.over for f in found(case(OVER, line("expert_fee", 2001, sessions=1)), "K4.1.1")] == [1]

    def test_a_waiver_of_the_clause_does_not_let_it_pass_unseen(self, crash):
        held = [f for f in evaluate(case(OVER), LAW, waived={"K4.1.2": "府社字第9號"}).findings if f.clause == "K4.1.2"]
        assert [(f.severity, f.kind) for f in held] == [("error", "held")]


class TestStoredForm:
    def test_canonical_and_repeatable(self):
        asked = case(OVER, line("admin_overhead", 10**6))
        first, second = (evaluate(asked, LAW, trace=True).to_json() for _ in range(2))
        assert first == second
        written = json.loads(first)
        assert (written["ruleset"], written["findings"][0]["clause"]) == (LAW.sha256, "K4.1.2")
        again = evaluate(facts.from_dict(facts.to_dict(asked)), LAW, trace=True).to_json()
        assert again == first

    def test_dates_and_halves_are_written(self):
        written = json.loads(evaluate(case(submitted_on="2013-01-01"), LAW).to_json())
        late = next(f for f in written["findings"] if f["clause"] == "K6.1b")
        assert (late["requested"], late["allowed"]) == ("2013-01-01", "2012-12-31")
        aide = line("child_carer", 1, children=[{"age": 4}], hours_per_day=10.5, days_per_week=5, days=1)
        written = json.loads(evaluate(case(aide), LAW).to_json())
        assert [f["over"] for f in written["findings"] if f["clause"] == "K4.1.3.3b"] == [0.5]


def test_most_for_a_line_is_the_least_of_its_suggestions():
    evaluation = evaluate(case(line("elder_aide", 10001, persons=1, hours_per_day=5, days=20), elders=20), LAW)
    assert evaluation.most_for("1") == 8000
    assert evaluate(case(line("printing", 1)), LAW).most_for("1") is None


def test_without_leaves_a_rule_out():
    assert (
        evaluate(case(OVER, course=False), LAW, without=frozenset({"chapter_4_costs.lecturer_fee"})).of_line("1") == ()
    )


# What holds for every case

QUANTITIES = {
    "int": st.integers(0, 400),
    "number": st.integers(0, 80).map(lambda halves: halves / 2),
    "bool": st.booleans(),
    "children": st.lists(
        st.fixed_dictionaries({"age": st.integers(0, 9), "special_needs": st.booleans(), "own": st.booleans()}),
        max_size=6,
    ),
}


def answers_to(question):
    if question.type == "choice":
        return st.sampled_from([choice[0] for choice in question.choices])
    return QUANTITIES[question.type]


@st.composite
def lines(draw):
    item = catalogue.items()[draw(st.sampled_from(sorted(catalogue.items())))]
    values = {"item": item.code, "requested": draw(st.integers(0, 400_000))}
    values |= {q.key: draw(answers_to(q)) for q in item.quantities}
    if item.person:
        values["person"] = draw(st.sampled_from(["甲", "乙", None]))
        values["month"] = draw(st.sampled_from(["2010-05", "2011-02", None]))
    values["own_funds"] = draw(st.integers(0, 100))
    return values


BUDGETS = st.lists(lines(), min_size=1, max_size=6)
PLAN = {"programme": "elder_care_station", "elders": 25, "users": [{"age": 30}] * 25}


def judged(budget, numbers=None, rulings=()):
    lines_of_budget = [{"id": str(n), **each} for n, each in zip(numbers or range(len(budget)), budget, strict=True)]
    return found(case(*lines_of_budget, **PLAN), rulings=rulings)


def key(finding):
    return (
        finding.clause,
        finding.severity,
        finding.line,
        finding.person,
        finding.month,
        str(finding.over),
        finding.kind,
    )


@settings(max_examples=60)
@given(BUDGETS, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(budget, random):
    numbers = list(range(len(budget)))
    random.shuffle(numbers)
    shuffled = judged([budget[n] for n in numbers], numbers)
    assert sorted(map(key, judged(budget)), key=str) == sorted(map(key, shuffled), key=str)


@settings(max_examples=60)
@given(BUDGETS)
def test_taking_the_suggested_amount_removes_the_finding(budget):
    for finding in judged(budget):
        if finding.line is None or finding.unit != "TWD" or finding.suggested is None:
            continue
        place = int(finding.line)
        mended = [dict(each) for each in budget]
        mended[place]["requested"] = finding.suggested
        left = [
            f
            for f in judged(mended)
            if (f.clause, f.line, f.person, f.month) == (finding.clause, finding.line, finding.person, finding.month)
        ]
        assert not [
            f
            for f in left
            if f.kind == "limit" and f.unit == "TWD" and f.over and f.over > 0 and f.message == finding.message
        ]
        rate = [f for f in left if f.arithmetic == finding.arithmetic and f.arithmetic]
        assert rate == []


SHARES = {"K4.1.5b", "K4.6.3a"}


@settings(max_examples=60)
@given(BUDGETS, st.data())
def test_lowering_a_line_never_adds_a_rate_finding(budget, data):
    place = data.draw(st.integers(0, len(budget) - 1))
    lower = [dict(each) for each in budget]
    lower[place]["requested"] = data.draw(st.integers(0, budget[place]["requested"]))

    def rates(findings):
        return {(f.clause, f.line, f.person, f.month) for f in findings if f.unit == "TWD" and f.clause not in SHARES}

    # With one line left to lower, a person's month that no line named is named at that line.
    before = rates(judged(budget))
    assert {f for f in rates(judged(lower)) if f not in before and (f[0], None, *f[2:]) not in before} == set()


@settings(max_examples=60)
@given(lines(), st.data())
def test_a_blank_never_passes_a_cap(values, data):
    item = catalogue.items()[values["item"]]
    # A kind has no part in a cap: what is left blank there is asked and holds the filing (grants.queries.applications.completeness).
    asked = [q.key for q in item.quantities if q.type != "choice"]
    field = data.draw(st.sampled_from(asked or ["requested"]))
    blanks = [f for f in judged([{**values, field: None}]) if f.kind == "blank" and f.line == "0"]
    assert blanks
    assert {f.severity for f in blanks} == {"error"}


@settings(max_examples=40)
@given(BUDGETS)
def test_no_rule_crashes(budget):
    assert [f for f in judged(budget) if f.kind == "held"] == []


@given(st.dates(dt.date(2010, 1, 8), dt.date(2012, 12, 31)))
def test_every_day_of_the_scheme_can_be_judged(day):
    findings = found(case(OVER, submitted_on=day.isoformat()))
    assert [f for f in findings if f.kind == "held"] == []


@pytest.mark.parametrize("since", ["2010-03-14", "2010-03-15", "2010-03-16"])
def test_a_ruling_counts_from_its_day(since):
    findings = found(case(OVER), "K4.1.2", rulings=[ruling("lecturer_fee.hourly", 1700, since=since)])
    assert [f.over for f in findings] == ([600] if since == "2010-03-16" else [])
