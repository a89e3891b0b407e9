"""What the officer must tick or refuse before a decision: the papers of 陸二 and the R clauses of the rule set."""

from dataclasses import dataclass

from grants import compliance
from grants.enums import Verdict
from grants.models import Application, ChecklistAnswer
from grants.rules import catalogue
from miaoli_kaohsiung.lib import clock


@dataclass(frozen=True)
class Item:
    """One question; `key` is what ChecklistAnswer.item keeps, `given` says for a paper whether one is attached."""

    key: str
    text: str
    clause: str
    help: str = ""
    given: bool | None = None


def items_for(case: Application) -> list[Item]:
    """All items of the case under the law of today, papers first. Five queries or so, whatever the size of the case."""
    facts = compliance.facts_for(case, stage="approval", on=case.filed_on or clock.today())
    attached = set(facts.project.documents or ())
    papers = [
        Item(f"doc:{paper.code}", paper.name, paper.clause, paper.help, paper.code in attached)
        for paper in catalogue.documents_for(facts)
    ]
    return papers + _clause_items(case)


def _clause_items(case: Application) -> list[Item]:
    ruleset = compliance.ruleset_for(case.scheme, case.filed_on or clock.today())
    about = {case.programme.code, *(line.item for line in case.lines.all())}
    return [
        Item(clause.id, clause.checklist, clause.id, clause.explanation)
        for clause in ruleset.clauses.values()
        if clause.checklist and "R" in clause.enforcement and (not clause.applies or about.intersection(clause.applies))
    ]


def answers_of(case: Application) -> dict[str, ChecklistAnswer]:
    return {answer.item: answer for answer in case.checklist.all()}


def pending(case: Application) -> list[str]:
    """What still waits for an answer, in words: checklist items, then written reasons."""
    answered = {key for key, answer in answers_of(case).items() if answer.verdict != Verdict.PENDING}
    open_items = [item.text for item in items_for(case) if item.key not in answered]
    reasons = case.justifications.filter(verdict=Verdict.PENDING).exclude(text="")
    return open_items + [f"{clause} {text[:20]}" for clause, text in reasons.values_list("clause", "text")]
