"""Every rule that judges a number is proven, for every number and every ruling that may set its limits."""

import inspect
import os
import re

import pytest

pytest.importorskip("z3")

from grants.rules import engine
from grants.rules.registry import Rule, rules
from grants.rules.ruleset import RuleSet
from tests.grants.proofs.proving import Proof
from tests.grants.proofs.questions import ONE_BY_ONE, QUESTIONS
from tests.grants.proofs.symbolic import unknown_numbers
from tests.grants.rules import test_miaoli
from tests.grants.rules.build import LAW

assert engine
# The first question of each rule in `make test`, all of them in `make soak`.
SOAK = bool(os.environ.get("SOAK"))
# Those that take Z3 more than a second stand in `make soak` alone.
SLOW = {"chapter_4_costs.child_carer", "chapter_4_costs.elder_aide", "chapter_4_costs.elder_aide_day"}
RULES = {rule.name: rule for rule in rules()}
# What a rule calls, or gives a finding, when it holds a number against a limit.
NUMERIC = re.compile(
    r"\b(money_cap|rate|at_most|at_least|minimum|judge|_ratio|_share|_below_statutory|_over)\(|\bover=|TWD|<|>"
)
# These compare only to know whether there is anything at all, or which of two days is earlier.
COMPARE_ONLY = {
    "chapter_3_programmes.assessments",
    "chapter_6_application.months_before_filing",
    "plan.fresh_profile",
    "plan.assembly_was_held",
    "plan.within_the_year",
}


def law_of(rule: Rule) -> RuleSet:
    return LAW if rule.law == LAW.slug else test_miaoli.FILED


def test_no_rule_with_a_number_is_without_its_proof():
    written = {name: inspect.getsource(inspect.unwrap(rule.function)) for name, rule in RULES.items()}
    numeric = {name for name, text in written.items() if NUMERIC.search(re.sub(r'"[^"\n]*"|->', "", text))}
    assert numeric - COMPARE_ONLY - {*QUESTIONS, *ONE_BY_ONE} == set()
    assert {*QUESTIONS, *ONE_BY_ONE} - set(RULES) == set()
    assert COMPARE_ONLY - numeric == set()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (name, place)
        for name, questions in QUESTIONS.items()
        for place in range(len(questions) if SOAK else name not in SLOW)
    ],
)
def test_a_limit_has_no_gap_is_monotone_and_is_offered_exactly(name, place, monkeypatch):
    with unknown_numbers(monkeypatch):
        assert Proof(RULES[name], law_of(RULES[name]), QUESTIONS[name][place]).run() > 2
