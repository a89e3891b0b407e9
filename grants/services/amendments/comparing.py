"""What the law and the county's bounds say of an award as it is, and of the same award with what is asked for.

Both are judged by the law of the day on which the case was filed, as at the approval: a plan is not measured by rules
that came later. Only what is new or grew counts against the change.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from grants.compliance.judging import Judgement, judge
from grants.compliance.rulesets import ruleset_for
from grants.enums import UNDECIDED, AmendedPart
from grants.models import Application, Award, AwardLine, BudgetLine
from grants.rules import amendments
from grants.rules.findings import ERROR, WARNING, Finding
from grants.services.settlements.due import legal_due_on
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from .items import Item, keys_of, new_line

# The columns of a budget line that an item may change besides its amount.
OF_LINE = ("quantities", "unit_price", "person", "month")

# What is to be asked for in time before the plan ends.
OF_PLAN = (AmendedPart.PERIOD, AmendedPart.LINE, AmendedPart.NEW_LINE, AmendedPart.PLACE)


class NotAllowedError(Refused):
    """The law does not allow the award with these changes; `findings` say what."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(_("規定不允許這樣變更：") + "".join(found.message for found in findings))
        self.findings = findings


@dataclass(frozen=True)
class Comparison:
    """The award before and after. `limits` are what the county's bounds say of the change itself."""

    old: Judgement
    new: Judgement
    lines: list[BudgetLine]
    limits: list[Finding] = field(default_factory=list)

    @property
    def fresh(self) -> list[Finding]:
        """What the law says of the award after the change and did not say before, or said of a smaller excess."""
        known = {_key(found): found for found in self.old.evaluation.findings}
        return [
            found
            for found in self.new.evaluation.findings
            if found.severity in (ERROR, WARNING) and _grew(known.get(_key(found)), found)
        ]

    @property
    def errors(self) -> list[Finding]:
        return [found for found in self.fresh if found.severity == ERROR]

    @property
    def notable(self) -> list[Finding]:
        """All that whoever decides should read: the law's findings, then the county's bounds."""
        return [*self.fresh, *self.limits]


def compare(award: Award, items: Iterable[Item], *, stage: str) -> Comparison:
    """Return both judgements. `stage` is "submission" for the association's eyes, "approval" for the county's, which also
    looks for people of the same name in other bodies' cases.
    """
    wanted = list(items)
    case, lines = award.application, list(award.lines.select_related("line"))
    rows = [line.line for line in lines]
    before = {line.line_id: line.approved for line in lines}
    by_line = {item.line_id: item.after for item in wanted if item.line_id is not None}
    after = {line.line_id: by_line.get(line.pk, {}).get("approved", line.approved) for line in lines}
    changed = [_changed(line, by_line.get(line.pk, {})) for line in lines] + _added(case, wanted)
    old = judge(case, stage=stage, on=case.filed_on, amounts=before, lines=rows)
    new = judge(_amended(case, wanted), stage=stage, on=case.filed_on, amounts=after, lines=changed)
    return Comparison(old, new, changed, _limits(award, lines, wanted))


def total_after(award: Award, items: Sequence[Item]) -> int:
    """Return the sum of all lines with the amounts that are asked for."""
    by_line = {item.line_id: item.after["approved"] for item in items if item.part == AmendedPart.LINE}
    added: int = sum(item.after["approved"] for item in items if item.part == AmendedPart.NEW_LINE)
    kept: int = sum(by_line.get(line.pk, line.approved) for line in award.lines.all())
    return kept + added


def _changed(line: AwardLine, after: Mapping[str, Any]) -> BudgetLine:
    row = copy(line.line)
    for name in OF_LINE:
        if name in after:
            setattr(row, name, after[name])
    return row


def _added(case: Application, items: Iterable[Item]) -> list[BudgetLine]:
    """Return the lines that are to be added, with the keys of `keys_of`."""
    rows = [new_line(case, item) for item in items if item.part == AmendedPart.NEW_LINE]
    for place, row in enumerate(rows, 1):
        row.pk = -place
    return rows


def _amended(case: Application, items: list[Item]) -> Application:
    row = copy(case)
    for item in items:
        if item.part == AmendedPart.PERIOD:
            row.starts_on, row.ends_on = item.day("starts_on"), item.day("ends_on")
        if item.part == AmendedPart.PLACE:
            row.place = item.after["place"]
    return row


def _limits(award: Award, lines: list[AwardLine], items: list[Item]) -> list[Finding]:
    today = clock.today()
    law = ruleset_for(award.application.scheme, today)
    found: list[Finding | None] = []
    for item, key in zip(items, keys_of(items, {line.pk: line.line_id for line in lines}), strict=True):
        if item.part == AmendedPart.LINE:
            found.append(amendments.transfer(key, item.before["approved"], item.after["approved"], law, today))
        elif item.part == AmendedPart.NEW_LINE:
            found.append(amendments.added(key, item.after["approved"], law, today))
        elif item.part == AmendedPart.PERIOD:
            found.append(amendments.longer_period(_first_end(award), item.day("ends_on"), law, today))
        elif item.part == AmendedPart.SETTLEMENT:
            found.append(amendments.later_settlement(legal_due_on(award), item.day("due_on"), law, today))
    if any(item.part in OF_PLAN for item in items):
        found.append(amendments.asked_late(award.ends_on, _asked_on(award), law, today))
    return [one for one in found if one is not None]


def _first_end(award: Award) -> Any:
    first = award.versions.order_by("number").first()
    return first.ends_on if first else award.ends_on


def _asked_on(award: Award) -> Any:
    """Return the day of the request that waits, else today: a decision that takes long makes no request late."""
    waiting = award.amendments.filter(status__in=UNDECIDED).first()
    return waiting.asked_on if waiting else clock.today()


def _key(found: Finding) -> tuple[object, ...]:
    return (found.clause, found.line, found.fact, found.person, found.month, found.kind)


def _grew(before: Finding | None, now: Finding) -> bool:
    if before is None or before.severity != now.severity:
        return True
    if before.over is None or now.over is None:
        return before.message != now.message
    return bool(now.over > before.over)
