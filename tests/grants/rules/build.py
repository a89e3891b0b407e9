"""Cases for the tests of the law: as the command reads them, with a blameless default."""

from grants.rules import facts
from grants.rules.engine import evaluate
from grants.rules.ruleset import load

LAW = load("kaohsiung_88")
ORGANISATION = {"kind": "community_association", "county": "高雄縣", "township": "旗山鎮"}
PROJECT = {
    "programme": "growth_prevention",
    "starts_on": "2010-04-01",
    "ends_on": "2010-09-30",
    "service_area": ["旗山鎮"],
}


def case(*lines, submitted_on="2010-03-15", stage="submission", organisation=None, elsewhere=None, **project):
    """A facts.Case; `project` fields are named as in the command's files, lines are dictionaries without ids."""
    return facts.from_dict(
        {
            "id": "case",
            "submitted_on": submitted_on,
            "stage": stage,
            "organisation": {**ORGANISATION, **(organisation or {})},
            "project": {**PROJECT, **project},
            "lines": [{"id": str(number), **line} for number, line in enumerate(lines, 1)],
            "elsewhere": elsewhere or {},
        }
    )


def line(item, requested, **more):
    return {"item": item, "requested": requested, **more}


def found(the_case, *clauses, rulings=(), law=LAW):
    """Errors and warnings of these clauses (of all where none is named), in the engine's order."""
    evaluation = evaluate(the_case, law.with_rulings(rulings))
    return [f for f in evaluation.findings if f.severity != "info" and (not clauses or f.clause in clauses)]


def brief(the_case, *clauses, rulings=()):
    """(severity, over, suggested) of the findings of these clauses."""
    return [(f.severity, f.over, f.suggested) for f in found(the_case, *clauses, rulings=rulings)]


def ruling(parameter, value=None, since="2010-01-08", **sides):
    return {"parameter": parameter, "from": since, "memo": "府社字第1號", **(sides or {"value": value})}


def ruled(name, value, **more):
    return LAW.with_rulings([ruling(name, value, **more)])
