"""The facts of a case, frozen. A blank is None and never a zero.

Money is whole NT dollars (int). Quantities are exact: int, or Fraction where a half counts. A month is "2010-03".
`from_dict` reads plain dictionaries strictly; `quantity` makes an exact number of a Decimal, a text or a JSON number.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType

from grants.rules import catalogue
from grants.rules.findings import plain

KINDS = ("community_association", "welfare_institution", "civic_group", "township_office", "church", "school",
         "national_nonprofit", "individual")  # fmt: skip
STAGES = ("draft", "submission", "approval", "settlement")
MANPOWER = ("none", "pending", "granted", "refused", "unknown")
BANS = ("K7.3c", "K7.3e")
TIERS = ("excellent", "potential", "basic")
EMPTY = MappingProxyType({})


class FactError(ValueError):
    """A fact that cannot be used; `case` and `key` say which."""

    def __init__(self, key, reason, case=""):
        super().__init__(f"case {case}: {key}: {reason}" if case else f"{key}: {reason}")
        self.key, self.reason, self.case = key, reason, case


@dataclass(frozen=True, slots=True)
class Bar:
    """A ban on applying, both days included: of K7.3c, or of K7.3e where the county reads 下次 as a year (A29)."""

    starts_on: dt.date
    ends_on: dt.date
    decision: str = ""
    clause: str = "K7.3c"


@dataclass(frozen=True, slots=True)
class Organisation:
    kind: str
    county: str = ""
    township: str = ""
    nonprofit: bool = True
    last_service_on: dt.date | None = None
    manpower_grant: str = "none"
    applications_this_year: int = 0
    bars: tuple = ()
    barred_next_time: bool = False
    late_settlements: int = 0
    tier: str | None = None
    profile_updated_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """`answers` holds the facts that the programme's questions ask for, by question key; `documents` is None where
    nobody has looked yet."""

    programme: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    service_area: tuple = ()
    documents: tuple | None = None
    title: str = ""
    text: str = ""
    answers: MappingProxyType = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Child:
    age: int | None = None
    special_needs: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One budget line. `requested` is the subsidy asked for (at approval: the amount to be approved).

    Several people, or several months, stand in `people` and `service_months`; `person` and `month` are then blank. What
    is asked for is divided equally among them.
    """

    id: str
    item: str
    requested: int | None = None
    own_funds: int = 0
    other_funds: int = 0
    unit_price: int | None = None
    person: str | None = None
    month: str | None = None
    employment: bool | None = None
    description: str = ""
    sessions: object = None
    hours: object = None
    in_house: bool | None = None
    persons: object = None
    hours_per_day: object = None
    days: object = None
    days_per_week: object = None
    children: tuple | None = None
    characters: object = None
    seconds: object = None
    months: object = None
    trips: object = None
    quantity: object = None
    riders: object = None
    insurance_kind: str | None = None
    resident_author: bool | None = None
    plain_member: bool | None = None
    supplier: str = ""
    used_on: dt.date | None = None
    people: tuple = ()
    service_months: tuple = ()

    @property
    def names(self):
        """The people that the line names."""
        return self.people or ((self.person,) if self.person else ())

    @property
    def in_months(self):
        """The months of service that the line tells, as "2010-03"."""
        return self.service_months or ((self.month,) if self.month else ())

    @property
    def named(self):
        """Whether everybody whom the line pays is named."""
        return bool(self.names) and len(self.names) >= (self.persons or 1)


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """What a person is paid in a month from another application: `amount` divided by `parts`. `case` is its number where
    it is another body's: the same name may then be another person."""

    person: str
    month: str
    amount: int
    item: str | None = None
    parts: int = 1
    case: str = ""

    @property
    def share(self):
        return Fraction(self.amount, self.parts)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other applications already hold. `same_programme` counts this organisation's other applications of the
    same programme in the year; None where it is not known."""

    person_months: tuple = ()
    community_aides: int = 0
    same_programme: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    submitted_on: dt.date
    organisation: Organisation
    project: Project
    lines: tuple = ()
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    stage: str = "submission"
    id: str = ""


def quantity(value):
    """An exact number: int where it is whole, else Fraction; None stays None. Raises ValueError for anything else."""
    if value is None or (type(value) is int):
        return value
    if isinstance(value, bool):
        raise ValueError("a number is needed")
    try:
        exact = Fraction(Decimal(str(value))) if not isinstance(value, Fraction) else value
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError("a number is needed") from error
    return exact.numerator if exact.denominator == 1 else exact


_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


# Readers: each takes (key, value) and gives the fact or raises FactError. A null is a blank and never reaches them.


def _text(key, value):
    if not isinstance(value, str):
        raise FactError(key, "text is needed")
    return value


def _id(key, value):
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise FactError(key, "text is needed")
    return str(value)


def _int(key, value):
    if type(value) is not int or value < 0:
        raise FactError(key, "a whole number of 0 or more is needed")
    return value


def _number(key, value):
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, Fraction)):
        raise FactError(key, "a number is needed")
    try:
        exact = quantity(value)
    except ValueError as error:
        raise FactError(key, "a number is needed") from error
    if exact < 0:
        raise FactError(key, "a number of 0 or more is needed")
    return exact


def _bool(key, value):
    if not isinstance(value, bool):
        raise FactError(key, "true or false is needed")
    return value


def read_date(key, value):
    if type(value) is dt.date:
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise FactError(key, "a date such as 2010-03-15 is needed") from error


def _month(key, value):
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise FactError(key, "a month such as 2010-03 is needed")
    return value


def _one_of(*choices):
    def read(key, value):
        if not isinstance(value, str) or value not in choices:
            raise FactError(key, f"unknown value {value!r}")
        return value

    return read


def _list(read):
    def reader(key, value):
        if not isinstance(value, (list, tuple)):
            raise FactError(key, "a list is needed")
        return tuple(read(f"{key}[{place}]", part) for place, part in enumerate(value))

    return reader


def _record(make, **readers):
    """A reader of a dictionary: unknown keys are refused, nulls are blanks, missing keys take the default."""

    def read(key, value):
        if not isinstance(value, dict):
            raise FactError(key, "an object is needed")
        told = {}
        for name, part in value.items():
            if name not in readers:
                raise FactError(f"{key}.{name}", "unknown key")
            if part is not None:
                told[name] = readers[name](f"{key}.{name}", part)
        try:
            return make(**told)
        except TypeError as error:
            lacking = ", ".join(re.findall(r"'(\w+)'", str(error)))
            raise FactError(key, f"a key is missing: {lacking}") from error

    return read


def _frozen(**told):
    return MappingProxyType(told)


_TYPES = {"int": _int, "number": _number, "money": _int, "bool": _bool, "text": _text, "date": read_date}


def _answer_reader(question):
    if question.type == "choice":
        return _one_of(*(value for value, _ in question.choices))
    if question.type == "choices":
        return _list(_text)
    if question.type == "list":
        return _list(_record(_frozen, **{key: _TYPES[kind] for key, _, kind in question.columns}))
    return _TYPES[question.type]


def _item(key, value):
    if not isinstance(value, str) or value not in catalogue.items():
        raise FactError(key, f"unknown item {value!r}")
    return value


def _programme(key, value):
    if not isinstance(value, str) or value not in catalogue.all_programmes():
        raise FactError(key, f"unknown programme {value!r}")
    return value


_QUANTITY_TYPES = {**_TYPES, "choice": _text,
                   "children": _list(_record(Child, age=_int, special_needs=_bool, own=_bool))}  # fmt: skip
_ANSWERS = {key: _answer_reader(question) for key, question in catalogue.questions().items()}


def _make_project(**told):
    answers = {key: told.pop(key) for key in tuple(told) if key in _ANSWERS}
    return Project(answers=MappingProxyType(answers), **told)


_read_organisation = _record(
    Organisation, kind=_one_of(*KINDS), county=_text, township=_text, nonprofit=_bool, last_service_on=read_date,
    manpower_grant=_one_of(*MANPOWER), applications_this_year=_int,
    bars=_list(_record(Bar, starts_on=read_date, ends_on=read_date, decision=_text, clause=_one_of(*BANS))),
    barred_next_time=_bool,
    late_settlements=_int, tier=_one_of(*TIERS), profile_updated_on=read_date,
)  # fmt: skip
_read_project = _record(
    _make_project, programme=_programme, starts_on=read_date, ends_on=read_date, service_area=_list(_text),
    documents=_list(_text), title=_text, text=_text, **_ANSWERS,
)  # fmt: skip
_read_line = _record(
    Line, id=_id, item=_item, requested=_int, own_funds=_int, other_funds=_int, unit_price=_int, person=_text,
    month=_month, employment=_bool, description=_text, people=_list(_text), service_months=_list(_month),
    **{key: _QUANTITY_TYPES[known.type] for key, known in catalogue.quantities().items()},
)  # fmt: skip
_read_elsewhere = _record(
    Elsewhere, community_aides=_int, same_programme=_int,
    person_months=_list(_record(PersonMonth, person=_text, month=_month, amount=_int, item=_item, parts=_int, case=_text)),
)  # fmt: skip
_read_case = _record(
    Case, submitted_on=read_date, stage=_one_of(*STAGES), organisation=_read_organisation, project=_read_project,
    lines=_list(_read_line), elsewhere=_read_elsewhere, id=_id,
)  # fmt: skip


def from_dict(told):
    """A Case from plain JSON values, as `check_cases` and the stored facts of an evaluation write them.

    Raises FactError naming the case and the key: unknown key, unknown item, wrong type, two lines of one id.
    """
    case_id = str(told.get("id", "")) if isinstance(told, dict) else ""
    try:
        case = _read_case("case", told)
        seen = set()
        for place, line in enumerate(case.lines):
            if line.id in seen:
                raise FactError(f"lines[{place}].id", "this id is used twice")
            seen.add(line.id)
    except FactError as error:
        raise FactError(error.key.removeprefix("case."), error.reason, case_id) from error
    return case


def to_dict(case):
    """Plain JSON values that `from_dict` reads back as the same case; blanks and defaults are left out."""
    return _plain_record(case)


def _plain_record(record):
    told = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        default = record.__dataclass_fields__[name].default
        # The stage is told even where it is the usual one: an auditor asks for it first.
        if value is None or (value == default and name != "stage"):
            continue
        if name == "answers":
            told |= {key: _plain_part(part) for key, part in value.items()}
        else:
            told[name] = _plain_part(value)
    return told


def _plain_part(value):
    if isinstance(value, tuple):
        return [_plain_part(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return _plain_record(value)
    if isinstance(value, MappingProxyType):
        return {key: _plain_part(part) for key, part in value.items()}
    return plain(value)
