"""The questions of `manage.py check_cases`: plain dictionaries in, plain dictionaries out. Pure.

Raises facts.FactError with the case and the key for facts that cannot be used, and for a ruling that does not fit.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from grants.rules import catalogue, facts, payments
from grants.rules.engine import evaluate
from grants.rules.findings import Finding, plain
from grants.rules.readers import FactError, Reader, read_date
from grants.rules.ruleset import NoValue, RuleSet
from grants.rules.rulings import RulingError
from miaoli_kaohsiung.lib.roc_date import ad_year

# One result, as JSON types.
Answer = dict[str, Any]
IsWorkday = Callable[[dt.date], bool]

# Questions without a day of their own are judged by the law as it stands after the last ruling.
LAST_DAY = dt.date.max
COMMON = {"id", "ask", "rulings"}


def answer(case: Any, ruleset: RuleSet, is_workday: IsWorkday) -> Answer:
    """Return the result for one case: {"id", "findings"} or {"id", "values"}. `is_workday(day)` is the office calendar."""
    if not isinstance(case, dict):
        raise FactError("cases", "an object is needed")
    if isinstance(case.get("id"), bool) or not isinstance(case.get("id"), (str, int, type(None))):
        raise FactError("id", "text is needed")
    case_id = str(case.get("id", ""))
    try:
        ask = case.get("ask", "budget")
        if not isinstance(ask, str) or ask not in QUESTIONS:
            raise FactError("ask", f"unknown question {ask!r}")
        rulings = () if case.get("rulings") is None else case["rulings"]
        if not isinstance(rulings, (list, tuple)):
            raise FactError("rulings", "a list is needed")
        values = {key: value for key, value in case.items() if key not in COMMON}
        return {"id": case.get("id"), **QUESTIONS[ask](values, ruleset.with_rulings(rulings), is_workday)}
    except FactError as error:
        raise FactError(error.key, error.reason, case_id) from error
    except RulingError as error:
        raise FactError(error.key, error.reason, case_id) from error
    except NoValue as error:
        raise FactError("submitted_on", str(error), case_id) from error
    except (ValueError, OverflowError) as error:
        raise FactError("ask", f"beyond what can be counted ({error})", case_id) from error


def _budget(asked: dict[str, Any], ruleset: RuleSet, _: IsWorkday) -> Answer:
    case = facts.from_dict(asked)
    if case.project.programme not in catalogue.programmes(ruleset.slug):
        raise FactError("project.programme", f"unknown programme {case.project.programme!r}")
    return {"findings": [finding(f) for f in evaluate(case, ruleset).findings]}


def _instalments(asked: dict[str, Any], ruleset: RuleSet, _: IsWorkday) -> Answer:
    approved, on = _take(asked, approved=_amount, on=_day)
    plan = payments.instalments(approved, ruleset, on or LAST_DAY)
    return {"values": {"first": plan.first, "second": plan.second, "two_stage": plan.two_stage}}


def _settlement_due(asked: dict[str, Any], ruleset: RuleSet, is_workday: IsWorkday) -> Answer:
    completed_on, holidays = _take(asked, completed_on=_required_day, holidays=_days)
    due = payments.settlement_due(completed_on, lambda day: day not in holidays and is_workday(day), ruleset, LAST_DAY)
    return {"values": {"due_on": plain(due.on), "morning_only": due.morning_only}}


def _settlement(asked: dict[str, Any], ruleset: RuleSet, _: IsWorkday) -> Answer:
    approved, paid, eligible, executed, disallowed = _take(
        asked, approved=_amount, paid=_amount, eligible=_amount, executed=_flag, disallowed=_nothing_or_amount
    )
    done = payments.settlement(approved, paid, eligible, executed, disallowed, ruleset=ruleset)
    return {"values": {"payable": done.payable, "refund": done.refund}}


def _sanction(asked: dict[str, Any], ruleset: RuleSet, _: IsWorkday) -> Answer:
    event, approved_end, decided_on = _take(asked, event=_event, approved_end=_day, decided_on=_day)
    # A ruling may make the bar of K7.3e a whole year, which is counted from the decision.
    whole_year = ruleset.value("reading.next_application", LAST_DAY, "lenient") == "whole_year"
    if approved_end is None and event == "not_executed":
        raise FactError("approved_end", "a date is needed")
    if decided_on is None and (event == "not_executed" or whole_year):
        raise FactError("decided_on", "a date is needed")
    ban = payments.sanction(event, approved_end, decided_on, ruleset, decided_on or LAST_DAY)
    if ban.next_application:
        return {"values": {"next_application": True}}
    return {"values": {"barred_from": plain(ban.barred_from), "barred_to": plain(ban.barred_to)}}


def _surcharge(asked: dict[str, Any], ruleset: RuleSet, _: IsWorkday) -> Answer:
    attendees, payers, cost, on = _take(asked, attendees=_amount, payers=_amount, monthly_cost=_amount, on=_day)
    return {"values": {"extra": payments.surcharge(attendees, payers, cost, ruleset, on or LAST_DAY).extra}}


def _envelope(asked: dict[str, Any], ruleset: RuleSet, _: IsWorkday) -> Answer:
    year, so_far, total, on = _take(asked, year=_amount, approved_so_far=_amount, total=_amount, on=_day)
    found = payments.envelope(ad_year(year), so_far, total, ruleset, on)
    return {"findings": [finding(f) for f in found]}


QUESTIONS = {
    "budget": _budget,
    "instalments": _instalments,
    "settlement_due": _settlement_due,
    "settlement": _settlement,
    "sanction": _sanction,
    "surcharge": _surcharge,
    "envelope": _envelope,
}


def finding(found: Finding) -> Answer:
    """Return a finding as check_cases prints it."""
    keys = (
        "clause",
        "severity",
        "line",
        "person",
        "month",
        "requested",
        "allowed",
        "over",
        "suggested",
        "unit",
        "message",
    )
    return {key: plain(getattr(found, key)) for key in keys}


def _take(asked: Mapping[str, Any], **readers: Reader) -> list[Any]:
    """Return the values of the keys in the order of the readers; refuse a key that no reader knows."""
    for key in asked:
        if key not in readers:
            raise FactError(key, "unknown key")
    return [read(key, asked.get(key)) for key, read in readers.items()]


def _amount(key: str, value: Any) -> int:
    if type(value) is not int or value < 0:
        raise FactError(key, "a whole number of 0 or more is needed")
    return value


def _nothing_or_amount(key: str, value: Any) -> int:
    return 0 if value is None else _amount(key, value)


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise FactError(key, "true or false is needed")
    return value


def _day(key: str, value: Any) -> dt.date | None:
    return None if value is None else read_date(key, value)


def _required_day(key: str, value: Any) -> dt.date:
    return read_date(key, value)


def _days(key: str, value: Any) -> set[dt.date]:
    if not isinstance(value, (list, tuple, type(None))):
        raise FactError(key, "a list is needed")
    return {read_date(f"{key}[{place}]", day) for place, day in enumerate(value or ())}


def _event(key: str, value: Any) -> str:
    if not isinstance(value, str) or value not in ("not_executed", "misuse"):
        raise FactError(key, f"unknown value {value!r}")
    return value
