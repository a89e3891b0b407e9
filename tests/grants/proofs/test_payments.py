"""The arithmetic of 柒 and 捌 for every amount: instalments, settlement, the +20 %, the envelopes. What is said of a payment is shown
of each way that its code can take, so no amount is paid twice, lost, or asked back that was never paid.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("z3")

import z3

from grants.rules import payments
from tests.grants.proofs.symbolic import Knowledge, Number, explore, number, pick, possible, unknown_numbers
from tests.grants.rules.build import LAW

ON = dt.date(2010, 6, 1)


@dataclass
class Terms:
    """The law with some of its terms left open: a number of `open_terms`, or a reading of `readings`, may be any."""

    open_terms: dict[str, Any]
    readings: dict[str, list[str]]
    parameters = LAW.parameters

    def value(self, name: str, on: dt.date, side: str = "") -> Any:
        if name in self.readings:
            return pick(name, self.readings[name])
        return self.open_terms[name] if name in self.open_terms else LAW.value(name, on, side)

    def cite(self, role: str) -> str:
        return LAW.cite(role)

    def parameter(self, name: str) -> Any:
        return LAW.parameter(name)


@pytest.fixture
def known(monkeypatch):
    with unknown_numbers(monkeypatch):
        yield Knowledge()


def whole(value: Any) -> Any:
    return number(value).whole


def ways(known: Knowledge, run: Any, *assumed: Any) -> list[Any]:
    found = list(explore(known, run, assumed))
    assert len(found) > 1
    return found


def holds(known: Knowledge, way: Any, *sentences: Any) -> None:
    """Raise AssertionError unless each sentence holds on this way, for every number."""
    for sentence in sentences:
        assert not possible(known, [*way.conditions, z3.Not(sentence)]), sentence


def least(one: Any, other: Any) -> Any:
    return z3.If(one < other, one, other)


@pytest.mark.parametrize("share", [(1, 2), (1, 3), (3, 5), (1, 1)])
def test_two_instalments_are_the_award_and_one_is_none(known, share):
    approved, threshold = known.number("approved"), known.number("threshold")
    terms = Terms(
        {"instalment.threshold": threshold, "instalment.first_share": share},
        {"instalment.at_threshold": ["two_stage", "one_stage"], "rounding.instalment": ["floor", "half_up"]},
    )
    both = set()
    for way in ways(known, lambda: payments.instalments(approved, terms, ON)):
        made, total = way.result, approved.whole
        both.add(made.two_stage)
        first, second = whole(made.first), whole(made.second)
        if not made.two_stage:
            holds(known, way, first == 0, second == 0, total <= threshold.whole)
            continue
        holds(known, way, first >= 0, second >= 0, first + second == total, total >= threshold.whole)
        # The first is the share of it, to less than a dollar.
        top, bottom = share
        holds(known, way, first * bottom < total * top + bottom, total * top - bottom < first * bottom)
    assert both == {True, False}


def numbers_of_an_account(known: Knowledge) -> tuple[Number, ...]:
    """What was approved, paid, found eligible, misused and brought back: never more came back than was paid."""
    names = "approved", "paid", "eligible", "disallowed", "returned"
    found = tuple(known.number(name) for name in names)
    known.facts.append(found[4].whole <= found[1].whole)
    return found


def test_an_account_pays_what_is_admitted_and_never_more_than_approved(known):
    approved, paid, eligible, disallowed, returned = numbers_of_an_account(known)
    run = lambda: payments.settlement(approved, paid, eligible, True, disallowed, returned, ruleset=LAW)  # noqa: E731
    for way in ways(known, run):
        done, held = way.result, whole(paid - returned)
        payable, refund, accepted = whole(done.payable), whole(done.refund), whole(done.accepted)
        admitted = z3.If(eligible.whole > disallowed.whole, eligible.whole - disallowed.whole, 0)
        holds(
            known,
            way,
            accepted == least(approved.whole, admitted),
            # The second instalment is min(approved, admitted) less what is held; below 0 it is what comes back.
            payable == z3.If(accepted > held, accepted - held, 0),
            refund == z3.If(held > accepted, held - accepted, 0),
            held + payable - refund == accepted,
            z3.Or(payable == 0, refund == 0),
            # Nothing comes back that was not paid; nothing beyond the award is paid, whatever was paid before.
            returned.whole + refund <= paid.whole,
            z3.Implies(held <= approved.whole, held + payable <= approved.whole),
            z3.Implies(held > approved.whole, payable == 0),
        )


def test_a_surcharge_moves_the_award_and_the_account_alike(known):
    """As `queries.payments.settled` asks it: what is borne on top is paid in full where all of the award is used."""
    approved, paid, eligible, disallowed, returned = numbers_of_an_account(known)
    extra = known.number("extra")

    def run() -> tuple[Any, Any]:
        plain = payments.settlement(approved, paid, eligible, True, disallowed, returned, ruleset=LAW)
        more = (approved + extra, paid, eligible + extra, True, disallowed, returned)
        return plain, payments.settlement(*more, ruleset=LAW)

    for way in ways(known, run):
        plain, more = way.result
        gained = whole(more.accepted - plain.accepted)
        used_up = z3.Implies(eligible.whole >= disallowed.whole, gained == extra.whole)
        holds(known, way, gained >= 0, gained <= extra.whole, used_up)
        holds(known, way, whole(more.payable - plain.payable) >= 0, whole(plain.refund - more.refund) >= 0)


def test_more_that_is_admitted_never_pays_less_and_more_that_was_misused_never_more(known):
    approved, paid, eligible, disallowed, returned = numbers_of_an_account(known)
    admitted, misused = known.number("eligible again"), known.number("disallowed again")
    grown = (admitted.whole >= eligible.whole, misused.whole <= disallowed.whole)

    def run() -> tuple[Any, Any]:
        one = payments.settlement(approved, paid, eligible, True, disallowed, returned, ruleset=LAW)
        return one, payments.settlement(approved, paid, admitted, True, misused, returned, ruleset=LAW)

    for way in ways(known, run, *grown):
        one, other = way.result
        holds(known, way, whole(other.payable - one.payable) >= 0, whole(one.refund - other.refund) >= 0)


def test_a_project_not_carried_out_brings_back_all_that_is_held(known):
    approved, paid, _eligible, _disallowed, returned = numbers_of_an_account(known)
    run = lambda: payments.settlement(approved, paid, 0, False, returned=returned, ruleset=LAW)  # noqa: E731
    for way in ways(known, run):
        done = way.result
        holds(known, way, whole(done.payable) == 0, whole(done.refund) == whole(paid - returned))


def test_a_revoked_award_keeps_what_was_paid_less_what_was_misused(known):
    """As `queries.payments.revoked` asks it, before any voucher was judged."""
    _approved, paid, _eligible, misused, returned = numbers_of_an_account(known)
    run = lambda: payments.settlement(paid, paid, paid, disallowed=misused, returned=returned, ruleset=LAW)  # noqa: E731
    for way in ways(known, run):
        done, owed = way.result, least(misused.whole, paid.whole) - returned.whole
        holds(known, way, whole(done.refund) == z3.If(owed > 0, owed, 0))


def test_what_is_not_paid_cannot_have_come_back(known):
    paid, returned = known.number("paid"), known.number("returned")
    known.facts.append(returned.whole > paid.whole)

    def run() -> str:
        try:
            payments.settlement(1, paid, 1, returned=returned, ruleset=LAW)
        except ValueError:
            return "refused"
        return "reckoned"

    assert {way.result for way in explore(known, run)} == {"refused"}


def test_the_surcharge_is_a_fifth_of_the_month_from_half_who_pay(known):
    attendees, payers, cost = (known.number(name) for name in ("attendees", "payers", "cost"))
    run = lambda: payments.surcharge(attendees, payers, cost, LAW, ON).extra  # noqa: E731
    for way in ways(known, run):
        extra = whole(way.result)
        earned = z3.And(attendees.whole > 0, payers.whole * 2 >= attendees.whole)
        fifth = z3.And(extra * 5 <= cost.whole, cost.whole < extra * 5 + 5)
        holds(known, way, z3.If(earned, fifth, extra == 0))


@pytest.mark.parametrize("own", [False, True])
def test_an_envelope_lets_pass_what_fits_and_not_a_dollar_more(known, own):
    so_far, total, most = (known.number(name) for name in ("so far", "total", "most"))

    def found() -> Any:
        if own:
            return payments.unit_envelope(most, so_far, total, LAW)
        return payments.envelope(2010, so_far, total, LAW, ON, entered=most)

    for way in ways(known, found):
        over = so_far.whole + total.whole > most.whole
        if not way.result:
            holds(known, way, z3.Not(over))
            continue
        (hit,) = way.result
        offered = whole(hit.suggested)
        # What is offered fits, one dollar more does not; if nothing fits any more, nothing is offered.
        fits = so_far.whole + offered <= most.whole
        last = so_far.whole + offered + 1 > most.whole
        holds(known, way, over, offered >= 0, z3.If(so_far.whole <= most.whole, z3.And(fits, last), offered == 0))
        holds(known, way, whole(hit.over) == so_far.whole + total.whole - most.whole)
