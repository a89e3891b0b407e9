"""A row of the list beside what the registry holds: what would be added or changed, and what keeps it out."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communities import naming, places
from communities.enums import OrganisationKind, RowOutcome
from communities.models import ImportRow, Organisation
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.lib import clock, identifiers
from miaoli_kaohsiung.lib.safe_cell import plain_cell

from .book import Book, Problem, tax_id_in
from .columns import BODY, BY_KEY, Column
from .readers import Doubtful
from .terms import TermRow, read_terms

# What people write into a cell that has nothing.
_NOTHING = frozenset({"", "-", "—", "－", "無", "N/A", "n/a", "未填"})


@dataclass
class Row:
    """What has become of a row. `body` is the registry's, or a new one; both have the new values and are not saved."""

    number: int
    texts: dict[str, str]
    body: Organisation
    fields: list[str] = field(default_factory=list)
    terms: list[TermRow] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.body.pk is None

    @property
    def name(self) -> str:
        return self.body.name or self.texts.get("name", "")

    def outcome(self, accepted: list[str]) -> RowOutcome:
        if any(problem.code not in accepted for problem in self.problems):
            return RowOutcome.REFUSED
        if self.is_new:
            return RowOutcome.ADDED
        return RowOutcome.CHANGED if self.changes else RowOutcome.UNCHANGED


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def texts_of(cells: list[str], columns: list[str]) -> dict[str, str]:
    """Return the texts of a row by the key of their column; empty cells say nothing and are left out."""
    found = ((key, in_one_line(plain_cell(cell))) for key, cell in zip(columns, cells, strict=False) if key in BY_KEY)
    return {key: text for key, text in found if text not in _NOTHING}


def compare(book: Book, columns: list[str], rows: list[ImportRow], *, lock: bool = False) -> list[Row]:
    """Return what would become of these rows, in a number of queries that does not depend on theirs."""
    texts = [texts_of(row.cells, columns) for row in rows]
    found = [book.find(one) for one in texts]
    bodies = _bodies({pk for pk, _problems in found if pk}, lock=lock)
    taken = _tax_ids_elsewhere(book.county, {tax_id_in(one) for one in texts} - {""})
    made = []
    for row, own, (pk, problems) in zip(rows, texts, found, strict=True):
        body = bodies[pk] if pk else Organisation(county=book.county)
        made.append(_compared(book, Row(row.number, own, body, problems=problems), taken))
    return made


def _bodies(numbers: set[int], *, lock: bool) -> dict[int, Organisation]:
    rows = Organisation.objects.filter(pk__in=numbers).defer("search").order_by("pk").prefetch_related("terms")
    return {body.pk: body for body in (rows.select_for_update() if lock else rows)}


def _tax_ids_elsewhere(county: str, numbers: set[str]) -> set[str]:
    others = Organisation.objects.exclude(county=county).filter(tax_id__in=numbers)
    return set(others.values_list("tax_id", flat=True))


def _compared(book: Book, row: Row, taken: set[str]) -> Row:
    if row.problems:
        return row
    if first := _said_before(book, row):
        row.problems.append(Problem("name", _("和第 %(number)d 列是同一個單位。") % {"number": first}))
        return row
    name = row.body.name
    for column in BODY:
        if column.key in row.texts and column.key != "pk":
            _take(book, row, column)
    if row.is_new:
        _fill_in(row)
    if row.body.name != name:
        _compare_name(book, row, name)
    if "tax_id" in row.fields and row.body.tax_id in taken:
        row.problems.append(Problem("tax_id", _("這個統一編號已經登記在另一個縣。")))
    row.terms = read_terms(row.texts, row.body, row.changes, row.problems)
    return row


def _said_before(book: Book, row: Row) -> int:
    """Return the number of an earlier row about the same body; 0 if there is none."""
    abouts: list[Any] = [row.body.pk or naming.fold(row.texts["name"], book.county)]
    if (tax_id := tax_id_in(row.texts)) and identifiers.has_check_digit(tax_id):
        abouts.append(("tax_id", tax_id))
    rows = [book.first_row(about, row.number) for about in abouts]
    return next((number for number in rows if number != row.number), 0)


def _take(book: Book, row: Row, column: Column) -> None:
    """Read a cell into the body, unless it says what the registry holds already."""
    text, before = row.texts[column.key], "" if row.is_new else column.shown(row.body)
    if text == in_one_line(before) and not row.is_new:
        return
    try:
        value = column.read(text, book.county)
    except ValueError as wrong:
        row.problems.append(Problem(column.key, str(wrong)))
        return
    if isinstance(value, Doubtful):
        row.problems.append(Problem(column.key, value.sentence, value.code))
        value = value.value
    same_name = column.key == "name" and row.body.pk and book.leads_to(naming.fold(value, book.county)) == row.body.pk
    if same_name or getattr(row.body, column.key) == value:
        return
    setattr(row.body, column.key, value)
    row.fields.append(column.key)
    row.changes.append([column.key, before, column.shown(row.body)])


def _fill_in(row: Row) -> None:
    """Complete a new body from its name; what its name does not say must stand in the list."""
    body = row.body
    if not body.kind and "社區發展協會" in body.name:
        _add(row, "kind", OrganisationKind.COMMUNITY_ASSOCIATION)
    if not body.kind:
        _miss(row, "kind", _("請填單位類別。"))
    if not body.township_id and (code := naming.township_in(body.name, body.county)):
        _add(row, "township_id", code)
    if not body.township_id and body.kind != OrganisationKind.NATIONAL_NONPROFIT:
        _miss(row, "township_id", _("請填%(kinds)s。") % {"kinds": places.kinds(body.county)})
    if not body.registration_county:
        _add(row, "registration_county", name_of(body.county, body.registered_on or clock.today()))


def _miss(row: Row, key: str, sentence: str) -> None:
    """Say that something is missing, unless it is there and was refused."""
    if all(problem.key != key for problem in row.problems):
        row.problems.append(Problem(key, sentence))


def _add(row: Row, key: str, value: str) -> None:
    if any(problem.key == key for problem in row.problems):
        return
    setattr(row.body, key, value)
    row.fields.append(key)
    row.changes.append([key, "", BY_KEY[key].shown(row.body)])


def _compare_name(book: Book, row: Row, before: str) -> None:
    row.body.folded_name = naming.fold(row.body.name, book.county)
    near = book.alike(row.body.folded_name, before)[:3]
    if near:
        message = _("和「%(names)s」很像，可能是同一個單位。") % {"names": "」、「".join(near)}
        row.problems.append(Problem("name", message, "alike"))
    book.remember(row.body.name, row.body.folded_name)
