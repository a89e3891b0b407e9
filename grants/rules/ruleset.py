"""The rule set of a day: clauses and dated, cited numbers from the law files, with the county's rulings laid over.

ruleset = load("kaohsiung_88").with_rulings(rulings) ruleset.value("lecturer_fee.hourly", date) the strict side of the
value in force on the date ruleset.on(date).strict / .lenient both sides of all values of a day, as mappings
ruleset.clause("K4.1.2").phrase the law's own words

Only starts are stored; asking for a value before its first start raises NoValue. `sha256` names the text files and the
rulings together. The files are the authority; no number is written here. `from_files` makes a rule set from kept files,
so that a case judged by an older text can be judged by it again.
"""

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any, NoReturn

from grants.rules import laws
from grants.rules.cites import ROLES
from grants.rules.filed import tables
from grants.rules.findings import plain
from grants.rules.rulings import RulingError, in_order, typed

# The terms of a law written as data that does not say them itself.
USUAL_TERMS = "usual_terms"


class NoValue(LookupError):
    """The law has no value for this parameter on this day."""

    def __init__(self, name: str, on: dt.date | None = None) -> None:
        super().__init__(f"{name} has no value on {on}" if on else f"no parameter {name}")
        self.name, self.on = name, on


@dataclass(frozen=True, slots=True)
class Value:
    """A value from its first day on; with two readings the strict and the lenient side differ."""

    starts_on: dt.date
    strict: Any
    lenient: Any
    memo: str = ""

    @property
    def settled(self) -> bool:
        return bool(self.strict == self.lenient)

    def as_dict(self) -> dict[str, Any]:
        return {
            "from": self.starts_on.isoformat(),
            "strict": plain(self.strict),
            "lenient": plain(self.lenient),
            "memo": self.memo,
        }


@dataclass(frozen=True, slots=True)
class Parameter:
    """A legal number or reading. `direction` is max or min if the strict side must not pass the lenient one; `choices`
    of a reading go from strict to lenient, with their words; `length` is how many numbers a list of weights has.
    """

    name: str
    title: str
    clause: str
    type: str
    unit: str
    direction: str
    source: str
    confirmed_on: dt.date
    ambiguity: str
    question: str
    why: str
    choices: dict[str, str]
    values: tuple[Value, ...]
    default: bool = False
    length: int = 0

    def at(self, on: dt.date) -> Value:
        """Return the Value in force on the day; raises NoValue before the first start."""
        found = None
        for value in self.values:
            if value.starts_on > on:
                break
            found = value
        if found is None:
            raise NoValue(self.name, on)
        return found


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as in the law file. `enforcement` are the letters E W R C M I; `by` names what computes or checks it
    outside the registered rules (a function of grants.rules, or "portal: …"), `task` the task kinds of M, `checklist`
    the sentence of R, `applies` the programmes or items it is for, `page` where I is shown, `twins` clauses of one cap,
    `applied` what applies the rule to a running award, `each_line` whether each budget line of its items is ticked by
    itself. `asked` says when R can be answered, if not at the check (rules.checklist), `place` where it is looked up.
    """

    id: str
    label: str
    phrase: str
    kind: str
    enforcement: tuple[str, ...]
    explanation: str
    does: str
    document: str
    by: str = ""
    stage: str = ""
    task: tuple[str, ...] = ()
    checklist: str = ""
    applies: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    erratum: str = ""
    twins: tuple[str, ...] = ()
    applied: str = ""
    each_line: bool = False
    asked: str = ""
    place: str = ""


class Day(dict[str, Any]):
    """One side of all values of a day; asking for a parameter without a value raises NoValue."""

    __slots__ = ("on",)
    on: dt.date

    def __missing__(self, name: str) -> NoReturn:
        raise NoValue(name, self.on)


@dataclass(frozen=True, slots=True)
class Sides:
    strict: Day
    lenient: Day


class RuleSet:
    """Immutable. Equal text and equal rulings give the same `sha256`. `files` are the texts it was read from, by name."""

    def __init__(
        self,
        head: Mapping[str, Any],
        parameters: Mapping[str, Parameter],
        files: Mapping[str, str],
        text_sha256: str,
        rulings: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self.head = head
        self.slug, self.title, self.document = head["slug"], head["title"], head["document"]
        self.effective_from = head.get("effective_from")
        self.requires = tuple(head.get("requires_parameters", ()))
        self.parameters = parameters
        self.rulings = tuple(rulings)
        self.files, self.text_sha256 = files, text_sha256
        self.sha256 = name_of(text_sha256, self.rulings)
        self._days: dict[dt.date, Sides] = {}
        self._months: dict[tuple[str, str], Any] = {}

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """All clauses by id, in the order of the documents (parsed when first asked for)."""
        values: dict[str, Clause] = {}
        for name in _names(self.head):
            texts = tuple(self.files[file] for file in _clause_files(name, self.files))
            values |= _clauses(self.files[f"{name}.toml"], texts)
        return values

    @cached_property
    def data(self) -> tables.Tables | None:
        """The law's tables as they stand in this text; None if its rules are Python."""
        return tables.of_files(self.slug, self.files)

    def clause(self, clause_id: str) -> Clause:
        return self.clauses[clause_id]

    def cite(self, role: str) -> str:
        """Return the clause with this role in the law; "" if it has none. Raises KeyError for an unknown role."""
        if role not in ROLES:
            raise KeyError(role)
        clause: str = self.head.get("cites", {}).get(role, "")
        return clause

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of this name; `reading.A5` finds the reading of ambiguity A5."""
        if name in self.parameters:
            return self.parameters[name]
        found = [p for p in self.parameters.values() if p.ambiguity and name == f"reading.{p.ambiguity}"]
        if len(found) != 1:
            raise NoValue(name)
        return found[0]

    def value(self, name: str, on: dt.date, side: str = "strict") -> Any:
        return getattr(self.parameter(name).at(on), side)

    def on(self, day: dt.date) -> Sides:
        """Return both sides of the values in force on the day. Values that have not begun are left out."""
        sides = self._days.get(day)
        if sides is None:
            strict, lenient = Day(), Day()
            strict.on = lenient.on = day
            for name, parameter in self.parameters.items():
                if parameter.values and parameter.values[0].starts_on <= day:
                    value = parameter.at(day)
                    strict[name], lenient[name] = value.strict, value.lenient
            sides = self._days[day] = Sides(strict, lenient)
            if len(self._days) > 4000:
                self._days.clear()
        return sides

    def in_month(self, name: str, month: str) -> Any:
        """Return the value in force on the first day of the month ("2010-03")."""
        key = (name, month)
        if key not in self._months:
            self._months[key] = self.value(name, dt.date(int(month[:4]), int(month[5:7]), 1))
        return self._months[key]

    def missing(self, on: dt.date) -> tuple[str, ...]:
        """Return the names of the parameters that the county must file before cases can be judged, and has not filed."""
        return tuple(
            n for n in self.requires if not self.parameters[n].values or self.parameters[n].values[0].starts_on > on
        )

    def with_rulings(self, rulings: Sequence[Mapping[str, Any]]) -> "RuleSet":
        """Return this rule set with rulings laid over: dictionaries {"parameter", "from", "value" or "strict" and
        "lenient", "memo"}. From its first day a ruling replaces the value; a later start replaces the ruling.
        """
        if not rulings:
            return self
        parameters = dict(self.parameters)
        for ruling in rulings:
            parameter, value = self._read_ruling(ruling, parameters)
            kept = [v for v in parameter.values if v.starts_on != value.starts_on]
            ordered = tuple(sorted([*kept, value], key=lambda v: v.starts_on))
            parameters[parameter.name] = replace(parameter, values=ordered)
        return RuleSet(self.head, parameters, self.files, self.text_sha256, (*self.rulings, *rulings))

    def _read_ruling(self, ruling: Any, parameters: Mapping[str, Parameter]) -> tuple[Parameter, Value]:
        if not isinstance(ruling, dict):
            raise RulingError("rulings", "an object is needed")
        for key in ruling:
            if key not in ("parameter", "from", "value", "strict", "lenient", "memo"):
                raise RulingError(f"rulings.{key}", "unknown key")
        name = ruling.get("parameter")
        try:
            parameter = parameters[self.parameter(name if isinstance(name, str) else "").name]
        except NoValue as error:
            raise RulingError("rulings.parameter", f"no parameter {name!r}") from error
        if ("value" in ruling) == ("strict" in ruling or "lenient" in ruling):
            raise RulingError("rulings.value", "either value, or strict and lenient")
        sides = [ruling["value"]] * 2 if "value" in ruling else [ruling.get("strict"), ruling.get("lenient")]
        strict, lenient = (typed(parameter, side) for side in sides)
        if not in_order(parameter, strict, lenient):
            raise RulingError("rulings.strict", "the strict side is looser than the lenient one")
        starts_on = ruling.get("from")
        if isinstance(starts_on, str):
            try:
                starts_on = dt.date.fromisoformat(starts_on)
            except ValueError:
                starts_on = None
        if not isinstance(starts_on, dt.date):
            raise RulingError("rulings.from", "a date such as 2010-03-15 is needed")
        memo = ruling.get("memo") or ""
        if not isinstance(memo, str):
            raise RulingError("rulings.memo", "text is needed")
        return parameter, Value(starts_on, strict, lenient, memo or "—")


def name_of(text_sha256: str, rulings: Iterable[Mapping[str, Any]]) -> str:
    """Return the SHA-256 that names a text with these rulings laid over it."""
    canonical = [{key: plain(value) for key, value in ruling.items()} for ruling in rulings]
    canonical_text = json.dumps([text_sha256, canonical], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical_text.encode()).hexdigest()


def load(slug: str, on: dt.date | None = None) -> RuleSet:
    """Return the rule set as filed; `grants/rules/<slug>/law.toml` names the statutes it includes. Of a law that a county
    filed as data: the version in force on the day, the newest without a day. Each text is parsed once a process.
    """
    if not laws.versions(slug) and (slug in laws.folders() or not laws.look_again()):
        return _of_folder(slug)
    return _of_version(slug, tuple(laws.version_on(slug, on).files.items()))


@cache
def _of_folder(slug: str) -> RuleSet:
    return from_files(slug, laws.texts())


@lru_cache(maxsize=64)
def _of_version(slug: str, files: tuple[tuple[str, str], ...]) -> RuleSet:
    return from_files(slug, laws.texts() | dict(files))


def from_files(slug: str, files: Mapping[str, str]) -> RuleSet:
    """Return the rule set made from these texts (file name → text); files that do not belong to it are left out."""
    first = tomllib.loads(files[f"{slug}.toml"])
    head, data = first["law"], tables.files_of(slug, files)
    heads = [f"{name}.toml" for name in (*_names(head), *([USUAL_TERMS] if data else ()))]
    parameters: dict[str, Parameter] = {}
    for document in (first, *(tomllib.loads(files[part]) for part in heads[1:])):
        rows = document.get("parameter", {})
        parameters |= {key: _parameter(key, row, document["law"]) for key, row in rows.items() if key not in parameters}
    if data:
        parameters = _of_data(parameters, head["closed_clause"])
    parts = [*heads, *(part for name in _names(head) for part in _clause_files(name, files)), *data]
    digests = [hashlib.sha256(files[part].encode()).hexdigest() for part in parts]
    text_sha256 = hashlib.sha256(" ".join(digests).encode()).hexdigest()
    return RuleSet(head, parameters, {part: files[part] for part in parts}, text_sha256)


def _of_data(parameters: Mapping[str, Parameter], clause: str) -> dict[str, Parameter]:
    """Return the parameters of a law in data: the usual terms stand under its first clause, those of instalments only
    where the law pays in instalments.
    """
    paid_in_two = "instalment.threshold" in parameters
    return {
        name: parameter if parameter.clause else replace(parameter, clause=clause)
        for name, parameter in parameters.items()
        if paid_in_two or "instalment" not in name
    }


def _names(head: Mapping[str, Any]) -> tuple[str, ...]:
    return (head["slug"], *head.get("includes", ()))


def _parameter(name: str, row: Mapping[str, Any], head: Mapping[str, Any]) -> Parameter:
    values = tuple(
        Value(v["from"], v.get("value", v.get("strict")), v.get("value", v.get("lenient")), v.get("memo", ""))
        for v in row.get("values", ())
    )
    return Parameter(
        name,
        row["title"],
        row["clause"],
        row.get("type", "int"),
        row.get("unit", ""),
        row.get("direction", ""),
        row.get("source", head["document"]),
        row.get("confirmed_on", head["confirmed_on"]),
        row.get("ambiguity", ""),
        row.get("question", ""),
        row.get("why", ""),
        row.get("choices", {}),
        values,
        row.get("default", False),
        row.get("length", 0),
    )


def _clause_files(name: str, files: Iterable[str]) -> list[str]:
    return sorted(file for file in files if file.startswith(f"{name}_clauses") and file.endswith(".toml"))


_CLAUSE_LISTS = ("enforcement", "task", "applies", "page", "twins")


@lru_cache(maxsize=16)
def _clauses(head: str, texts: tuple[str, ...]) -> dict[str, Clause]:
    document = tomllib.loads(head)["law"]["document"]
    values = {}
    for text in texts:
        for row in tomllib.loads(text)["clause"]:
            lists = {key: tuple(row[key]) for key in _CLAUSE_LISTS if key in row}
            values[row["id"]] = Clause(document=document, **{**row, **lists})
    return values
