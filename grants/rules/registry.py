"""Which functions carry which clauses. A rule is registered by its decorator, for the law in whose folder it lies.

A line rule is called as rule(ctx, line) for each line of its items, a case rule as rule(ctx); both return findings (any
iterable, or None). The clauses named are all those that the rule may cite: the tests compare them with the law files,
and a rule that crashes holds the case under the first of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from grants.rules.findings import Found
from grants.rules.laws import law_of

R = TypeVar("R", bound=Callable[..., Found])


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    law: str
    clauses: tuple[str, ...]
    function: Callable[..., Found]
    items: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a law, ready to be looked up by item and by programme."""

    by_item: dict[str, tuple[Rule, ...]]
    everywhere: tuple[Rule, ...]
    by_programme: dict[str, tuple[Rule, ...]]


_rules: dict[str, Rule] = {}


def line_rule(*clauses: str, items: str) -> Callable[[R], R]:
    """Register a rule for every line of these items (a text of codes)."""
    return _register(clauses, frozenset(items.split()), frozenset())


def case_rule(*clauses: str, programmes: str = "") -> Callable[[R], R]:
    """Register a rule for the whole case, of these programmes (a text of codes) or of all."""
    return _register(clauses, frozenset(), frozenset(programmes.split()))


def _register(clauses: tuple[str, ...], items: frozenset[str], programmes: frozenset[str]) -> Callable[[R], R]:
    def decorate(function: R) -> R:
        name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        if name in _rules:
            raise ValueError(f"two rules are named {name}")
        _rules[name] = Rule(name, law_of(function.__module__), clauses, function, items, programmes)
        return function

    return decorate


def rules() -> tuple[Rule, ...]:
    return tuple(_rules.values())


@cache
def book(law: str, without: frozenset[str] = frozenset()) -> Book:
    """Return the rules of a law; `without` leaves some out by name, for tests that must notice."""
    return shelved(tuple(r for r in _rules.values() if r.law == law and r.name not in without))


def shelved(chosen: tuple[Rule, ...]) -> Book:
    """Return these rules as a book."""
    by_item: dict[str, list[Rule]] = {}
    by_programme: dict[str, list[Rule]] = {}
    for rule in chosen:
        for item in rule.items:
            by_item.setdefault(item, []).append(rule)
        for programme in rule.programmes:
            by_programme.setdefault(programme, []).append(rule)
    return Book(
        {item: tuple(found) for item, found in by_item.items()},
        tuple(r for r in chosen if not r.items and not r.programmes),
        {programme: tuple(found) for programme, found in by_programme.items()},
    )
