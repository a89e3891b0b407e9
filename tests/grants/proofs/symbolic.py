"""Numbers that stand for any number, and every way that a function may take with them.

`explore` runs a function again and again, each time another way: where the code asks whether one number is above
another, Z3 is asked which answers can be, and each of them is followed. Sums and comparisons are exact. A product of two
unknown numbers is left open but for what the proofs need: it is not negative, and grows with its factors. Whatever is
proven with so little holds of real products too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

_MUL = z3.Function("product", z3.IntSort(), z3.IntSort(), z3.IntSort())


class Undecided(AssertionError):
    """Z3 gave no answer in its time."""


class Knowledge:
    """What is known of the unknown numbers of one proof: their bounds, and what products and quotients are."""

    def __init__(self) -> None:
        self.facts: list[z3.BoolRef] = []
        self._products: dict[tuple[int, int], tuple[z3.ArithRef, z3.ArithRef, z3.ArithRef]] = {}
        self._quotients: dict[tuple[int, int], tuple[z3.ArithRef, ...]] = {}

    def number(self, name: str, least: int = 0, parts: int = 1) -> Number:
        """Return an unknown number of `least` or more, counted in so many parts of one."""
        unknown = z3.Int(name)
        self.facts.append(unknown >= least * parts)
        return Number(unknown, parts)

    def product(self, one: z3.ArithRef, other: z3.ArithRef) -> z3.ArithRef:
        if one.get_id() > other.get_id():
            one, other = other, one
        key = one.get_id(), other.get_id()
        if key not in self._products:
            made = _MUL(one, other)
            self.facts.append(z3.Implies(z3.And(one >= 0, other >= 0), made >= 0))
            for left, right, known in self._products.values():
                for shared, mine in ((one, other), (other, one)):
                    for theirs, also in ((left, right), (right, left)):
                        if shared.eq(theirs):
                            self._grows(shared, (mine, made), (also, known))
            self._products[key] = one, other, made
        return self._products[key][2]

    def _grows(self, shared: z3.ArithRef, one: tuple[Any, Any], other: tuple[Any, Any]) -> None:
        for (low, least), (high, most) in ((one, other), (other, one)):
            self.facts.append(z3.Implies(z3.And(shared >= 0, low <= high), least <= most))
            self.facts.append(z3.Implies(z3.And(shared >= 0, low < high), least + shared <= most))

    def quotient(self, whole: z3.ArithRef, parts: z3.ArithRef | int) -> z3.ArithRef:
        """Return the quotient rounded down; `parts` is above 0."""
        divisor = z3.IntVal(parts) if isinstance(parts, int) else parts
        key = whole.get_id(), divisor.get_id()
        if key not in self._quotients:
            made = z3.Int(f"quotient_{len(self._quotients)}")
            times = made * divisor if isinstance(parts, int) else self.product(made, divisor)
            self.facts += [times <= whole, whole < times + divisor, z3.Implies(whole >= 0, made >= 0)]
            # The parts of the key are kept, so that no other term gets their names.
            self._quotients[key] = made, whole, divisor
        return self._quotients[key][0]


@dataclass(frozen=True)
class Path:
    """One way through the code: what must be so for it to be taken, the choices made on it, and what came out."""

    conditions: tuple[z3.BoolRef, ...]
    choices: dict[str, Any]
    result: Any


class _Run:
    def __init__(
        self, known: Knowledge, assumed: tuple[z3.BoolRef, ...], choices: dict[str, Any], way: list[int]
    ) -> None:
        self.known, self.way, self.place = known, way, 0
        self.conditions, self.choices = list(assumed), dict(choices)
        self.other_ways: list[list[int]] = []
        self.solver, self.said, self.held = _solver(), 0, 0

    def can_be(self, condition: z3.BoolRef) -> bool:
        """Return whether it can be so beside all that is known and was decided on this way."""
        self.solver.add(*self.known.facts[self.said :], *self.conditions[self.held :])
        self.said, self.held = len(self.known.facts), len(self.conditions)
        self.solver.push()
        self.solver.add(condition)
        answer = _answer(self.solver)
        self.solver.pop()
        return answer

    def choose(self, options: list[Any]) -> Any:
        """Return an option that no way has taken yet from here."""
        return options[self._place(lambda: list(range(len(options))))]

    def ask(self, condition: z3.BoolRef) -> bool:
        """Return whether it is so: each answer that can be is followed. What is known already is not asked again."""
        refused = z3.Not(condition)
        for known in self.conditions:
            if known.eq(condition) or known.eq(refused):
                return bool(known.eq(condition))
        answer = self._place(lambda: self._answers(condition, refused))
        self.conditions.append(condition if answer else refused)
        return bool(answer)

    def _answers(self, condition: z3.BoolRef, refused: z3.BoolRef) -> list[int]:
        if not self.can_be(condition):
            return [0]
        return [1, 0] if self.can_be(refused) else [1]

    def _place(self, open_ways: Callable[[], list[int]]) -> int:
        if self.place == len(self.way):
            taken, *others = open_ways()
            self.other_ways += [[*self.way, other] for other in others]
            self.way.append(taken)
        self.place += 1
        return self.way[self.place - 1]


_run: _Run | None = None


def _now() -> _Run:
    assert _run is not None, "an unknown number outside of explore"
    return _run


def possible(known: Knowledge, conditions: list[z3.BoolRef]) -> bool:
    """Return whether all conditions can be true at once."""
    solver = _solver()
    solver.add(*known.facts, *conditions)
    return _answer(solver)


def _solver() -> z3.Solver:
    solver = z3.Solver()
    solver.set("timeout", 120_000)
    return solver


def _answer(solver: z3.Solver) -> bool:
    answer = solver.check()
    if answer == z3.unknown:
        raise Undecided(solver.reason_unknown())
    return bool(answer == z3.sat)


def explore(
    known: Knowledge,
    run: Callable[[], Any],
    assumed: tuple[z3.BoolRef, ...] = (),
    choices: dict[str, Any] | None = None,
) -> Iterator[Path]:
    """Yield every way that `run` can take under what is assumed."""
    global _run
    ways: list[list[int]] = [[]]
    while ways:
        _run = _Run(known, assumed, choices or {}, ways.pop())
        try:
            result = run()
            path = Path(tuple(_run.conditions), _run.choices, result)
            ways += _run.other_ways
        finally:
            _run = None
        yield path


def pick(name: str, options: list[Any]) -> Any:
    """Return one of the options, the same one for a name as long as a way lasts; each is followed."""
    run = _now()
    if name not in run.choices:
        run.choices[name] = run.choose(options)
    return run.choices[name]


def ask(condition: z3.BoolRef) -> bool:
    """Return whether it is so: each answer that can be is followed."""
    return _now().ask(condition)


class Number:
    """An exact number that stands for any number: `whole` in so many `parts` of one."""

    __slots__ = ("parts", "whole")

    def __init__(self, whole: Any, parts: int = 1) -> None:
        self.whole, self.parts = whole, parts

    @property
    def numerator(self) -> Number:
        return Number(self.whole)

    @property
    def denominator(self) -> int:
        return self.parts

    def __add__(self, other: Any) -> Number:
        other = number(other)
        return Number(_times(self.whole, other.parts) + _times(other.whole, self.parts), self.parts * other.parts)

    def __neg__(self) -> Number:
        return Number(-self.whole, self.parts)

    def __sub__(self, other: Any) -> Number:
        return self + -number(other)

    def __rsub__(self, other: Any) -> Number:
        return number(other) + -self

    def __mul__(self, other: Any) -> Number:
        other = number(other)
        plain = z3.is_int_value(self.whole) or z3.is_int_value(other.whole)
        whole = z3.simplify(self.whole * other.whole) if plain else _now().known.product(self.whole, other.whole)
        return Number(whole, self.parts * other.parts)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: int) -> Number:
        return Number(self.whole, self.parts * other)

    def __floordiv__(self, other: Any) -> Number:
        if isinstance(other, int):
            return Number(_now().known.quotient(self.whole, other * self.parts)) if other * self.parts > 1 else self
        assert self.parts == other.parts == 1
        return Number(_now().known.quotient(self.whole, other.whole))

    def __rfloordiv__(self, other: Any) -> Number:
        return number(other) // self

    def __mod__(self, other: int) -> Number:
        return self - (self // other) * other

    def __abs__(self) -> Number:
        return -self if self < 0 else self

    def _against(self, other: Any) -> tuple[Any, Any]:
        other = number(other)
        return _times(self.whole, other.parts), _times(other.whole, self.parts)

    def below(self, other: Any) -> z3.BoolRef:
        mine, theirs = self._against(other)
        return mine < theirs

    def same(self, other: Any) -> z3.BoolRef:
        mine, theirs = self._against(other)
        return mine == theirs

    def __lt__(self, other: Any) -> bool:
        return ask(self.below(other))

    def __ge__(self, other: Any) -> bool:
        return not self < other

    def __gt__(self, other: Any) -> bool:
        return ask(number(other).below(self))

    def __le__(self, other: Any) -> bool:
        return not self > other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (int, Fraction, Number)) and ask(self.same(other))

    def __bool__(self) -> bool:
        return ask(z3.Not(self.same(0)))

    __hash__ = object.__hash__

    def __float__(self) -> float:
        return 0.5

    def __format__(self, spec: str) -> str:
        return "#"

    __str__ = __repr__ = lambda self: "#"


def _times(whole: Any, parts: int) -> Any:
    return whole if parts == 1 else whole * parts


def number(value: Any) -> Number:
    if isinstance(value, Number):
        return value
    exact = Fraction(value)
    return Number(z3.IntVal(exact.numerator), exact.denominator)


def plain(value: Any) -> Any:
    """Stand in for int where the number is unknown: what is rounded already stays as it is."""
    return value if isinstance(value, Number) else int(value)


def ratio(numerator: Any = 0, denominator: Any = None) -> Any:
    """Stand in for Fraction where one of the numbers is unknown."""
    if not isinstance(numerator, Number):
        return Fraction(numerator, denominator)
    return numerator if denominator is None else numerator / denominator


@contextmanager
def unknown_numbers(patch: Any) -> Iterator[None]:
    """Let the modules of the rules count with unknown numbers: only what they take for a number is widened."""
    from grants.rules import bounds, facts, payments
    from grants.rules.filed import caps, conditions
    from grants.rules.kaohsiung_88 import chapter_4_costs, chapter_4_sums, chapter_4_wages, chapter_5_principles
    from miaoli_kaohsiung.lib import money

    whole = money._is_whole
    with patch.context() as within:
        for module in (bounds, facts, caps, conditions, chapter_4_costs, chapter_4_sums, chapter_4_wages):
            if hasattr(module, "Fraction"):
                within.setattr(module, "Fraction", ratio)
        within.setattr(caps, "int", plain, raising=False)
        within.setattr(conditions, "int", plain, raising=False)
        within.setattr(payments, "_money", _not_negative)
        # What a line of one unit costs is its price.
        within.setattr(chapter_5_principles, "line_cost", lambda line: line.unit_price)
        within.setattr(money, "_is_whole", lambda value: isinstance(value, Number) or whole(value))
        yield


def _not_negative(amount: Any) -> Any:
    if amount < 0:
        raise ValueError("an amount is 0 or more")
    return amount
