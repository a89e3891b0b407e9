"""The rule set of a day as files: TOML for machines and archives, rows for a spreadsheet."""

import datetime as dt
import json
from typing import Any

from django.utils.translation import gettext as _

from grants.rules.findings import plain
from grants.rules.ruleset import NoValue, Parameter, RuleSet, Value

from .pages import in_words


def as_toml(ruleset: RuleSet, on: dt.date) -> str:
    """Return every value in force on the day with its first day, clause, source and ruling. Any TOML reader reads it
    back.
    """
    head = {
        "slug": ruleset.slug,
        "title": ruleset.title,
        "document": ruleset.document,
        "on": on,
        "sha256": ruleset.sha256,
    }
    blocks = [["[law]", *(_pair(key, value) for key, value in head.items())]]
    for parameter, value in in_force(ruleset, on):
        blocks.append([f'[parameter."{parameter.name}"]', *(_pair(*pair) for pair in _pairs(parameter, value))])
    for clause in ruleset.clauses.values():
        values = {
            "label": clause.label,
            "phrase": clause.phrase,
            "enforcement": list(clause.enforcement),
            "explanation": clause.explanation,
        }
        blocks.append([f'[clause."{clause.id}"]', *(_pair(key, part) for key, part in values.items())])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def as_rows(ruleset: RuleSet, on: dt.date) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows of the values in force on the day, in words."""
    headers = [
        _("條文"),
        _("參數"),
        _("名稱"),
        _("嚴格"),
        _("寬鬆"),
        _("自"),
        _("函釋文號"),
        _("依據"),
        _("最近確認"),
        _("解讀問題"),
    ]
    rows = [
        [
            parameter.clause,
            parameter.name,
            parameter.title,
            in_words(parameter, value.strict),
            in_words(parameter, value.lenient),
            value.starts_on.isoformat(),
            value.memo,
            parameter.source,
            parameter.confirmed_on.isoformat(),
            parameter.question,
        ]
        for parameter, value in in_force(ruleset, on)
    ]
    return headers, rows


def in_force(ruleset: RuleSet, on: dt.date) -> list[tuple[Parameter, Value]]:
    """Return the parameters that have a value on the day, in the order of the law file."""
    found = []
    for parameter in ruleset.parameters.values():
        try:
            found.append((parameter, parameter.at(on)))
        except NoValue:
            continue
    return found


def _pairs(parameter: Parameter, value: Value) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = [("title", parameter.title), ("clause", parameter.clause), ("type", parameter.type)]
    sides = [("value", value.strict)] if value.settled else [("strict", value.strict), ("lenient", value.lenient)]
    more = [("unit", parameter.unit), ("ambiguity", parameter.ambiguity), ("memo", value.memo)]
    pairs += [*sides, ("from", value.starts_on), *(pair for pair in more if pair[1])]
    return [*pairs, ("source", parameter.source), ("confirmed_on", parameter.confirmed_on)]


def _pair(key: str, value: Any) -> str:
    return f"{key} = {_toml(value)}"


def _toml(value: Any) -> str:
    """Return a value in TOML. JSON's text, numbers, booleans and arrays are valid TOML; only DEL must be written
    differently.
    """
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)} = {_toml(v)}" for k, v in value.items()) + " }"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return json.dumps(plain(value), ensure_ascii=False).replace("\x7f", "\\u007f")
