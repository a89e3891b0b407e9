"""What the officer must tick or refuse before a decision: the papers of 陸二 and the R clauses of the rule set."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.enums import Verdict
from grants.models import Application, Award, ChecklistAnswer
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
    one, `place` where on the page it is looked up.
    """

    key: str
    text: str
    clause: str
    label: str
    help: str = ""
    given: bool | None = None
    place: str = checklist.PLAN


def items_for(case: Application) -> list[Item]:
    """Return all items of the case under the law of its filing, papers first, without those that nobody can know before a
    decision. A fixed number of queries.
    """
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
            f"doc:{paper.code}",
        )
        for paper in terms.asked_papers(case, facts)
        if isinstance(paper, DocumentKind) or paper.required or paper.code in attached
    ]
    names = {str(line.pk): line.description or catalogue.items()[line.item].name for line in case.lines.all()}
    known = {""} | ({checklist.LAST_YEAR} if _had_award_last_year(case) else set())
    clauses = [
        Item(_key(item), _text(item, names), item.clause, item.label, place=item.place)
        for item in checklist.checklist(facts, ruleset)
        if item.asked in known
    ]
    return papers + clauses


def scored_item(case: Application) -> checklist.ChecklistItem | None:
    """Return the item that the reviewers' scores answer; None if the law has none."""
    ruleset = ruleset_for(case.scheme, case.filed_on or clock.today())
    found = checklist.items(ruleset, case.programme.code, ())
    return next((item for item in found if item.asked == checklist.SCORES), None)


def spent_items(case: Application) -> list[Item]:
    """Return the items that can be answered once the money was spent."""
    ruleset = ruleset_for(case.scheme, case.filed_on or clock.today())
    lines = [(str(line.pk), line.item) for line in case.lines.all()]
    found = checklist.items(ruleset, case.programme.code, lines)
    return [Item(_key(item), item.text, item.clause, item.label) for item in found if item.asked == checklist.SPENT]


def _had_award_last_year(case: Application) -> bool:
    awards = Award.objects.filter(application__organisation=case.organisation_id).exclude(application=case.pk)
    return awards.filter(approved_on__year=clock.today().year - 1).exists()


def _key(item: checklist.ChecklistItem) -> str:
    return ":".join(filter(None, (item.clause, item.line)))


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
