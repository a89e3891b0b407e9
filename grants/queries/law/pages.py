"""The law as a page shows it: chapters, clauses, dated values, readings. Reads a RuleSet and no case."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import OrganisationKind
from grants.models import Scheme
from grants.rules import catalogue, laws
from grants.rules.ruleset import Clause, NoValue, Parameter, RuleSet, Value, load
from miaoli_kaohsiung.lib import money, roc_date

from .search import matches

# What the portal does for a clause, by the catalogue's letter: the word on the screen, the sentence, the tag's look.
ENFORCEMENT = {
    "E": (_l("擋下"), _l("不符合就不能送件，也不能核定。"), "stop"),
    "W": (_l("請說明"), _l("可以送件，但要寫理由，由審查的人逐項決定。"), "ask"),
    "R": (_l("審查項目"), _l("審查的人要逐項勾選，才能決定。"), ""),
    "C": (_l("系統計算"), _l("由系統計算，算式看得到。"), "good"),
    "M": (_l("提醒"), _l("到期前系統會提醒。"), ""),
    "I": (_l("說明"), _l("在用得到的地方說明。"), ""),
}
# A number of years from here on is a calendar year.
_FIRST_YEAR = 1912
# A day of every year, as the bound of a window.
_DAY_OF_YEAR = re.compile(r"(\d\d)-(\d\d)")


@laws.cached
def of_all_laws(table: str) -> dict[str, Any]:
    """Return a table from the heads of all laws, merged: no clause id occurs in two laws. `chapters` are the headings of
    the documents, by the start of a clause's id; `told_too` clauses whose explanation contains a number that is kept
    under another clause; `steps` the step of the form where a finding is corrected, by the start of its clause's id.
    """
    return {key: row for law in laws.found() for key, row in load(law).head.get(table, {}).items()}


@dataclass(frozen=True)
class Change:
    """A sentence that a ruling has replaced a number in the law's texts, with the clause to read."""

    message: str
    clause: str
    label: str


@dataclass(frozen=True)
class DatedValue:
    """A value with its first day. `state` is past, now or later; `memo` the ruling's number, empty for the filed law."""

    starts_on: dt.date
    strict: str
    lenient: str
    memo: str
    state: str

    @property
    def settled(self) -> bool:
        return self.strict == self.lenient


@dataclass(frozen=True)
class ParameterOnDay:
    """A number or reading with its whole history; `now` is None while the county has filed nothing."""

    parameter: Parameter
    history: tuple[DatedValue, ...]

    @property
    def now(self) -> DatedValue | None:
        return next((value for value in self.history if value.state == "now"), None)

    @property
    def ruling(self) -> str:
        """The memo number of the ruling in force, or ""."""
        return self.now.memo if self.now else ""


@dataclass(frozen=True)
class ClauseOnDay:
    clause: Clause
    parameters: tuple[ParameterOnDay, ...]
    examples: tuple[Any, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def enforcement(self) -> list[tuple[Any, Any, str]]:
        return [ENFORCEMENT[code] for code in self.clause.enforcement]


@dataclass(frozen=True)
class Chapter:
    code: str
    title: str
    clauses: tuple[ClauseOnDay, ...]


def chapters(
    ruleset: RuleSet, on: dt.date, search: str = "", examples: dict[str, tuple[Any, ...]] | None = None
) -> list[Chapter]:
    """Return the clauses in the order of the document, by chapter. `ruleset` holds the rulings of all days, future ones
    too; `search` keeps only clauses in which the words, or synonyms of them, occur.
    """
    by_clause: dict[str, list[Parameter]] = {}
    for parameter in ruleset.parameters.values():
        by_clause.setdefault(parameter.clause, []).append(parameter)
    changed = changes(ruleset, on)
    headings = of_all_laws("chapters") | ruleset.head.get("chapters", {})
    rows = [
        ClauseOnDay(
            clause,
            tuple(on_day(parameter, on) for parameter in by_clause.get(clause.id, ())),
            (examples or {}).get(clause.id, ()),
            changed.get(clause.id, ()),
        )
        for clause in ruleset.clauses.values()
        if matches(clause, by_clause.get(clause.id, ()), search)
    ]
    return [
        Chapter(code, headings.get(code, code), tuple(group))
        for code, group in groupby(rows, lambda row: chapter_of(row.clause.id, headings))
    ]


def address_of(slug: str, clause_id: str) -> str:
    """Return the address of the clause on the scheme's law page, with its chapter unfolded."""
    return reverse("grants:law", args=[slug]) + f"?clause={quote(clause_id)}#{clause_id}"


def label_of(clause_id: str, ruleset: RuleSet) -> str:
    """Return the clause's place as the document writes it, 肆、一、2; the id itself if the law does not have it (any more)."""
    known = ruleset.clauses.get(clause_id)
    return known.label if known else clause_id


def link_of(clause_id: str, scheme: Scheme | None) -> SafeString:
    """Return the clause's label (肆、一、2) as a link to the law page; the label alone if there is no scheme, or no such
    clause in its law.
    """
    law = load(scheme.ruleset) if scheme else law_with(clause_id)
    label = label_of(clause_id, law) if law else clause_id
    if not scheme or clause_id not in load(scheme.ruleset).clauses:
        return format_html("{}", label)
    return format_html('<a class="clause" href="{}">{}</a>', address_of(scheme.slug, clause_id), label)


def law_with(clause_id: str) -> RuleSet | None:
    """Return the law that has this clause, for callers without a scheme: no id occurs in two laws."""
    return next((law for law in map(load, laws.found()) if clause_id in law.clauses), None)


def chapter_of(clause_id: str, headings: Mapping[str, str] | None = None) -> str:
    """Return the chapter: K4 of K4.1.2a, K3.II of K3.II.6. `headings` are by chapter, those of all laws if not given."""
    first, *rest = clause_id.split(".")
    known = of_all_laws("chapters") if headings is None else headings
    if rest and f"{first}.{rest[0]}" in known:
        return f"{first}.{rest[0]}"
    return first if first in known else first[:2]


def changes(ruleset: RuleSet, on: dt.date) -> dict[str, tuple[Change, ...]]:
    """Return by clause where confirmed rulings in effect on the day differ from the filed law, on which the
    explanations and help texts are based. A standard that a ruling files for the first time changes nothing. No query.
    """
    found: dict[str, list[Change]] = {}
    for parameter in ruleset.parameters.values() if ruleset.rulings else ():
        if message := _changed(ruleset, parameter, on):
            own = ruleset.clause(parameter.clause)
            change = Change(message, own.id, own.label)
            for clause in (
                own.id,
                *(other for other, names in of_all_laws("told_too").items() if parameter.name in names),
            ):
                found.setdefault(clause, []).append(change)
    return {clause: tuple(rows) for clause, rows in found.items()}


def changes_of(clause: str, changes: Mapping[str, tuple[Change, ...]]) -> tuple[Change, ...]:
    """Return the changes of a clause, or of all its parts if an item or question names a clause of several parts."""
    return tuple(change for known, row in changes.items() if known == clause or known[:-1] == clause for change in row)


def _changed(ruleset: RuleSet, parameter: Parameter, on: dt.date) -> str:
    """Return the sentence for a parameter whose value of the day differs from the filed one by a ruling; else ""."""
    try:
        now, filed = parameter.at(on), load(ruleset.slug).parameter(parameter.name).at(on)
    except NoValue:
        return ""
    if not now.memo or (now.strict, now.lenient) == (filed.strict, filed.lenient):
        return ""
    strict, lenient = in_words(parameter, now.strict), in_words(parameter, now.lenient)
    words = {"memo": now.memo, "day": roc_date.format_roc(now.starts_on), "title": parameter.title}
    words["value"] = strict if now.settled else f"{strict}　～　{lenient}"
    if parameter.type in ("int", "ratio"):
        message = _("這一條的數額已由函釋調整（%(memo)s，自%(day)s起）：%(title)s現行 %(value)s，以現行為準。")
    else:
        message = _("這一條的規定已由函釋訂定（%(memo)s，自%(day)s起）：%(title)s，現行 %(value)s，以現行為準。")
    return message % words


def on_day(parameter: Parameter, on: dt.date) -> ParameterOnDay:
    """Return the parameter with its values, oldest first, each past, now or later as seen from the day."""
    try:
        current: Value | None = parameter.at(on)
    except NoValue:
        current = None
    history = []
    for value in parameter.values:
        state = "now" if value is current else ("later" if value.starts_on > on else "past")
        strict, lenient = (in_words(parameter, side) for side in (value.strict, value.lenient))
        history.append(DatedValue(value.starts_on, strict, lenient, value.memo, state))
    return ParameterOnDay(parameter, tuple(history))


def in_words(parameter: Parameter, value: Any) -> str:
    """Return a legal value as people read it, with its unit."""
    match parameter.type:
        case "choice":
            return parameter.choices.get(value, str(value))
        case "ratio":
            return _share(*value)
        case "date":
            return roc_date.format_roc(value)
        case "bool":
            return _("是") if value else _("否")
        case "list":
            return "、".join(name_of(part) for part in value)
        case "table":
            return "、".join(f"{name_of(key)} {part}" for key, part in value.items())
        case "int" if parameter.unit == "年" and value >= _FIRST_YEAR:
            return _("%(year)d 年（民國%(roc)d年）") % {"year": value, "roc": roc_date.roc_year(value)}
        case "int":
            return f"{money.format_amount(value)} {parameter.unit}".strip()
        case "text" if day := _DAY_OF_YEAR.fullmatch(value):
            return _("%(month)d月%(day)d日") % {"month": int(day[1]), "day": int(day[2])}
    return str(value)


def _share(part: int, whole: int) -> str:
    return f"{part}%" if whole == 100 else f"{part}/{whole}"


def name_of(code: Any) -> str:
    """Return the words of a code in the law files; the code itself if it has none."""
    return _names().get(code, str(code))


def code_of(name: str) -> str:
    """Return the code of a name, the reverse of `name_of`."""
    return next((code for code, words in _names().items() if words == name), name)


def both_sides(parameter: Parameter, value: dict[str, Any]) -> tuple[str, str]:
    """Return both sides of a stored ruling in words; equal if it settles the reading."""
    sides = (value["value"],) * 2 if "value" in value else (value["strict"], value["lenient"])
    strict, lenient = (dt.date.fromisoformat(side) if parameter.type == "date" else side for side in sides)
    return in_words(parameter, strict), in_words(parameter, lenient)


@laws.cached
def _names() -> dict[str, str]:
    """Return the words of the codes in lists of the law files."""
    names = {str(kind.value): str(kind.label) for kind in OrganisationKind}
    for question in catalogue.questions().values():
        names |= {str(value): label for value, label in question.choices}
    for quantity in catalogue.quantities().values():
        names |= {str(value): label for value, label in quantity.choices if isinstance(value, str)}
    names |= {code: programme.name for code, programme in catalogue.all_programmes().items()}
    names |= {code: item.name for code, item in catalogue.items().items()}
    return names | {code: document.name for code, document in catalogue.documents().items()}
