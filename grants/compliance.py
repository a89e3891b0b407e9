"""The only bridge between the cases and the law: models → facts → rules → findings, and the stored evaluation."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from communities.models import Organisation
from grants.enums import RulingStatus
from grants.models import Application, BudgetLine, LawText, Programme, Scheme, StoredEvaluation
from grants.queries import other_cases
from grants.rules import automatic, catalogue, engine, facts, names, readers
from grants.rules.findings import WARNING, Evaluation, Finding
from grants.rules.ruleset import RuleSet, from_files, load, name_of
from miaoli_kaohsiung.lib import clock

_ANSWER_KINDS = {"int", "number", "money"}
# Stages at which the offices look: only then cases of other bodies are looked at for a person of the same name, so that
# no applicant reads of another's case.
BEYOND = ("approval",)
# A case without lines, as small as `facts.from_dict` takes it.
_EMPTY = {
    "submitted_on": "2010-01-08",
    "organisation": {"kind": "civic_group"},
    "project": {"programme": "welfare_survey"},
}


class LostLawError(LookupError):
    """The law text that an evaluation was made by is not the loaded one and not kept, or was changed since."""


@dataclass(frozen=True)
class Judgement:
    """An evaluation with all that it rests on, so that it can be stored and replayed."""

    evaluation: Evaluation
    case: facts.Case
    ruleset: RuleSet
    rulings: tuple[dict[str, Any], ...]
    waived: Mapping[str, str]
    on: dt.date


def ruleset_for(scheme: Scheme, on: dt.date) -> RuleSet:
    """The filed law with the county's confirmed rulings in effect on the day laid over. One query."""
    return _ruleset(scheme.ruleset, canonical(rulings_of(scheme, on)))


def rulings_of(scheme: Scheme, on: dt.date) -> list[dict[str, Any]]:
    """The confirmed rulings in effect on the day, as `RuleSet.with_rulings` reads them, oldest first."""
    rows = [row for row in scheme.rulings.all() if row.status == RulingStatus.CONFIRMED and row.effective_from <= on]
    return [
        {"parameter": row.parameter, "from": row.effective_from.isoformat(), **row.value, "memo": row.memo_number}
        for row in sorted(rows, key=lambda row: (row.effective_from, row.pk))
    ]


@lru_cache(maxsize=64)
def _ruleset(slug: str, rulings: str) -> RuleSet:
    return load(slug).with_rulings(json.loads(rulings))


def facts_for(
    case: Application,
    *,
    stage: str,
    on: dt.date,
    amounts: Mapping[int, int] | None = None,
    lines: Iterable[BudgetLine] | None = None,
) -> facts.Case:
    """The case as the rules see it on the day. `amounts` (line id → whole NT dollars) stands in for what was asked;
    `lines` for lines that are typed but not saved. At most four queries look at other cases.
    """
    rows = list(case.lines.all() if lines is None else lines)
    townships = other_cases.township_names({*case.service_area, case.organisation.township_id or ""})
    others = other_cases.others_this_year(case, on)
    values = {
        "id": case.number,
        "submitted_on": on.isoformat(),
        "stage": stage,
        "organisation": _organisation(case, townships, len(others), on),
        "project": _project(case, townships),
        "lines": [_line(row, amounts) for row in rows],
        "elsewhere": _elsewhere(case, rows, others.count(case.programme.code), beyond=stage in BEYOND),
    }
    return facts.from_dict(values)


def judge(
    case: Application,
    *,
    stage: str,
    on: dt.date | None = None,
    amounts: Mapping[int, int] | None = None,
    lines: Iterable[BudgetLine] | None = None,
) -> Judgement:
    """What the law of the day says of the case, with the inputs. `stage` is draft, submission, approval, settlement."""
    day = on or clock.today()
    case_facts = facts_for(case, stage=stage, on=day, amounts=amounts, lines=lines)
    rulings = rulings_of(case.scheme, day)
    ruleset = _ruleset(case.scheme.ruleset, canonical(rulings))
    waived = waived_clauses(case)
    evaluation = engine.evaluate(case_facts, ruleset, trace=True, waived=waived)
    return Judgement(evaluation, case_facts, ruleset, tuple(rulings), waived, day)


def judge_again(judged: Judgement, lines: Iterable[BudgetLine]) -> Judgement:
    """The same case with other figures in its lines, for a check while somebody types: nothing is read again."""
    rows = tuple(facts.from_dict({**_EMPTY, "lines": [_line(row, None) for row in lines]}).lines)
    changed = replace(judged.case, lines=rows)
    evaluation = engine.evaluate(changed, judged.ruleset, trace=True, waived=judged.waived)
    return replace(judged, evaluation=evaluation, case=changed)


def judge_trial(programme: Programme, lines: Iterable[BudgetLine]) -> Judgement:
    """A budget that belongs to nobody (the public calculator): an ordinary association of the county asks today.
    Nothing is stored; one query.
    """
    scheme, day = programme.scheme, clock.today()
    body = {"kind": "community_association", "county": str(scheme.get_county_display())}
    trial = facts.from_dict(
        {
            "submitted_on": day.isoformat(),
            "stage": "draft",
            "organisation": body,
            "project": {"programme": programme.code},
            "lines": [_line(row, None) for row in lines],
        }
    )
    rulings = rulings_of(scheme, day)
    ruleset = _ruleset(scheme.ruleset, canonical(rulings))
    found = engine.evaluate(trial, ruleset, trace=True)
    return Judgement(found, trial, ruleset, tuple(rulings), {}, day)


def judge_start(body: Organisation, scheme: Scheme, codes: Iterable[str], area: str) -> dict[str, Evaluation]:
    """What the law says of the body, by programme, before it has written anything: as if it worked in the township
    `area` (a code, or ""). A few queries however many programmes.
    """
    day = clock.today()
    case = Application(organisation=body, scheme=scheme)
    names = other_cases.township_names({area, body.township_id or ""})
    asks = _organisation(case, names, len(other_cases.others_this_year(case, day)), day)
    ruleset = ruleset_for(scheme, day)
    values = {"submitted_on": day.isoformat(), "stage": "draft", "organisation": asks, "lines": []}
    project = {"service_area": [names[area]] if area else []}
    return {
        code: engine.evaluate(facts.from_dict(values | {"project": project | {"programme": code}}), ruleset)
        for code in codes
    }


def following(case: Application, lines: Iterable[BudgetLine]) -> dict[int, int]:
    """Line id → the amount of each line that follows the other items (`BudgetLine.follows`), as the draft stands. Two
    queries, and none where no line follows.
    """
    rows, body, day = list(lines), case.organisation, clock.today()
    if not any(row.follows for row in rows):
        return {}
    values = {
        "submitted_on": day.isoformat(),
        "stage": "draft",
        "organisation": {"kind": body.kind, "manpower_grant": body.manpower_grant},
        "project": {"programme": case.programme.code, "starts_on": case.starts_on, "ends_on": case.ends_on},
        "lines": [_line(row, None) for row in rows],
    }
    ruleset = _ruleset(case.scheme.ruleset, canonical(rulings_of(case.scheme, day)))
    return _amounts(facts.from_dict(values), ruleset, rows, waived_clauses(case))


def following_again(judged: Judgement, lines: Iterable[BudgetLine]) -> dict[int, int]:
    """The same for lines of a case that was judged already: nothing is read again."""
    rows = list(lines)
    if not any(row.follows for row in rows):
        return {}
    parts = tuple(facts.from_dict({**_EMPTY, "lines": [_line(row, None) for row in rows]}).lines)
    return _amounts(replace(judged.case, lines=parts), judged.ruleset, rows, judged.waived)


def _amounts(case: facts.Case, ruleset: RuleSet, rows: list[BudgetLine], waived: Mapping[str, str]) -> dict[int, int]:
    chosen = [str(row.pk) for row in rows if row.follows]
    return {int(key): amount for key, amount in automatic.amounts(case, ruleset, chosen, waived).items()}


def evaluate(
    case: Application, *, stage: str, on: dt.date | None = None, amounts: Mapping[int, int] | None = None
) -> Evaluation:
    """The findings alone; use `judge` where they are to be stored."""
    return judge(case, stage=stage, on=on, amounts=amounts).evaluation


def store_evaluation(case: Application, stage: str, judged: Judgement) -> StoredEvaluation:
    """Keep the evaluation with its inputs and the law's text for good; `replay` makes the same bytes of it again."""
    keep_text(judged.ruleset)
    result = judged.evaluation.to_json()
    return StoredEvaluation.objects.create(
        application=case,
        stage=stage,
        on=judged.on,
        at=clock.now(),
        ruleset=case.scheme.ruleset,
        ruleset_sha256=judged.ruleset.sha256,
        rulings=list(judged.rulings),
        facts={"case": facts.to_dict(judged.case), "waived": dict(judged.waived)},
        result=json.loads(result),
        result_sha256=hashlib.sha256(result).hexdigest(),
    )


def keep_text(ruleset: RuleSet) -> None:
    """Keep the law files of the rule set once. Of two who keep the same text at the same time, one does."""
    if not LawText.objects.filter(pk=ruleset.text_sha256).exists():
        row = LawText(sha256=ruleset.text_sha256, slug=ruleset.slug, files=ruleset.files, kept_at=clock.now())
        LawText.objects.bulk_create([row], ignore_conflicts=True)


def law_of(stored: StoredEvaluation) -> RuleSet:
    """The rule set that the evaluation was made by: the loaded law, or a kept text. Raises LostLawError."""
    loaded = _ruleset(stored.ruleset, canonical(stored.rulings))
    if loaded.sha256 == stored.ruleset_sha256:
        return loaded
    for sha256 in LawText.objects.filter(slug=stored.ruleset).values_list("sha256", flat=True):
        if name_of(sha256, stored.rulings) == stored.ruleset_sha256:
            kept = _kept(stored.ruleset, canonical(LawText.objects.get(pk=sha256).files), canonical(stored.rulings))
            if kept is None or kept.sha256 != stored.ruleset_sha256:
                raise LostLawError(f"the kept law text {sha256[:12]} was changed or cannot be read")
            return kept
    raise LostLawError(f"the law text of rule set {stored.ruleset_sha256[:12]} is not kept")


@lru_cache(maxsize=64)
def _kept(slug: str, files: str, rulings: str) -> RuleSet | None:
    """The rule set of texts read from the database; None where they cannot be read as law files."""
    try:
        return from_files(slug, json.loads(files)).with_rulings(json.loads(rulings))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def replay(stored: StoredEvaluation) -> tuple[bool, str]:
    """Whether today's code makes the same bytes of the stored facts and their law; and if not, what differs."""
    try:
        ruleset = law_of(stored)
    except LostLawError as lost:
        return False, str(lost)
    case, waived = facts.from_dict(stored.facts["case"]), stored.facts["waived"]
    result = engine.evaluate(case, ruleset, trace=True, waived=waived).to_json()
    if hashlib.sha256(result).hexdigest() != stored.result_sha256:
        return False, "the findings differ"
    if result.decode() != canonical(stored.result):
        return False, "the stored findings were changed"
    return True, ""


def canonical(value: Any) -> str:
    """JSON that is always written the same way, as `Evaluation.to_json` writes it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def waived_clauses(case: Application) -> dict[str, str]:
    """Clauses that the county lets this one case off → the number of the memo that another officer confirmed."""
    confirmed = [row for row in case.waivers.all() if row.status == RulingStatus.CONFIRMED]
    return {row.clause: row.memo_number for row in sorted(confirmed, key=lambda row: (row.clause, row.pk))}


def unreasoned(case: Application, evaluation: Evaluation) -> list[Finding]:
    """The warnings that have no written reason yet."""
    given = {(row.clause, str(row.line_id) if row.line_id else None) for row in case.justifications.all() if row.text}
    return [f for f in evaluation.findings if f.severity == WARNING and (f.clause, f.line) not in given]


def blocking(case: Application, judged: Judgement) -> list[Finding]:
    """What stands in the way of filing: errors (waived ones are none), and warnings without a written reason."""
    warnings = [f for f in unreasoned(case, judged.evaluation) if f.clause not in judged.waived]
    return [*judged.evaluation.errors, *warnings]


def _organisation(case: Application, townships: Mapping[str, str], others: int, on: dt.date) -> dict[str, Any]:
    body, bars = case.organisation, other_cases.bars(case, on)
    return {
        "kind": body.kind,
        "county": body.registration_county or body.get_county_display(),
        "township": townships.get(body.township_id or "", ""),
        "nonprofit": body.nonprofit,
        "last_service_on": body.last_service_on,
        "manpower_grant": body.manpower_grant,
        "applications_this_year": others,
        "late_settlements": other_cases.late_settlements(case, on),
        "bars": [
            {"starts_on": start, "ends_on": end, "decision": number, "clause": clause}
            for start, end, number, clause in bars.bans
        ],
        "barred_next_time": bars.this_time,
        "tier": body.current_tier or None,
        "profile_updated_on": body.profile_updated_on,
    }


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
        **answers,
    }


def answer(question: catalogue.Question, stored: Any) -> Any:
    """A stored answer as a fact: halves are kept as text ("1.5") and become exact numbers; "" is a blank."""
    if stored in ("", None, []):
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


def _line(row: BudgetLine, amounts: Mapping[int, int] | None) -> dict[str, Any]:
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
    """One person and one month stand for themselves, several in lists."""
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
    """What a line of another case pays to these people in these months, each an equal part of it."""
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
    """Aides on a line of another case; one that was cut to nothing holds none, a blank number counts as one."""
    if line["amount"] == 0:
        return 0
    return int(readers.quantity(line["quantities"].get("persons") or max(1, len(names.people(line["person"])))))
