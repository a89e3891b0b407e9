"""What was filed, and what changed from one version to the next, in words for the screen."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from grants.models import Application, BudgetLine
from grants.queries.schemes import terms
from grants.rules import catalogue
from miaoli_kaohsiung.audit.chain import json_safe
from miaoli_kaohsiung.lib import money, service_months

FIELDS = (
    "contact_name", "contact_phone", "contact_email", "title", "starts_on", "ends_on", "service_area", "place", "goal",
    "content", "beneficiaries", "outcome", "other_funding", "requested_total",
)  # fmt: skip
LINE_FIELDS = ("position", "item", *BudgetLine.FILLED_IN)


def snapshot(case: Application) -> dict[str, Any]:
    """Return the case as plain JSON: fields, answers, lines, reasons, documents with the hashes of their bytes."""
    values: dict[str, Any] = json_safe(
        {
            "edition": case.edition,
            "fields": {name: getattr(case, name) for name in FIELDS},
            "answers": case.answers,
            "lines": [
                {"id": line.pk, **{name: getattr(line, name) for name in LINE_FIELDS}} for line in case.lines.all()
            ],
            "reasons": [
                {"clause": row.clause, "line": row.line_id, "text": row.text} for row in case.justifications.all()
            ],
            "documents": [
                {"kind": row.kind, "name": row.file.name, "sha256": row.file.sha256} for row in case.documents.all()
            ],
        }
    )
    return values


def changes(case: Application, old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (what, before, after) for every difference between two snapshots of the case, in the order of the form."""
    labels = {field.name: str(field.verbose_name) for field in Application._meta.concrete_fields}
    rows = [
        (labels[name], _shown(old["fields"].get(name)), _shown(new["fields"].get(name)))
        for name in FIELDS
        if old["fields"].get(name) != new["fields"].get(name)
    ]
    questions, names = terms.known_questions(case), terms.paper_names(case)
    for key in sorted({*old["answers"], *new["answers"]}):
        if old["answers"].get(key) != new["answers"].get(key):
            label = questions[key].label if key in questions else key
            rows.append((label, _shown(old["answers"].get(key)), _shown(new["answers"].get(key))))
    rows += _line_changes(old["lines"], new["lines"])
    return rows + _document_changes(old["documents"], new["documents"], names)


def _line_changes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    before, after = {line["id"]: line for line in old}, {line["id"]: line for line in new}
    rows = []
    for key in [*before, *(key for key in after if key not in before)]:
        one, other = before.get(key), after.get(key)
        if one != other and (not one or not other or _described(one) != _described(other)):
            item = (other or one or {})["item"]
            name = catalogue.items()[item].name
            rows.append((_("經費：%(item)s") % {"item": name}, _described(one), _described(other)))
    return rows


def _described(line: dict[str, Any] | None) -> str:
    """Return a line in a sentence: item, quantities, amounts; "—" for a missing line."""
    if line is None:
        return "—"
    known = catalogue.quantities()
    parts = [line["description"], line["person"], service_months.words(list(filter(None, line["month"].split(","))))]
    for key, value in line["quantities"].items():
        if key in known and value not in (None, "", []):
            parts.append(f"{known[key].label} {_shown(value)}{known[key].unit}")
    if line["unit_price"] is not None:
        parts.append(_("單價 %(amount)s 元") % {"amount": money.format_amount(line["unit_price"])})
    for key, label in (("requested", _("申請")), ("own_funds", _("自籌")), ("other_funds", _("其他補助"))):
        if line[key]:
            parts.append(f"{label} {money.format_amount(line[key])} 元")
    return "，".join(part for part in parts if part) or _("（空白）")


def _document_changes(
    old: list[dict[str, str]], new: list[dict[str, str]], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    def name_of(kind: str) -> str:
        return names.get(kind, _("其他文件"))

    before = {(row["kind"], row["sha256"]): row["name"] for row in old}
    after = {(row["kind"], row["sha256"]): row["name"] for row in new}
    gone = [(name_of(key[0]), name, _("已移除")) for key, name in before.items() if key not in after]
    come = [(name_of(key[0]), "—", name) for key, name in after.items() if key not in before]
    return gone + come


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int):
        return money.format_amount(value)
    if isinstance(value, list):
        return "、".join(_shown(part) for part in value)
    if isinstance(value, dict):
        return "／".join(_shown(part) for part in value.values())
    return str(value)
