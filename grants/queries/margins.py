"""The law margin: what the clauses say of each cell, in the same words for applicant, reviewer and letter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.models import Application, BudgetLine, Justification
from grants.rules import catalogue
from grants.rules.findings import ERROR, TWD, WARNING, Evaluation, Finding
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib import money

Reasons = Mapping[tuple[str, int | None], Justification]
KINDS = {ERROR: "stop", WARNING: "ask"}
ORGANISATION_FACTS = {"last_service_on", "profile_updated_on", "kind", "county", "tier", "nonprofit"}
PROJECT_FACTS = {"starts_on", "ends_on", "service_area", "title", "programme"}


@dataclass(frozen=True)
class Note:
    """One finding as the page shows it. `kind` is stop, ask, info or good; `asks` that a reason is to be written here;
    `reason_name` is the input's name, read back by `reason_key`.
    """

    kind: str
    clause: str
    label: str
    url: str
    message: str
    math: str = ""
    suggested: int | None = None
    asks: bool = False
    reason: str = ""
    reason_name: str = ""
    verdict: str = ""
    verdict_note: str = ""


@dataclass(frozen=True)
class Lawbook:
    """Where a clause's label and page are found."""

    ruleset: RuleSet
    slug: str

    def label(self, clause: str) -> str:
        known = self.ruleset.clauses.get(clause)
        return known.label if known else clause

    def url(self, clause: str) -> str:
        return f"/schemes/{self.slug}/law/#{clause}" if clause else ""


def reasons_of(case: Application) -> Reasons:
    return {(reason.clause, reason.line_id): reason for reason in case.justifications.all()}


def line_notes(
    evaluation: Evaluation, lines: Iterable[BudgetLine], reasons: Reasons, book: Lawbook
) -> dict[int, list[Note]]:
    """The notes of every line by its id; a line that breaks nothing has one note that says so."""
    found: dict[str | None, list[Finding]] = {}
    for finding in evaluation.findings:
        found.setdefault(finding.line, []).append(finding)
    kept = {limit.line: limit for limit in evaluation.limits}
    told = {}
    for line in lines:
        mine = found.get(str(line.pk), [])
        notes = notes_of(mine, reasons, book)
        if not any(finding.severity in KINDS for finding in mine):
            notes.insert(0, _good(line, kept.get(str(line.pk)), book))
        told[line.pk] = notes
    return told


def notes_of(findings: Iterable[Finding], reasons: Reasons, book: Lawbook) -> list[Note]:
    """The findings in their order; a reason is asked once for each clause and line."""
    notes, asked = [], set()
    for finding in findings:
        line = int(finding.line) if finding.line else None
        key = (finding.clause, line)
        reason = reasons.get(key)
        asks = finding.severity == WARNING and key not in asked
        asked.add(key) if asks else None
        notes.append(
            Note(
                kind=KINDS.get(finding.severity, "info"),
                clause=finding.clause,
                label=book.label(finding.clause),
                url=book.url(finding.clause),
                message=finding.message,
                math=finding.arithmetic if finding.arithmetic not in finding.message else "",
                suggested=finding.suggested if finding.unit == TWD and line and finding.severity in KINDS else None,
                asks=asks,
                reason=reason.text if reason else "",
                reason_name=f"reason:{finding.clause}:{line or ''}",
                verdict=reason.get_verdict_display() if reason and reason.text else "",
                verdict_note=reason.verdict_note if reason else "",
            )
        )
    return notes


def reason_key(name: str) -> tuple[str, int | None] | None:
    """(clause, line id or None) of a posted input's name, None for other names."""
    head, _colon, rest = name.partition(":")
    clause, _colon, line = rest.rpartition(":")
    if head != "reason" or not clause or len(clause) > 20 or (line and not line.isdecimal()):
        return None
    return clause, int(line) if line else None


def step_of(finding: Finding) -> str:
    """The step of the form where a finding is mended."""
    if finding.line:
        return "budget"
    if finding.fact in catalogue.documents():
        return "documents"
    if finding.fact in ORGANISATION_FACTS:
        return "organisation"
    if finding.fact in PROJECT_FACTS or finding.fact in catalogue.questions():
        return "project"
    for head, step in (("K2.", "organisation"), ("K4.", "budget"), ("K8.", "budget"), ("K6.2", "documents")):
        if finding.clause.startswith(head):
            return step
    return "project"


def of_step(evaluation: Evaluation, step: str) -> list[Finding]:
    """The findings about the case as a whole that are mended in a step."""
    return [f for f in evaluation.findings if not f.line and step_of(f) == step]


def counts(evaluation: Evaluation, reasons: Reasons) -> tuple[int, int]:
    """How many findings must be mended, and how many still want a reason."""
    asked = {
        (f.clause, f.line)
        for f in evaluation.warnings
        if not ((reason := reasons.get((f.clause, int(f.line) if f.line else None))) and reason.text)
    }
    return len(evaluation.errors), len(asked)


def _good(line: BudgetLine, limit, book: Lawbook) -> Note:
    item = catalogue.items()[line.item]
    if limit is None:
        clause, math = item.clause, ""
    else:
        clause = limit.clause
        math = _("%(arithmetic)s；申請 %(asked)s 元") % {
            "arithmetic": limit.arithmetic,
            "asked": money.format_amount(limit.requested or 0),
        }
    message = item.help if limit is None else ""
    return Note("good", clause, book.label(clause), book.url(clause), message, math)
