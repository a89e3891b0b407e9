"""What the officer must tick or refuse before a decision: the papers of 陸二 and the R clauses of the rule set."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.enums import Verdict
from grants.models import Application, ChecklistAnswer
from grants.queries.schemes import terms
from grants.rules import catalogue, checklist
from grants.rules.catalogue import DocumentKind
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib import clock

from .facts import facts_for
from .rulesets import ruleset_for


@dataclass(frozen=True)
class Item:
    """One question. `key` is what ChecklistAnswer.item keeps, `given` whether a paper is attached, if the item asks for
    one.
    """

    key: str
    text: str
    clause: str
    label: str
    help: str = ""
    given: bool | None = None


def items_for(case: Application) -> list[Item]:
    """Return all items of the case under the law of its filing, papers first. A fixed number of queries."""
    on = case.filed_on or clock.today()
    facts = facts_for(case, stage="approval", on=on)
    ruleset = ruleset_for(case.scheme, on)
    attached = set(facts.project.documents or ())
    papers = [
        Item(
            f"doc:{paper.code}",
            paper.name,
            paper.clause,
            _label(ruleset, paper.clause),
            paper.help,
            paper.code in attached,
        )
        for paper in terms.asked_papers(case, facts)
        if isinstance(paper, DocumentKind) or paper.required or paper.code in attached
    ]
    names = {str(line.pk): line.description or catalogue.items()[line.item].name for line in case.lines.all()}
    clauses = [
        Item(":".join(filter(None, (item.clause, item.line))), _text(item, names), item.clause, item.label)
        for item in checklist.checklist(facts, ruleset)
    ]
    return papers + clauses


def _text(item: checklist.ChecklistItem, names: dict[str, str]) -> str:
    return f"{item.text}：{names[item.line]}" if item.line else item.text


def _label(ruleset: RuleSet, clause: str) -> str:
    known = ruleset.clauses.get(clause)
    if known:
        return known.label
    return "" if clause else _("縣府要求")


def answers_of(case: Application) -> dict[str, ChecklistAnswer]:
    return {answer.item: answer for answer in case.checklist.all()}


def refused(case: Application) -> list[tuple[Item, str]]:
    """Return the items that the officer found not to be met, each with the note."""
    found = {key: answer.note for key, answer in answers_of(case).items() if answer.verdict == Verdict.REFUSED}
    return [(item, found[item.key]) for item in items_for(case) if item.key in found] if found else []


def pending(case: Application) -> list[str]:
    """Return in words what still has no answer: checklist items, then written reasons."""
    answered = {key for key, answer in answers_of(case).items() if answer.verdict != Verdict.PENDING}
    open_items = [item.text for item in items_for(case) if item.key not in answered]
    reasons = list(case.justifications.filter(verdict=Verdict.PENDING).exclude(text="").values_list("clause", "text"))
    ruleset = ruleset_for(case.scheme, case.filed_on or clock.today()) if reasons else None
    return open_items + [f"{_label(ruleset, clause) or clause} {text[:20]}" for clause, text in reasons if ruleset]
