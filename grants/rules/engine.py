"""Judge a case by a rule set: `evaluate(case, ruleset)` returns all findings at once and never raises for a breach.

If a rule crashes, or asks for a value that the law does not have on that day, an error finding holds the case.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace

from grants.rules import chapters  # noqa: F401  registers the rules
from grants.rules.bounds import Context, sums
from grants.rules.catalogue import items_of
from grants.rules.facts import Case, Line
from grants.rules.filed.rules import book_of
from grants.rules.findings import ERROR, INFO, Evaluation, Finding
from grants.rules.registry import Rule, book
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib.roc_date import format_roc

log = logging.getLogger(__name__)
_ORDER = {ERROR: 0, "warning": 1, INFO: 2}


def evaluate(
    case: Case,
    ruleset: RuleSet,
    trace: bool = False,
    waived: Mapping[str, str] | None = None,
    without: frozenset[str] = frozenset(),
) -> Evaluation:
    """Evaluate a facts.Case on its submission date.

    `trace` adds the parameters read (also on each finding) and the limits that were kept. `waived` maps the clauses
    that the county waives for this case to the number of the memo: their errors stay visible as information that cites
    it. `without` leaves out rules by name (tests).
    """
    refused = _not_judged(case, ruleset)
    if refused:
        return Evaluation((refused,), sums(case, items_of(ruleset.data)), ruleset.sha256)
    rules = book_of(ruleset.data, ruleset.head, without) if ruleset.data else book(ruleset.slug, without)
    ctx = Context(case, ruleset, trace)
    found: list[Finding] = []
    for rule in rules.everywhere:
        _run(ctx, rule, None, found)
    for rule in rules.by_programme.get(case.project.programme, ()):
        _run(ctx, rule, None, found)
    for line in case.lines:
        for rule in rules.by_item.get(line.item, ()):
            _run(ctx, rule, line, found)
    if waived:
        found = [_waive(f, waived[f.clause]) if _is_waived(f, waived) else f for f in found]
    found.sort(key=lambda f: (_ORDER[f.severity], f.clause, f.line or "", f.person or "", f.month or "", f.message))
    return Evaluation(tuple(found), ctx.totals(), ruleset.sha256, ctx.parameters_read(), tuple(ctx.limits))


def _run(ctx: Context, rule: Rule, line: Line | None, found: list[Finding]) -> None:
    try:
        said = rule.function(ctx) if line is None else rule.function(ctx, line)
        if ctx.tracing:
            found.extend(ctx.traced(said or ()))
        elif said:
            found.extend(said)
    except (
        Exception
    ):  # A rule that crashes must not let the case pass: the case is held for the county, and the crash is logged.
        log.exception("rule %s crashed", rule.name)
        found.append(held(rule.clauses[0], line))


def held(clause: str, line: Line | None = None) -> Finding:
    """Return the finding of a clause that could not be judged; it holds the case for the county."""
    return Finding(
        clause,
        ERROR,
        "這一條目前無法檢核，請聯絡縣府承辦人，不要自行更改金額。",
        line=line.id if line else None,
        requested=line.requested if line else None,
        kind="held",
    )


def _not_judged(case: Case, ruleset: RuleSet) -> Finding | None:
    """Return a finding that stops everything: the law is not in force yet, or the county has filed no standards."""
    clause = ruleset.head["closed_clause"]
    if ruleset.missing(case.submitted_on):
        return Finding(clause, ERROR, "縣府還沒有公告這個方案的補助標準，暫時不能送件。", kind="missing")
    if ruleset.effective_from and case.submitted_on < ruleset.effective_from:
        begins = ruleset.effective_from
        message = f"這個方案從 {format_roc(begins)}起受理，還不能送件。"
        return Finding(clause, ERROR, message, allowed=begins)
    return None


def _is_waived(finding: Finding, waived: Mapping[str, str]) -> bool:
    """Return whether a waiver covers the finding. A clause that could not be judged holds the case in spite of a waiver."""
    return finding.severity == ERROR and finding.clause in waived and finding.kind != "held"


def _waive(finding: Finding, memo: str) -> Finding:
    return replace(finding, severity=INFO, kind="waived", message=f"{finding.message}（縣府以{memo}同意本案不受此限）")
