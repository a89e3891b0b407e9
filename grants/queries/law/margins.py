"""The law margin: what the clauses say of each cell, in the same words for applicant, reviewer and letter."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from grants.enums import Verdict
from grants.models import Application, BudgetLine, Justification
from grants.queries.applications import costs
from grants.rules import catalogue
from grants.rules.findings import ERROR, PERSONS, TWD, WARNING, Evaluation, Finding, Limit
from grants.rules.ruleset import NoValue, RuleSet
from miaoli_kaohsiung.lib import money
from miaoli_kaohsiung.lib.numbers import whole_number

from .pages import Change, address_of, changes_of, of_all_laws

Reasons = Mapping[tuple[str, int | None], Justification]
KINDS = {ERROR: "stop", WARNING: "ask"}
ORGANISATION_FACTS = {
    "last_service_on",
    "profile_updated_on",
    "assembly_held_on",
    "kind",
    "county",
    "tier",
    "nonprofit",
}
# A law with this parameter leaves the items to the county's own standards.
STANDARDS = "subsidy.unit_caps"
PROJECT_FACTS = {"starts_on", "ends_on", "service_area", "title", "programme"}


@dataclass(frozen=True)
class Note:
    """What one clause, or several in the same words, say. `kind` is stop, ask, info or good; `laws` are (label,
    address) of the clauses. `asks` says that a reason is to be written here, `explained_above` that an earlier note
    asks for it; `reason_name` is the input's name, read back by `reason_keys`; `fact` is the question or field that the
    note is about. `two_limits` says that `suggested` is the lower of two; `difference` is the part of the cost that no
    funds bear yet.
    """

    kind: str
    laws: tuple[tuple[str, str], ...]
    message: str
    math: str = ""
    suggested: int | None = None
    asks: bool = False
    explained_above: bool = False
    reason: str = ""
    reason_name: str = ""
    verdict: str = ""
    verdict_note: str = ""
    refused: bool = False
    line: int | None = None
    fact: str = ""
    # A missing answer; `explained_at` is the question or field where the reason for the same clause is asked.
    blank: bool = False
    explained_at: str = ""

    @property
    def settled(self) -> bool:
        """Whether a reason was asked for, is written, and was not refused."""
        return self.asks and bool(self.reason.strip()) and not self.refused

    two_limits: bool = False
    difference: int = 0


@dataclass(frozen=True)
class Lawbook:
    """Finds a clause's label and page."""

    ruleset: RuleSet
    slug: str

    def label(self, clause: str) -> str:
        known = self.ruleset.clauses.get(clause)
        return known.label if known else clause

    def url(self, clause: str) -> str:
        return address_of(self.slug, clause) if clause else ""

    def links(self, clause: str) -> tuple[tuple[str, str], ...]:
        """Return (label, address) of the clause; nothing if this law has no such clause, as Miaoli's has none for an
        item.
        """
        # An item may name a clause of several parts: then the first of them counts.
        found = next((known for known in self.ruleset.clauses if known == clause or known[:-1] == clause), None)
        return ((self.label(found), self.url(found)),) if found else ()


def reasons_of(case: Application) -> Reasons:
    return {(reason.clause, reason.line_id): reason for reason in case.justifications.all()}


def line_notes(
    evaluation: Evaluation,
    lines: Iterable[BudgetLine],
    reasons: Reasons,
    book: Lawbook,
    changed: Mapping[str, tuple[Change, ...]] | None = None,
) -> dict[int, list[Note]]:
    """Return the notes of every line by its id; a line without faults has one note that says so. A fault of several
    lines together is noted at each of them. `changed` (of `law.changes`) adds a note to the lines whose item it
    concerns.
    """
    kept = {limit.line: limit for limit in evaluation.limits}
    values = {}
    for line in lines:
        key = str(line.pk)
        mine, shared = evaluation.of_line(key), [f for f in evaluation.findings if not f.line and key in f.lines]
        notes = notes_of(mine, reasons, book)
        if not any(f.severity in KINDS or f.kind == "blank" for f in (*mine, *shared)):
            notes.insert(0, _good(line, kept.get(key), book))
        if any(f.severity == ERROR and f.unit == PERSONS for f in (*mine, *shared)):
            # No amount corrects a line that pays too many people.
            notes = [replace(note, suggested=None) for note in notes]
        notes = [*_elsewhere_explained(shared, reasons, book), *_one_cap(notes, evaluation.most_for(key))]
        rulings = changes_of(catalogue.items()[line.item].clause, changed or {})
        values[line.pk] = notes + [
            Note("info", ((ruling.label, book.url(ruling.clause)),), ruling.message) for ruling in rulings
        ]
    return values


def _elsewhere_explained(findings: Iterable[Finding], reasons: Reasons, book: Lawbook) -> list[Note]:
    """Return findings about several lines as notes for one of them: the reason is written once, above all lines."""
    notes = notes_of(findings, reasons, book)
    return [replace(note, asks=False, reason_name="", explained_above=note.kind == "ask") for note in notes]


def _one_cap(notes: list[Note], most: int | None) -> list[Note]:
    """Offer 改為上限 once beside a line, at the amount that passes all its limits."""
    bearer = next((note for note in notes if note.suggested is not None and note.suggested == most), None)
    return [note if note is bearer else replace(note, suggested=None) for note in notes]


def notes_of(findings: Iterable[Finding], reasons: Reasons, book: Lawbook) -> list[Note]:
    """Return the findings as notes, in their order. Clauses that say the same of the same cell share a note and a
    reason; a reason is asked once for each clause and line.
    """
    alike: dict[tuple[str, str | None, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.severity, finding.line, finding.message), []).append(finding)
    notes: list[Note] = []
    asked: dict[tuple[tuple[str, ...], str | None], str] = {}
    for (severity, line, _message), same in alike.items():
        clauses = tuple(dict.fromkeys(finding.clause for finding in same))
        # An empty question is asked, not explained; the office finds out whether two people of one name are the same.
        explains = severity == WARNING and same[0].kind not in ("namesake", "blank")
        note = _note(same[0], clauses, reasons, book, asks=explains and (clauses, line) not in asked)
        if explains:
            note = replace(note, explained_at=asked.get((clauses, line), ""), explained_above=not note.asks)
            asked.setdefault((clauses, line), note.fact)
        notes.append(note)
    return notes


def _note(finding: Finding, clauses: tuple[str, ...], reasons: Reasons, book: Lawbook, *, asks: bool) -> Note:
    line = int(finding.line) if finding.line else None
    reason = next((found for clause in clauses if (found := reasons.get((clause, line)))), None)
    return Note(
        kind=KINDS.get(finding.severity, "info"),
        laws=tuple(dict.fromkeys((book.label(clause), book.url(clause)) for clause in clauses)),
        message=finding.message,
        math=finding.arithmetic if finding.arithmetic not in finding.message else "",
        suggested=finding.suggested if finding.unit == TWD and line and finding.severity in KINDS else None,
        asks=asks,
        reason=reason.text if reason else "",
        reason_name=f"reason:{'+'.join(clauses)}:{line or ''}" if asks else "",
        verdict=reason.get_verdict_display() if reason and reason.text else "",
        verdict_note=reason.verdict_note if reason else "",
        refused=bool(reason and reason.text and reason.verdict == Verdict.REFUSED),
        line=line,
        fact=finding.fact or "",
        blank=finding.kind == "blank",
        two_limits=finding.two_limits,
    )


def with_difference(notes: list[Note], line: BudgetLine) -> list[Note]:
    """Return the notes, headed by one if the funds do not add up to 單價 × 數量, as they must on the sealed form."""
    short = costs.uncovered(line)
    if not short:
        return notes
    cost = money.format_amount(costs.cost_of(line) or 0)
    message = _("單價 × 數量是 %(cost)s 元，申請、自籌和其他補助加起來少 %(short)s 元。")
    message %= {"cost": cost, "short": money.format_amount(short)}
    return [Note("stop", (), message, difference=short), *(note for note in notes if note.kind != "good")]


def cut_reason(finding: Finding, book: Lawbook) -> str:
    """Return the reason of a cut to the finding's `suggested`, with its clause, as the letter gives it; 200 characters
    at most.
    """
    label = book.label(finding.clause)
    return f"{finding.basis[: 190 - len(label)]}（{label}）"


def reason_keys(name: str) -> list[tuple[str, int | None]]:
    """Return the (clause, line id or None) of a posted input's name; none for other names."""
    head, _colon, rest = name.partition(":")
    clauses, _colon, line = rest.rpartition(":")
    cited = clauses.split("+")
    if head != "reason" or not all(0 < len(clause) <= 20 for clause in cited):
        return []
    key = whole_number(line)
    if line and key is None:
        return []
    return [(clause, key) for clause in cited]


def step_of(finding: Finding) -> str:
    """Return the step of the form where a finding is corrected."""
    if finding.line:
        return "budget"
    if finding.fact in catalogue.documents():
        return "documents"
    if finding.fact in ORGANISATION_FACTS:
        return "organisation"
    if finding.fact in PROJECT_FACTS or finding.fact in catalogue.questions():
        return "project"
    if finding.unit and finding.fact is None:
        return "budget"
    steps: dict[str, str] = of_all_laws("steps")
    return next((step for head, step in steps.items() if finding.clause.startswith(head)), "project")


def of_step(evaluation: Evaluation, step: str) -> list[Finding]:
    """Return the findings about the whole case that are corrected in this step."""
    return [f for f in evaluation.findings if not f.line and step_of(f) == step]


def about_money(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation with only the findings that are corrected in the budget."""
    return replace(evaluation, findings=tuple(f for f in evaluation.findings if f.line or step_of(f) == "budget"))


def asked_elsewhere(evaluation: Evaluation, programme: str) -> list[str]:
    """Return questions of other programmes that an item of this budget makes necessary: an aide in a course needs the
    number of elders, although only the care station asks for it.
    """
    own = {question.key for question in catalogue.all_programmes()[programme].questions}
    facts = (finding.fact for finding in evaluation.findings if finding.fact)
    return [key for key in dict.fromkeys(facts) if key in catalogue.questions() and key not in own]


def counts(evaluation: Evaluation, reasons: Reasons) -> tuple[int, int]:
    """Return how many notes must be corrected, and how many still lack a reason; clauses in the same words count once."""
    stops = {(f.line, f.message) for f in evaluation.errors}
    alike: dict[tuple[str | None, str], list[str]] = {}
    for f in evaluation.warnings:
        alike.setdefault((f.line, f.message), []).append(f.clause)
    asked = {
        (*clauses, line)
        for (line, _message), clauses in alike.items()
        if not ((reason := reasons.get((clauses[0], int(line) if line else None))) and reason.text)
    }
    return len(stops), len(asked)


def item_help(item: catalogue.Item, ruleset: RuleSet, on: dt.date) -> str:
    """Return the help text of an item: the regulation's, if the law names the items itself, else the county's filed
    standard of the day (M5.8), or nothing if there is none.
    """
    if STANDARDS not in ruleset.parameters:
        return item.help
    try:
        caps = ruleset.value(STANDARDS, on)
    except NoValue:
        return ""
    if item.code not in caps:
        return ""
    if not caps[item.code]:
        return _("縣府標準：不補助這一項")
    return _("縣府標準：每單位最高 %(most)s 元") % {"most": money.format_amount(caps[item.code])}


def _good(line: BudgetLine, limit: Limit | None, book: Lawbook) -> Note:
    item = catalogue.items()[line.item]
    if limit is None:
        clause, math = item.clause, ""
    else:
        clause = limit.clause
        math = _("%(arithmetic)s；申請 %(asked)s 元") % {
            "arithmetic": limit.arithmetic,
            "asked": money.format_amount(limit.requested or 0),
        }
    message = item.help if limit is None and STANDARDS not in book.ruleset.parameters else ""
    return Note("good", book.links(clause), message, math)
