"""Refuses changes of what a correction has not opened. Every way in which an association edits a case asks here."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from grants.models import Application, BudgetLine
from grants.queries.applications.places import openness_of
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number


class ClosedError(Refused):
    """The office has not asked to correct this place."""

    def __init__(self, name: str) -> None:
        super().__init__(_("這次補正沒有開放「%(name)s」，不能修改。要改別的地方，請先和承辦人聯絡。") % {"name": name})


def require_fields(row: Application, changed: Mapping[str, Any]) -> None:
    """Refuse a change of fields, answers among them, that are not open; `changed` has the new values."""
    opened = openness_of(row)
    if opened.whole:
        return
    for name in changed:
        if name != "answers" and not opened.field(name):
            names = {field.name: str(field.verbose_name) for field in Application._meta.concrete_fields}
            raise ClosedError(names.get(name, name))
    answers = changed.get("answers", {})
    for key in {*answers, *row.answers} if "answers" in changed else ():
        if answers.get(key) != row.answers.get(key) and not opened.question(key):
            raise ClosedError(_("計畫的問題"))


def require_lines(row: Application, lines: Iterable[BudgetLine]) -> None:
    """Refuse a change of budget lines that are not open."""
    opened = openness_of(row)
    for line in lines:
        if not opened.line(line.pk):
            raise ClosedError(_("經費：%(name)s") % {"name": line.description or line.item})


def require_command(row: Application, command: str, argument: str) -> None:
    """Refuse a button of the budget that adds lines, or touches one that is not open."""
    opened = openness_of(row)
    if command in ("add", "copy", "restore", "import") and not opened.new_lines:
        raise ClosedError(_("新增經費項目"))
    if command in ("remove", "cap", "own") and not opened.line(whole_number(argument) or 0):
        raise ClosedError(_("經費"))


def require_paper(row: Application, kind: str, name: str) -> None:
    """Refuse to add or remove a paper of a kind that is not open."""
    if not openness_of(row).paper(kind):
        raise ClosedError(name)
