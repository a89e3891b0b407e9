"""Changes to the lines of a draft's budget: add, copy, remove, restore, cap at the limit, cover the difference with own
funds.
"""

from typing import Any

from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.judging import evaluate, following
from grants.models import Application, BudgetLine, Justification
from grants.queries.applications import costs
from grants.rules import catalogue
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

MAX_LINES = 60
# How many of the removed lines can be restored.
KEPT = 5
LINE_FIELDS = BudgetLine.FILLED_IN

SAVE_BUDGET = actions.register("application.save_budget", _l("儲存經費概算"))
ADD_LINE = actions.register("application.add_line", _l("新增經費項目"))
REMOVE_LINE = actions.register("application.remove_line", _l("刪除經費項目"))
RESTORE_LINE = actions.register("application.restore_line", _l("復原經費項目"))
TAKE_CAP = actions.register("application.take_cap", _l("改為法規上限"))
TAKE_OWN = actions.register("application.take_own_funds", _l("差額列為自籌"))
FOLLOW = actions.register("application.follow_others", _l("隨其他項目自動調整"))


class TooManyLinesError(Refused):
    """A budget has at most MAX_LINES lines."""

    def __init__(self) -> None:
        super().__init__(_("經費項目最多 %(most)d 項，請合併相同的項目。") % {"most": MAX_LINES})


Lines = dict[int, BudgetLine]


def carry_out(row: Application, lines: Lines, command: str, argument: str) -> bool:
    """Carry out a button of the budget page on the locked case and its `lines` (by id), and return whether anything
    changed.

    `command` is one of: add (argument: item codes separated by blanks); copy, remove, restore, cap or own (argument: a
    line id); next, which ends the chance to restore removed lines. The changes are made in `lines` too. Raises Refused.
    """
    if command == "add":
        _add(row, lines, argument)
        return True
    if command == "next" and row.removed_lines:
        row.removed_lines = []
        return True
    number = whole_number(argument) or 0
    if command == "restore":
        return _restore(row, lines, number)
    act = {"copy": _copy, "remove": _remove, "cap": _cap, "own": _own}.get(command)
    return act(row, lines[number], lines) if act and number in lines else False


def append(row: Application, lines: Lines, line: BudgetLine) -> BudgetLine:
    """Store a line after the existing ones. Raises TooManyLinesError."""
    if len(lines) >= MAX_LINES:
        raise TooManyLinesError
    line.application = row
    line.position = (row.lines.aggregate(last=Max("position"))["last"] or 0) + 1
    line.save()
    lines[line.pk] = line
    trail.record(ADD_LINE, line, after={"item": line.item, "requested": line.requested}, case=row.number)
    return line


def let_follow(row: Application, lines: Lines) -> None:
    """Recompute the lines whose amount follows from other lines."""
    for pk, amount in following(row, lines.values()).items():
        _set(row, lines[pk], FOLLOW, requested=amount)


def line_values(line: BudgetLine) -> dict[str, Any]:
    """Return the values that a copy of the line takes over: all but its month, and no amount if none was filed."""
    values = {name: getattr(line, name) for name in LINE_FIELDS if name != "month"} | {"item": line.item}
    return values if line.added is None else values | {"requested": None}


def _set(row: Application, line: BudgetLine, action: Any, **values: Any) -> bool:
    after = {name: value for name, value in values.items() if getattr(line, name) != value}
    if not after:
        return False
    before = {name: getattr(line, name) for name in after}
    for name, value in after.items():
        setattr(line, name, value)
    line.save(update_fields=list(after))
    trail.record(action, line, before=before, after=after, case=row.number)
    return True


def _add(row: Application, lines: Lines, codes: str) -> None:
    chosen = codes.split()
    if not chosen or not set(chosen) <= set(catalogue.items()):
        raise Refused(_("請先選一個經費項目，再按「新增一項」。"))
    for code in chosen:
        append(row, lines, BudgetLine(item=code))


def _copy(row: Application, line: BudgetLine, lines: Lines) -> bool:
    append(row, lines, BudgetLine(**line_values(line), month=line.month))
    return True


def _remove(row: Application, line: BudgetLine, lines: Lines) -> bool:
    values = {"item": line.item, "description": line.description, "requested": line.requested}
    kept = line_values(line) | {"id": line.pk, "position": line.position, "month": line.month}
    reasons = row.justifications.filter(line=line.pk).exclude(text="").values("clause", "text")
    trail.record(REMOVE_LINE, line, before=values, case=row.number)
    row.removed_lines = [*row.removed_lines, {**kept, "reasons": list(reasons)}][-KEPT:]
    try:
        line.delete()
    except ProtectedError as protected:
        raise Refused(_("這一項已經列入縣府的審查紀錄，不能刪除；不辦了的話，請把申請金額改為 0。")) from protected
    lines.pop(row.removed_lines[-1]["id"])
    return True


def _restore(row: Application, lines: Lines, number: int) -> bool:
    """Restore a removed line under its old id, with its reasons."""
    found = next((kept for kept in row.removed_lines if kept["id"] == number), None)
    if found is None or number in lines:
        return False
    if len(lines) >= MAX_LINES:
        raise TooManyLinesError
    values = {name: value for name, value in found.items() if name != "reasons"}
    line = BudgetLine(application=row, **values)
    line.save(force_insert=True)
    lines[number] = line
    Justification.objects.bulk_create(
        Justification(application=row, line=line, clause=reason["clause"], text=reason["text"])
        for reason in found["reasons"]
    )
    row.removed_lines = [kept for kept in row.removed_lines if kept is not found]
    trail.record(RESTORE_LINE, line, after={"item": line.item, "requested": line.requested}, case=row.number)
    return True


def _cap(row: Application, line: BudgetLine, lines: Lines) -> bool:
    """Set the line to the highest amount that every reading allows, as the law computes it, not as the browser sends
    it. If the line then costs more than its funds, the difference becomes own funds, unless own funds count towards the
    limit (A34).
    """
    most = evaluate(row, stage="draft").most_for(str(line.pk))
    if most is None or most == line.requested:
        return False
    _set(row, line, TAKE_CAP, requested=most)
    own = line.own_funds
    if _own(row, line, lines) and evaluate(row, stage="draft").most_for(str(line.pk)) is not None:
        _set(row, line, TAKE_OWN, own_funds=own)
    return True


def _own(row: Application, line: BudgetLine, lines: Lines) -> bool:
    short = costs.uncovered(line)
    return bool(short) and _set(row, line, TAKE_OWN, own_funds=(line.own_funds or 0) + short)
