"""Every kind of cap and condition that a law written as data may have, for every number that may stand in it."""

import datetime as dt
import os

import pytest

pytest.importorskip("z3")

from grants.rules.filed import shape
from tests.grants.proofs.filed import FILED, OF_SHARES, ONE_BY_ONE, SHARES
from tests.grants.proofs.proving import Proof
from tests.grants.proofs.symbolic import unknown_numbers
from tests.grants.proofs.test_one_by_one import days, turns
from tests.grants.rules import filing_laws
from tests.grants.rules.filing_laws import case, found

SOAK = bool(os.environ.get("SOAK"))
EVERY_SHARE = range(1, 100) if SOAK else SHARES
# Those that take Z3 about a second stand in `make soak` alone.
SLOW = {"per_unit below", "per_unit rounded by a ruling", "per_person_month of two"}


def test_no_kind_with_a_number_is_without_its_proof():
    numeric = {kind.name for kind in (*shape.CAPS, *shape.CONDITIONS) if {"int", "ratio", "date"} & {*kind.parameter}}
    shown = {row.kind for row in FILED.values()} | {made(50).kind for made in OF_SHARES.values()}
    assert numeric == shown | ONE_BY_ONE


@pytest.mark.parametrize("name", [name for name in FILED if SOAK or name not in SLOW])
def test_a_limit_of_a_law_in_data_has_no_gap_and_is_offered_exactly(name, monkeypatch):
    with FILED[name].law() as (rule, law), unknown_numbers(monkeypatch):
        assert Proof(rule, law, FILED[name].question).run() > 1


@pytest.mark.parametrize("name", OF_SHARES)
def test_a_share_has_no_gap_and_is_offered_exactly(name, monkeypatch):
    for share in EVERY_SHARE:
        row = OF_SHARES[name](share)
        with row.law() as (rule, law), unknown_numbers(monkeypatch):
            assert Proof(rule, law, row.question).run() > 1


DAY = dt.date(2010, 6, 1)


def window(edge, exclusive, **judged):
    rule = f'[[condition]]\nkind = "window"\nclause = "ZZ1"\nedge = "{edge}"\nparameter = "a.limit"\n'
    files = filing_laws.small(
        rule + ("exclusive = true\n" if exclusive else ""), filing_laws.parameter("a.limit", "2010-06-01", "date")
    )
    with filing_laws.known(files) as law:
        return [
            (day, found(law, case(**{key: make(day) for key, make in judged.items()}), "ZZ1") == [])
            for day in days(DAY - dt.timedelta(days=40), 80)
        ]


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize(
    ("edge", "judged", "later"),
    [
        ("filing_from", {"on": str}, 0),
        ("filing_until", {"on": str}, 1),
        ("starts_from", {"project": lambda day: {"starts_on": str(day), "ends_on": "2010-12-31"}}, 0),
        ("ends_until", {"project": lambda day: {"starts_on": "2010-01-01", "ends_on": str(day)}}, 1),
    ],
)
def test_a_window_turns_once_at_its_day(edge, judged, later, exclusive):
    answers = window(edge, exclusive, **judged)
    # A first day opens on it, or the day after; a last day closes after it, or on it.
    moved = exclusive if later == 0 else not exclusive
    assert turns(answers) == [DAY + dt.timedelta(days=int(moved))]
    assert answers[0][1] is bool(later)


@pytest.mark.parametrize(("exclusive", "least"), [(False, 30), (True, 31)])
def test_days_before_the_start_turn_once(exclusive, least):
    rule = '[[condition]]\nkind = "days_before_start"\nclause = "ZZ1"\nparameter = "a.limit"\n'
    rule += "exclusive = true\n" if exclusive else ""
    with filing_laws.known(filing_laws.small(rule, filing_laws.parameter("a.limit", "30"))) as law:
        answers = [
            (before, found(law, case(on="2010-06-01", project={"starts_on": str(DAY + dt.timedelta(days=before)), "ends_on": "2010-12-31"})) == [])
            for before in range(80)
        ]  # fmt: skip
    assert turns(answers) == [least]
