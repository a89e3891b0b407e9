"""The only bridge between the cases and the law: models → facts → rules → findings."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from communities.models import Organisation
from grants.compliance.facts import facts_for, line_facts, organisation_facts, project_facts
from grants.compliance.rulesets import canonical, ruleset_for, ruleset_with, rulings_of
from grants.enums import RulingStatus
from grants.models import Application, BudgetLine, Programme, Scheme
from grants.queries.applications import other_cases
from grants.rules import automatic, engine, facts
from grants.rules.findings import WARNING, Evaluation, Finding
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.accounts.counties import names_of
from miaoli_kaohsiung.lib import clock

# A case without lines, as short as `facts.from_dict` accepts.
_EMPTY = {
    "submitted_on": "2010-01-08",
    "organisation": {"kind": "civic_group"},
    "project": {"programme": "welfare_survey"},
}


@dataclass(frozen=True)
class Judgement:
    """An evaluation with everything that it rests on, so that it can be stored and replayed."""

    evaluation: Evaluation
    case: facts.Case
    ruleset: RuleSet
    rulings: tuple[dict[str, Any], ...]
    waived: Mapping[str, str]
    on: dt.date


def judge(
    case: Application,
    *,
    stage: str,
    on: dt.date | None = None,
    amounts: Mapping[int, int] | None = None,
    lines: Iterable[BudgetLine] | None = None,
) -> Judgement:
    """Return what the law of the day says of the case, with the inputs. `stage` is draft, submission, approval,
    settlement.
    """
    day = on or clock.today()
    case_facts = facts_for(case, stage=stage, on=day, amounts=amounts, lines=lines)
    rulings = rulings_of(case.scheme, day)
    ruleset = ruleset_with(case.scheme.ruleset, canonical(rulings), day)
    waived = waived_clauses(case)
    evaluation = engine.evaluate(case_facts, ruleset, trace=True, waived=waived)
    return Judgement(evaluation, case_facts, ruleset, tuple(rulings), waived, day)


def judge_again(judged: Judgement, lines: Iterable[BudgetLine]) -> Judgement:
    """Judge the same case with other figures in its lines, while somebody types. Reads nothing again."""
    rows = tuple(facts.from_dict({**_EMPTY, "lines": [line_facts(row, None) for row in lines]}).lines)
    changed = replace(judged.case, lines=rows)
    evaluation = engine.evaluate(changed, judged.ruleset, trace=True, waived=judged.waived)
    return replace(judged, evaluation=evaluation, case=changed)


def judge_saved(judged: Judgement, case: Application) -> Judgement:
    """Judge a case of which a step of its form was saved since: the plan, its answers and its papers as `case` has them
    now, everything else as `judged` found it. Reads no other case, ruling or waiver again.
    """
    read = facts.from_dict({**_EMPTY, "project": project_facts(case)})
    changed = replace(judged.case, project=read.project)
    evaluation = engine.evaluate(changed, judged.ruleset, trace=True, waived=judged.waived)
    return replace(judged, evaluation=evaluation, case=changed)


def judge_trial(programme: Programme, lines: Iterable[BudgetLine]) -> Judgement:
    """Judge a budget that belongs to nobody (the public calculator), as if an ordinary association of the county
    applied today. Nothing is stored; one query.
    """
    scheme, day = programme.scheme, clock.today()
    body = {"kind": "community_association", "county": names_of(scheme.county)[0]}
    trial = facts.from_dict(
        {
            "submitted_on": day.isoformat(),
            "stage": "draft",
            "organisation": body,
            "project": {"programme": programme.code},
            "lines": [line_facts(row, None) for row in lines],
        }
    )
    rulings = rulings_of(scheme, day)
    ruleset = ruleset_with(scheme.ruleset, canonical(rulings), day)
    found = engine.evaluate(trial, ruleset, trace=True)
    return Judgement(found, trial, ruleset, tuple(rulings), {}, day)


def judge_start(body: Organisation, scheme: Scheme, codes: Iterable[str], area: str) -> dict[str, Evaluation]:
    """Return by programme what the law says of the body before it has entered anything, as if it worked in the township
    `area` (a code, or ""). A few queries for any number of programmes.
    """
    day = clock.today()
    case = Application(organisation=body, scheme=scheme)
    names = other_cases.township_names({area, body.township_id or ""})
    asks = organisation_facts(case, names, other_cases.others_this_year(case, day), day)
    ruleset = ruleset_for(scheme, day)
    values = {"submitted_on": day.isoformat(), "stage": "draft", "organisation": asks, "lines": []}
    project = {"service_area": [names[area]] if area else []}
    return {
        code: engine.evaluate(facts.from_dict(values | {"project": project | {"programme": code}}), ruleset)
        for code in codes
    }


def following(case: Application, lines: Iterable[BudgetLine]) -> dict[int, int]:
    """Return line id → amount for each line of the draft that follows the other items (`BudgetLine.follows`). Two
    queries, none if no line follows.
    """
    rows, body, day = list(lines), case.organisation, clock.today()
    if not any(row.follows for row in rows):
        return {}
    values = {
        "submitted_on": day.isoformat(),
        "stage": "draft",
        "organisation": {"kind": body.kind, "manpower_grant": body.manpower_grant},
        "project": {"programme": case.programme.code, "starts_on": case.starts_on, "ends_on": case.ends_on},
        "lines": [line_facts(row, None) for row in rows],
    }
    ruleset = ruleset_for(case.scheme, day)
    return _amounts(facts.from_dict(values), ruleset, rows, waived_clauses(case))


def following_again(judged: Judgement, lines: Iterable[BudgetLine]) -> dict[int, int]:
    """Return the same for lines of a case that was judged already. Reads nothing again."""
    rows = list(lines)
    if not any(row.follows for row in rows):
        return {}
    parts = tuple(facts.from_dict({**_EMPTY, "lines": [line_facts(row, None) for row in rows]}).lines)
    return _amounts(replace(judged.case, lines=parts), judged.ruleset, rows, judged.waived)


def _amounts(case: facts.Case, ruleset: RuleSet, rows: list[BudgetLine], waived: Mapping[str, str]) -> dict[int, int]:
    chosen = [str(row.pk) for row in rows if row.follows]
    return {int(key): amount for key, amount in automatic.amounts(case, ruleset, chosen, waived).items()}


def evaluate(
    case: Application, *, stage: str, on: dt.date | None = None, amounts: Mapping[int, int] | None = None
) -> Evaluation:
    """Return the findings alone; use `judge` if they are to be stored."""
    return judge(case, stage=stage, on=on, amounts=amounts).evaluation


def waived_clauses(case: Application) -> dict[str, str]:
    """Return the clauses waived for this case → the number of the memo that another officer confirmed."""
    confirmed = [row for row in case.waivers.all() if row.status == RulingStatus.CONFIRMED]
    return {row.clause: row.memo_number for row in sorted(confirmed, key=lambda row: (row.clause, row.pk))}


def unreasoned(case: Application, evaluation: Evaluation) -> list[Finding]:
    """Return the warnings that have no written reason yet."""
    given = {(row.clause, str(row.line_id) if row.line_id else None) for row in case.justifications.all() if row.text}
    return [f for f in evaluation.findings if f.severity == WARNING and (f.clause, f.line) not in given]


def blocking(case: Application, judged: Judgement) -> list[Finding]:
    """Return what blocks filing: errors, unless waived, and warnings without a written reason."""
    warnings = [f for f in unreasoned(case, judged.evaluation) if f.clause not in judged.waived]
    return [*judged.evaluation.errors, *warnings]
