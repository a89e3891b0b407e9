"""The facts of a case, frozen. A blank is None and never a zero.

Money is whole NT dollars (int). Quantities are exact: int, or Fraction where a half counts. A month is "2010-03".
`from_dict` reads plain dictionaries strictly; `quantity` makes an exact number of a Decimal, a text or a JSON number.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from grants.rules import catalogue, laws, readers
from grants.rules.findings import Exact, plain
from grants.rules.readers import FactError

KINDS = (
    "community_association",
    "welfare_institution",
    "civic_group",
    "township_office",
    "church",
    "school",
    "national_nonprofit",
    "individual",
)
STAGES = ("draft", "submission", "approval", "settlement")
MANPOWER = ("none", "pending", "granted", "refused", "unknown")
BANS = ("K7.3c", "K7.3e")
TIERS = ("excellent", "potential", "basic")
EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bar:
    """A ban on applying, both days included: of K7.3c, or of K7.3e if the county reads 下次 as a year (A29); the clause is
    "" in a law that names none for it.
    """

    starts_on: dt.date
    ends_on: dt.date
    decision: str = ""
    clause: str = "K7.3c"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who applies. `asked_this_year` is what its other applications of the scheme hold this year, in whole NT dollars."""

    kind: str
    county: str = ""
    township: str = ""
    nonprofit: bool = True
    last_service_on: dt.date | None = None
    manpower_grant: str = "none"
    applications_this_year: int = 0
    asked_this_year: int = 0
    bars: tuple[Bar, ...] = ()
    barred_next_time: bool = False
    late_settlements: int = 0
    tier: str | None = None
    profile_updated_on: dt.date | None = None
    assembly_held_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """The plan. `answers` holds the facts that the programme's questions ask for, by question key; `documents` is None
    if the papers have not been looked at yet; `township_first` is whether it goes to the county by way of the township;
    `joint_total` what the shares of an alliance's associations come to, None for a case of one association alone.
    """

    programme: str
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    service_area: tuple[str, ...] = ()
    documents: tuple[str, ...] | None = None
    title: str = ""
    text: str = ""
    township_first: bool = False
    joint_total: int | None = None
    answers: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Child:
    age: int | None = None
    special_needs: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One budget line. `requested` is the subsidy asked for (at approval: the amount to be approved).

    Several people or months are in `people` and `service_months`; `person` and `month` are then blank, and the amount
    is divided equally among them. `quantities` are what the item's clause refers to, by key.
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
    people: tuple[str, ...] = ()
    service_months: tuple[str, ...] = ()
    quantities: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    def number(self, key: str) -> Exact | None:
        """Return a quantity as an exact number; None if it is blank."""
        return self.quantities.get(key)

    def given(self, key: str) -> Exact:
        """Return a quantity that is not blank; else raise KeyError, which holds the case."""
        count: Exact = self.quantities[key]
        return count

    def yes(self, key: str) -> bool | None:
        """Return the answer to a yes/no quantity; None if it is blank."""
        return self.quantities.get(key)

    def words(self, key: str) -> str:
        """Return a quantity given in words, "" if it is blank."""
        words: str = self.quantities.get(key, "")
        return words

    @property
    def children(self) -> tuple[Child, ...] | None:
        """The children of a carer's line; None if they were not asked for."""
        return self.quantities.get("children")

    @property
    def used_on(self) -> dt.date | None:
        return self.quantities.get("used_on")

    @property
    def names(self) -> tuple[str, ...]:
        """The people that the line names."""
        return self.people or ((self.person,) if self.person else ())

    @property
    def in_months(self) -> tuple[str, ...]:
        """The months of service on the line, as "2010-03"."""
        return self.service_months or ((self.month,) if self.month else ())

    @property
    def named(self) -> bool:
        """Whether everybody whom the line pays is named."""
        return bool(self.names) and len(self.names) >= (self.number("persons") or 1)


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """What a person is paid in a month from another application: `amount` divided by `parts`. `case` is its number if
    it is another body's: the same name may then be another person.
    """

    person: str
    month: str
    amount: int
    item: str | None = None
    parts: int = 1
    case: str = ""

    @property
    def share(self) -> Fraction:
        return Fraction(self.amount, self.parts)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other applications already hold. `same_programme` counts this organisation's other applications of the same
    programme in the year; None if unknown.
    """

    person_months: tuple[PersonMonth, ...] = ()
    community_aides: int = 0
    same_programme: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    submitted_on: dt.date
    organisation: Organisation
    project: Project
    lines: tuple[Line, ...] = ()
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    stage: str = "submission"
    id: str = ""


def _frozen(**answers: Any) -> Mapping[str, Any]:
    return MappingProxyType(answers)


_TYPES = {
    "int": readers.whole,
    "number": readers.number,
    "money": readers.whole,
    "bool": readers.flag,
    "text": readers.text,
    "date": readers.read_date,
}


def _answer_reader(question: catalogue.Question) -> readers.Reader:
    if question.type == "choice":
        return readers.one_of(*(value for value, _ in question.choices))
    if question.type == "choices":
        return readers.list_of(readers.text)
    if question.type == "list":
        return readers.list_of(readers.record(_frozen, **{key: _TYPES[kind] for key, _, kind in question.columns}))
    return _TYPES[question.type]


def _item(key: str, value: Any) -> str:
    if not isinstance(value, str) or value not in catalogue.items():
        raise FactError(key, f"unknown item {value!r}")
    return value


def _programme(key: str, value: Any) -> str:
    if not isinstance(value, str) or value not in catalogue.all_programmes():
        raise FactError(key, f"unknown programme {value!r}")
    return value


_QUANTITY_TYPES = {
    **_TYPES,
    "choice": readers.text,
    "children": readers.list_of(readers.record(Child, age=readers.whole, special_needs=readers.flag, own=readers.flag)),
}


def _make_line(**fields: Any) -> Line:
    quantities = {key: fields.pop(key) for key in tuple(fields) if key not in Line.__dataclass_fields__}
    return Line(quantities=MappingProxyType(quantities), **fields)


def _make_project(**fields: Any) -> Project:
    answers = {key: fields.pop(key) for key in tuple(fields) if key not in Project.__dataclass_fields__}
    return Project(answers=MappingProxyType(answers), **fields)


_read_organisation = readers.record(
    Organisation,
    kind=readers.one_of(*KINDS),
    county=readers.text,
    township=readers.text,
    nonprofit=readers.flag,
    last_service_on=readers.read_date,
    manpower_grant=readers.one_of(*MANPOWER),
    applications_this_year=readers.whole,
    asked_this_year=readers.whole,
    bars=readers.list_of(
        readers.record(
            Bar,
            starts_on=readers.read_date,
            ends_on=readers.read_date,
            decision=readers.text,
            clause=readers.one_of(*BANS, ""),
        )
    ),
    barred_next_time=readers.flag,
    late_settlements=readers.whole,
    tier=readers.one_of(*TIERS),
    profile_updated_on=readers.read_date,
    assembly_held_on=readers.read_date,
)
_read_elsewhere = readers.record(
    Elsewhere,
    community_aides=readers.whole,
    same_programme=readers.whole,
    person_months=readers.list_of(
        readers.record(
            PersonMonth,
            person=readers.text,
            month=readers.month,
            amount=readers.whole,
            item=_item,
            parts=readers.whole,
            case=readers.text,
        )
    ),
)


@laws.cached
def _case_reader() -> readers.Reader:
    """Return the reader of a case with the questions and quantities of the laws known at present."""
    return readers.record(
        Case,
        submitted_on=readers.read_date,
        stage=readers.one_of(*STAGES),
        organisation=_read_organisation,
        project=_project_reader(),
        lines=readers.list_of(_line_reader()),
        elsewhere=_read_elsewhere,
        id=readers.identifier,
    )


def _project_reader() -> readers.Reader:
    answers = {key: _answer_reader(question) for key, question in catalogue.questions().items()}
    return readers.record(
        _make_project,
        programme=_programme,
        starts_on=readers.read_date,
        ends_on=readers.read_date,
        service_area=readers.list_of(readers.text),
        documents=readers.list_of(readers.text),
        title=readers.text,
        text=readers.text,
        township_first=readers.flag,
        joint_total=readers.whole,
        **answers,
    )


def _line_reader() -> readers.Reader:
    quantities = {key: _QUANTITY_TYPES[known.type] for key, known in catalogue.quantities().items()}
    return readers.record(
        _make_line,
        id=readers.identifier,
        item=_item,
        requested=readers.whole,
        own_funds=readers.whole,
        other_funds=readers.whole,
        unit_price=readers.whole,
        person=readers.text,
        month=readers.month,
        employment=readers.flag,
        description=readers.text,
        people=readers.list_of(readers.text),
        service_months=readers.list_of(readers.month),
        **quantities,
    )


def from_dict(document: Any) -> Case:
    """Return a Case from plain JSON values, as `check_cases` and the stored facts of an evaluation write them.

    Raises FactError naming the case and the key: unknown key, unknown item, wrong type, two lines of one id.
    """
    case_id = str(document.get("id", "")) if isinstance(document, dict) else ""
    try:
        case: Case = _case_reader()("case", document)
        seen = set()
        for place, line in enumerate(case.lines):
            if line.id in seen:
                raise FactError(f"lines[{place}].id", "this id is used twice")
            seen.add(line.id)
    except FactError as error:
        raise FactError(error.key.removeprefix("case."), error.reason, case_id) from error
    return case


def to_dict(case: Case) -> dict[str, Any]:
    """Return plain JSON values that `from_dict` reads back as the same case; blanks and defaults are left out."""
    return _plain_record(case)


def _plain_record(record: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        default = record.__dataclass_fields__[name].default
        # The stage is written even if it is the usual one: an auditor asks for it first.
        if value is None or (value == default and name != "stage"):
            continue
        if name in ("answers", "quantities"):
            values |= {key: _plain_part(part) for key, part in value.items()}
        else:
            values[name] = _plain_part(value)
    return values


def _plain_part(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain_part(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return _plain_record(value)
    if isinstance(value, MappingProxyType):
        return {key: _plain_part(part) for key, part in value.items()}
    return plain(value)
