"""What is proven of a rule: a question says which number it judges, and `prove` shows the four sentences of it.

1. Some amount always passes, and no amount is judged in two ways: what is offered (改為上限) is never below 0 and passes.
2. One more than what is offered does not pass.
3. Who asks for more is judged no milder.
4. Of more hours, days, people … no amount is judged more severely.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from grants.rules.findings import Finding
from grants.rules.registry import Rule
from grants.rules.ruleset import RuleSet
from tests.grants.proofs.facts import Make, Sides
from tests.grants.proofs.symbolic import Knowledge, Number, explore, number, possible

SEVERITY = {"info": 0, "warning": 1, "error": 2}
Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """`judged` is the number that the rule judges, `numbers` all numbers of the case with the parts in which each is
    counted. `more` may grow and must not harm. `offer` says what is offered where the finding itself does not.
    `about` leaves out findings of the rule's other sentences; `where` is what the question takes for granted,
    `readings` those that may be any.
    """

    make: Make
    numbers: Mapping[str, int]
    judged: str = "requested"
    more: tuple[str, ...] = ()
    least: bool = False
    exactly: bool = False
    readings: tuple[str, ...] = ()
    about: Callable[[Finding], bool] = lambda _: True
    offer: Callable[[Finding, Numbers, Sides], Any] = lambda hit, numbers, sides: hit.suggested
    where: Callable[[Numbers, Sides], tuple[z3.BoolRef, ...]] = lambda numbers, sides: ()


@dataclass
class Proof:
    """One question under proof; `ways` counts the ways that were followed."""

    rule: Rule
    law: RuleSet
    question: Question
    ways: int = 0

    def run(self) -> int:
        """Raise AssertionError where one of the sentences does not hold; return how many ways were followed."""
        known = self.known = Knowledge()
        self.sides = Sides(self.law, known, self.question.readings)
        numbers = {name: known.number(name, parts=parts) for name, parts in self.question.numbers.items()}
        self.second = {
            name: known.number(f"{name} again", parts=parts) for name, parts in self.question.numbers.items()
        }
        found = 0
        for way in self._explore(numbers):
            severity, offered = way.result
            found += bool(severity)
            for offer in offered:
                self._offered(numbers, way, number(offer))
            if not self.question.exactly:
                self._monotone(numbers, way, severity)
        assert found, "nothing is ever found"
        return self.ways

    def _explore(self, numbers: Numbers, conditions: tuple[z3.BoolRef, ...] = (), choices: Any = None) -> Any:
        question = self.question

        def judge() -> tuple[int, list[Any]]:
            hits = [
                hit
                for hit in self.sides.judge(self.rule, question.make(numbers))
                if _counts(hit) and question.about(hit)
            ]
            severities = {SEVERITY[hit.severity] for hit in hits}
            assert len(severities) < 2, f"judged in two ways: {hits}"
            return max(severities, default=0), [question.offer(hit, numbers, self.sides) for hit in hits]

        for way in explore(self.known, judge, (*conditions, *question.where(numbers, self.sides)), choices):
            self.ways += 1
            yield way

    def _offered(self, numbers: Numbers, way: Any, offer: Number) -> None:
        judged, question = self.question.judged, self.question
        assert not possible(self.known, [*way.conditions, offer.below(0)]), "less than nothing is offered"
        for after in self._explore({**numbers, judged: offer}, way.conditions, way.choices):
            assert after.result[0] == 0, f"what is offered does not pass: {after}"
        step = Fraction(1, question.numbers[judged])
        for beyond in (
            (offer - step) if question.least else offer + step,
            *([offer - step] if question.exactly else []),
        ):
            there = (*way.conditions, z3.Not(beyond.below(0)))
            if possible(self.known, list(there)):
                for after in self._explore({**numbers, judged: beyond}, there, way.choices):
                    assert after.result[0] > 0, f"one beyond what is offered passes: {after}"

    def _monotone(self, numbers: Numbers, way: Any, severity: int) -> None:
        judged, question = self.question.judged, self.question
        mine, again = numbers[judged], self.second[judged]
        if severity:
            farther = z3.Not(mine.below(again) if question.least else again.below(mine))
            for after in self._explore({**numbers, judged: again}, (*way.conditions, farther), way.choices):
                assert after.result[0] >= severity, f"milder beyond: {after}"
        for name in question.more if severity < 2 else ():
            larger = z3.Not(self.second[name].below(numbers[name]))
            for after in self._explore({**numbers, name: self.second[name]}, (*way.conditions, larger), way.choices):
                assert after.result[0] <= severity, f"more {name} harms: {after}"


def _counts(hit: Finding) -> bool:
    """Whether the finding is a limit: notices, and 條文是定額 of reading A9 (neither more nor less), are none."""
    return hit.severity != "info" and not hit.message.startswith("條文是定額")
