"""The people of a row: a term is known by its office, its person and its first day."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from communities import naming
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from communities.services.terms import BOARD_YEARS, last_day_of
from miaoli_kaohsiung.lib import clock, roc_date

from .book import Problem
from .columns import BY_KEY

# What a term has besides its office, its person and its first day, which name it.
_CHANGEABLE = ("board_term_number", "valid_to", "phone", "email")
_IN_ORDER = ("person_name", "board_term_number", "valid_from", "valid_to", "phone", "email")


@dataclass
class TermRow:
    """A term with its new values, not saved; `fields` are those that changed, empty for a new term."""

    term: OfficeTerm
    fields: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.term.pk is None


def shown_term(body: Organisation, office: str) -> OfficeTerm | None:
    """Return the term that the list shows of an office: the one of today, else the latest."""
    if body._state.adding:
        return None
    today = clock.today()
    terms = sorted((term for term in body.terms.all() if term.office == office), key=lambda term: term.valid_from)
    current = [term for term in terms if term.valid_from <= today and (term.valid_to is None or term.valid_to >= today)]
    return next(iter([*reversed(current), *reversed(terms)]), None)


def read_terms(
    texts: dict[str, str], body: Organisation, changes: list[list[str]], problems: list[Problem]
) -> list[TermRow]:
    """Return the terms that a row adds or changes, and add to its changes and problems."""
    found = []
    for office in Office.values:
        own = {key.partition(".")[2]: text for key, text in texts.items() if key.startswith(f"{office}.")}
        if own:
            reader = _Reader(office, own, body, changes, problems)
            if row := reader.read():
                found.append(row)
    return found


class _Reader:
    """Reads the cells of one office."""

    def __init__(
        self,
        office: str,
        texts: dict[str, str],
        body: Organisation,
        changes: list[list[str]],
        problems: list[Problem],
    ) -> None:
        self.office, self.texts, self.body = office, texts, body
        self.changes, self.problems = changes, problems
        self.all = [] if body._state.adding else [term for term in body.terms.all() if term.office == office]
        self.shown = shown_term(body, office)

    def read(self) -> TermRow | None:
        name = self.texts.get("person_name") or (self.shown.person_name if self.shown else "")
        if not name:
            self._refuse("person_name", _("請填姓名，或把這個職務的其他格清空。"))
            return None
        count = len(self.problems)
        values = self._values(name)
        if len(self.problems) > count:
            return None
        term = self._find(name, values)
        return self._changed(term, values) if term else self._added(name, values)

    def _values(self, name: str) -> dict[str, Any]:
        known = self.shown if self.shown and naming.same_person(name, self.shown.person_name) else None
        values: dict[str, Any] = {}
        for part, text in self.texts.items():
            column = BY_KEY[self._key(part)]
            if known and part != "days" and text == column.shown(known):
                values[part] = getattr(known, part)
                continue
            try:
                values[part] = column.read(text, self.body.county)
            except ValueError as wrong:
                self._refuse(part, str(wrong))
        if both := values.pop("days", None):
            values = {"valid_from": both[0], "valid_to": both[1]} | values
        return values

    def _find(self, name: str, values: dict[str, Any]) -> OfficeTerm | None:
        same = [term for term in self.all if naming.same_person(term.person_name, name)]
        if "valid_from" in values:
            return next((term for term in same if term.valid_from == values["valid_from"]), None)
        return self.shown if self.shown in same else next(iter(same), None)

    def _changed(self, term: OfficeTerm, values: dict[str, Any]) -> TermRow | None:
        fields = [part for part in _CHANGEABLE if part in values and getattr(term, part) != values[part]]
        if "valid_to" in fields and term.user_id:
            self._refuse("valid_to", _("這個人已有帳號，任期請在單位頁辦理延任或結束任期。"))
            return None
        before = {part: self._cell(part, term) for part in fields}
        for part in fields:
            setattr(term, part, values[part])
        if "valid_to" in fields and not self._days_are_right(term):
            return None
        self.changes += [[self._key(part), before[part], self._cell(part, term)] for part in fields]
        return TermRow(term, fields) if fields else None

    def _added(self, name: str, values: dict[str, Any]) -> TermRow | None:
        if "valid_from" not in values:
            self._refuse("valid_from", _("新的任期要填任期起。"))
            return None
        if self.office == Office.CHAIRPERSON and "valid_to" not in values:
            self._refuse("valid_to", _("%(head)s的任期要填迄日。") % {"head": self.body.head_word})
            return None
        term = OfficeTerm(organisation=self.body, office=self.office, **values | {"person_name": name})
        if not self._days_are_right(term):
            return None
        former = self.shown.person_name if self.shown else ""
        for part in _IN_ORDER:
            if new := self._cell(part, term):
                self.changes.append([self._key(part), former if part == "person_name" else "", new])
        return TermRow(term)

    def _days_are_right(self, term: OfficeTerm) -> bool:
        if term.valid_to and term.valid_to < term.valid_from:
            self._refuse("valid_to", _("任期迄不能早於任期起。"))
            return False
        if other := self._overlapping(term):
            message = _("這段期間已經登錄%(name)s（%(first)s到%(last)s）。請照登記的日期填，或先在單位頁結束那個任期。")
            params = {"name": other.person_name, "first": _day(other.valid_from), "last": _day(other.valid_to)}
            self._refuse("valid_from", message % params)
            return False
        if term.valid_to and term.valid_to > last_day_of(term.valid_from):
            message = _("理事、監事的任期最長%(years)d年（人民團體法第20條）。") % {"years": BOARD_YEARS}
            self._refuse("valid_to", message, "long")
        return True

    def _overlapping(self, term: OfficeTerm) -> OfficeTerm | None:
        """Return another term at the same time: of any chairperson, for other offices of the same person."""
        for other in self.all:
            is_another = other is not term and (
                self.office == Office.CHAIRPERSON or naming.same_person(other.person_name, term.person_name)
            )
            starts_before = term.valid_to is None or other.valid_from <= term.valid_to
            if is_another and starts_before and (other.valid_to is None or other.valid_to >= term.valid_from):
                return other
        return None

    def _refuse(self, part: str, sentence: str, code: str = "") -> None:
        self.problems.append(Problem(self._key(part), sentence, code))

    def _key(self, part: str) -> str:
        return f"{self.office}.{part}"

    def _cell(self, part: str, term: OfficeTerm) -> str:
        return BY_KEY[self._key(part)].shown(term)


def _day(day: dt.date | None) -> str:
    return roc_date.format_roc(day) if day else _("未訂")
