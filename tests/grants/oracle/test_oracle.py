"""The engine and the oracle agree on every random case: 2,000 here, 100,000 in `make soak`."""

import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from grants.rules import ask, facts
from grants.rules.engine import evaluate
from grants.rules.findings import TWD, plain
from tests.grants.oracle import cases, payments
from tests.grants.oracle.broken import Broken
from tests.grants.oracle.judge import CLAUSES, MONEY, WHO, judge, lawful
from tests.grants.oracle.sums import Case
from tests.grants.rules.build import LAW

SOAK = bool(os.environ.get("SOAK"))
# Five parts, so that a difference says its seed and both processes of a run have some.
PARTS, BUDGETS, PAYMENTS = 5, 18_000 if SOAK else 360, 2_000 if SOAK else 40
# Clauses that speak of one line: the line must be the same. Of sums over lines the figures must be.
OF_A_LINE = MONEY | {"K3.I.5.1a", "K4.1.3.3b", "K4.1.3.3c", "K4.3.4", "K5.4"} - {"K4.1.3.1", "K4.1.3.2a"}


def engine(case: Case) -> tuple[list[Broken], Any]:
    """What the engine finds, in the oracle's words."""
    evaluation = evaluate(facts.from_dict(case), LAW)
    found, who = [], False
    for hit in evaluation.findings:
        if hit.severity == "info":
            continue
        if hit.clause in WHO:
            who = True
        elif hit.clause in CLAUSES:
            found.append(_words(hit))
    return [*found, *([Broken("K2", "error")] if who else [])], evaluation


def _words(hit: Any) -> Broken:
    over, most = (-1 if figure is None else plain(figure) for figure in (hit.over, hit.suggested))
    return Broken(hit.clause, hit.severity, hit.line or "", over, most)


def counted(found: list[Broken]) -> Counter[tuple[Any, ...]]:
    return Counter((f.clause, f.severity, f.about if f.clause in OF_A_LINE else "", f.over, f.most) for f in found)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_budget_breaks_what_the_text_says_and_nothing_else(part: int) -> None:
    chance = Random(part)
    for number in range(BUDGETS):
        case = cases.budget(chance, f"{part}-{number}")
        expected = judge(case)
        found, evaluation = engine(case)
        assert counted(found) == counted(expected), case
        for line, most in lawful(case).items():
            offered = [f.suggested for f in evaluation.of_line(line) if f.unit == TWD and f.severity != "info"]
            assert most in offered, case


@pytest.mark.parametrize("part", range(PARTS))
def test_the_money_of_an_award_is_what_the_text_says(part: int) -> None:
    chance = Random(part)
    for _ in range(PAYMENTS):
        question = cases.money(chance)
        answer = ask.answer(question, LAW, lambda day: day.weekday() < 5)
        if question["ask"] == "envelope":
            assert [f["over"] for f in answer["findings"]] == [f.over for f in payments.envelope(question)], question
        elif question["ask"] == "settlement_due":
            assert answer["values"]["due_on"] == payments.settlement_due(question).isoformat(), question
        else:
            assert answer["values"] == getattr(payments, question["ask"])(question), question


def test_random_cases_reach_every_clause() -> None:
    """A clause that no random case breaks would be compared with nothing."""
    chance, reached = Random(1), set()
    for number in range(600):
        reached |= {hit.clause for hit in judge(cases.budget(chance, str(number)))}
    assert {*CLAUSES, "K2"} - reached == set()


def test_the_oracle_reads_nothing_of_the_engine() -> None:
    written = [path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")]
    assert [path.name for path in written if "grants.rules" in path.read_text("utf-8")] == []
    assert len(written) == 8
