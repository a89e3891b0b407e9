"""A case as the rules see it: rows of the database become plain facts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from grants.models import Application, BudgetLine
from grants.queries import joint
from grants.queries.applications import other_cases
from grants.queries.health import last_assembly
from grants.rules import catalogue, facts, laws, names, readers
from grants.rules.filed.tables import asks_for
from grants.rules.ruleset import load
from miaoli_kaohsiung.accounts.counties import name_of

_ANSWER_KINDS = {"int", "number", "money"}
# The stages at which an office looks. Only then other bodies' cases are searched for a person of the same name, so that
# no applicant reads of another's case.
BEYOND = ("approval",)
# A law with this parameter may ask for the yearly assembly.
ASSEMBLY_REQUIRED = "governance.assembly_required"


def facts_for(
    case: Application,
    *,
    stage: str,
    on: dt.date,
    amounts: Mapping[int, int] | None = None,
    lines: Iterable[BudgetLine] | None = None,
) -> facts.Case:
    """Return the case as the rules see it on the day. `amounts` (line id → whole NT dollars) replaces the requested
    amounts; `lines` replaces the stored lines with typed ones that are not saved. At most four queries read other
    cases.
    """
    rows = list(case.lines.all() if lines is None else lines)
    townships = other_cases.township_names({*case.service_area, case.organisation.township_id or ""})
    others = other_cases.others_this_year(case, on)
    values = {
        "id": case.number,
        "submitted_on": on.isoformat(),
        "stage": stage,
        "organisation": organisation_facts(case, townships, others, on),
        "project": _project(case, townships),
        "lines": [line_facts(row, amounts) for row in rows],
        "elsewhere": _elsewhere(case, rows, _of_programme(others, case.programme.code), beyond=stage in BEYOND),
    }
    return facts.from_dict(values)


def project_facts(case: Application) -> dict[str, Any]:
    """Return what the steps of the form write and the law reads: the plan, its answers and its papers."""
    return _project(case, other_cases.township_names({*case.service_area}))


def _of_programme(others: list[other_cases.OtherCase], code: str) -> int:
    return sum(other.programme == code for other in others)


def organisation_facts(
    case: Application, townships: Mapping[str, str], others: list[other_cases.OtherCase], on: dt.date
) -> dict[str, Any]:
    body, bars = case.organisation, other_cases.bars(case, on)
    return {
        "kind": body.kind,
        "county": body.registration_county or name_of(body.county, body.registered_on or dt.date.min),
        "township": townships.get(body.township_id or "", ""),
        "nonprofit": body.nonprofit,
        "last_service_on": body.last_service_on,
        "manpower_grant": body.manpower_grant,
        "applications_this_year": len(others),
        "asked_this_year": sum(other.amount for other in others if other.scheme == case.scheme_id),
        "late_settlements": other_cases.late_settlements(case, on),
        "bars": [
            {"starts_on": start, "ends_on": end, "decision": number, "clause": clause}
            for start, end, number, clause in bars.bans
        ],
        "barred_next_time": bars.this_time,
        "tier": body.current_tier or None,
        "profile_updated_on": body.profile_updated_on,
        "assembly_held_on": _assembly(case),
    }


def _assembly(case: Application) -> dt.date | None:
    """Return when the last assembly on record was held. Read only where the law may ask: it costs a query."""
    if ASSEMBLY_REQUIRED not in load(case.scheme.ruleset).parameters:
        return None
    return last_assembly(case.organisation_id)


def _project(case: Application, townships: Mapping[str, str]) -> dict[str, Any]:
    text = "\n".join(part for part in (case.goal, case.content, case.beneficiaries, case.outcome) if part)
    known = catalogue.questions()
    answers = {key: answer(known[key], value) for key, value in case.answers.items() if key in known}
    return {
        "programme": case.programme.code,
        "starts_on": case.starts_on,
        "ends_on": case.ends_on,
        "service_area": [townships.get(code, code) for code in case.service_area],
        "documents": [document.kind for document in case.documents.all()],
        "title": case.title,
        "text": text,
        # Read only where the law asks: it costs a query.
        "township_first": asks_for("township_first", laws.data_of(case.scheme.ruleset)) and case.terms.township_first,
        **answers,
        # What is known of an alliance stands in the place of what was answered.
        **joint.facts_of(case),
    }


def answer(question: catalogue.Question, stored: Any) -> Any:
    """Return a stored answer as a fact: halves are kept as text ("1.5") and become exact numbers; "" is a blank, and so is
    what an older form asked for in another shape or with another choice, which is asked anew.
    """
    if stored in ("", None, []) or not _fits(question, stored):
        return None
    if question.type in _ANSWER_KINDS:
        return readers.quantity(stored)
    if question.type == "list":
        kinds = {key: kind for key, _label, kind in question.columns}
        return [
            {key: readers.quantity(part) if kinds[key] in _ANSWER_KINDS else part for key, part in row.items()}
            for row in stored
        ]
    return stored


def _fits(question: catalogue.Question, stored: Any) -> bool:
    """Return whether a stored answer has the shape in which the question is asked today."""
    options = {key for key, _label in question.choices}
    match question.type:
        case "bool":
            return isinstance(stored, bool)
        case "choices":
            return isinstance(stored, list) and options.issuperset(part for part in stored if isinstance(part, str))
        case "list":
            columns = {key for key, _label, _kind in question.columns}
            return isinstance(stored, list) and all(isinstance(row, dict) and columns.issuperset(row) for row in stored)
        case "choice":
            return isinstance(stored, str) and stored in options
        case "int" | "number" | "money":
            return _is_number(stored)
    return isinstance(stored, str)


def _is_number(stored: Any) -> bool:
    try:
        readers.quantity(stored)
    except ValueError:
        return False
    return True


def line_facts(row: BudgetLine, amounts: Mapping[int, int] | None) -> dict[str, Any]:
    item = catalogue.items()[row.item]
    kinds = {quantity.key: quantity.type for quantity in (*item.quantities, *item.details)}
    values = {
        key: readers.quantity(value) if kinds[key] in _ANSWER_KINDS else value
        for key, value in row.quantities.items()
        if key in kinds and value not in ("", None, [])
    }
    requested = row.requested if amounts is None else amounts.get(row.pk, row.requested)
    return (
        values
        | _whose(names.people(row.person), tuple(filter(None, row.month.split(","))))
        | {
            "id": str(row.pk),
            "item": row.item,
            "requested": requested,
            "own_funds": row.own_funds,
            "other_funds": row.other_funds,
            "unit_price": row.unit_price,
            "employment": row.employment,
            "description": row.description,
        }
    )


def _whose(people: tuple[str, ...], months: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields for one person and one month, or the lists for several."""
    return {
        "person": people[0] if len(people) == 1 else None,
        "people": people if len(people) > 1 else None,
        "month": months[0] if len(months) == 1 else None,
        "service_months": months if len(months) > 1 else None,
    }


def _elsewhere(case: Application, rows: list[BudgetLine], same_programme: int, *, beyond: bool) -> dict[str, Any]:
    people = {names.folded(name) for row in rows for name in names.people(row.person)}
    months = {month for row in rows for month in row.month.split(",") if month}
    aides = any(row.item == other_cases.AIDE_ITEM for row in rows)
    held = other_cases.held_lines(case, people if months else set(), aides=aides, beyond=beyond)
    paid = [line for line in held if line["amount"] and (line["own"] or beyond)]
    return {
        "person_months": [part for line in paid for part in _person_months(line, people, months)],
        "community_aides": sum(_heads(line) for line in held if line["near"] and line["item"] == other_cases.AIDE_ITEM),
        "same_programme": same_programme,
    }


def _person_months(line: Mapping[str, Any], people: set[str], months: set[str]) -> list[dict[str, Any]]:
    """Return what a line of another case pays to these people in these months, each an equal part of it."""
    paid, worked = names.people(line["person"]), [month for month in line["month"].split(",") if month]
    shared = {"amount": line["amount"], "item": line["item"], "parts": len(paid) * len(worked)}
    if not line["own"]:
        shared["case"] = line["number"]
    return [
        {"person": name, "month": month, **shared}
        for name in paid
        for month in worked
        if names.folded(name) in people and month in months
    ]


def _heads(line: Mapping[str, Any]) -> int:
    """Return the number of aides on a line of another case: none if the line was cut to nothing, one if the number is
    blank.
    """
    if line["amount"] == 0:
        return 0
    heads = readers.quantity(line["quantities"].get("persons") or max(1, len(names.people(line["person"]))))
    assert heads is not None
    return int(heads)
