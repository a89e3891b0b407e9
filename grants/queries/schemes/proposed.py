"""What a proposed scheme, change or year will look like, and what it does to the cases on their way."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grants.enums import BEFORE_FILING
from grants.models import Application, Scheme, SchemeRound, SchemeTerms
from grants.rules import catalogue
from miaoli_kaohsiung.lib import clock

from .public import when_open


@dataclass(frozen=True)
class Proposed:
    """A scheme as it would stand. `drafts` and `filed` are how many cases are written and have been filed."""

    scheme: Scheme
    when: list[str]
    township_first: bool
    programmes: list[tuple[str, str]]
    papers: list[Mapping[str, Any]]
    questions: list[Mapping[str, Any]]
    criteria: list[str]
    drafts: int
    filed: int


def proposed(scheme: Scheme, data: Mapping[str, Any]) -> Proposed:
    """Return the scheme with the values laid over what is in force. The scheme passed in is changed, not saved."""
    stored = scheme.pk is not None
    terms = scheme.dated_terms[-1] if stored and scheme.dated_terms else SchemeTerms()
    day, years = clock.today(), scheme.years
    if "year" in data:
        years = [row for row in years if row.year != data["year"]] + [_year(scheme, data)]
    else:
        _lay(scheme, data)
    said = {"township_first": terms.township_first, "criteria": terms.criteria, **data}
    cases = Application.objects.filter(scheme=scheme) if stored else Application.objects.none()
    scheme.years = years
    return Proposed(
        scheme,
        when_open(scheme, day),
        said["township_first"],
        _programmes(scheme, data) if stored or "purposes" in data else [],
        [*_of_the_law(scheme.ruleset), *data["papers"]],
        list(data["questions"]),
        [row.name for row in catalogue.review_criteria(scheme.ruleset)]
        or [f"{row['name']} {row['weight']}%" for row in said["criteria"]],
        cases.filter(status__in=BEFORE_FILING).count(),
        cases.filter(first_filed_on__isnull=False).count(),
    )


def _lay(scheme: Scheme, data: Mapping[str, Any]) -> None:
    for name in ("name", "short_name", "summary", "legal_basis", "number_prefix"):
        setattr(scheme, name, data[name])
    for name in ("opens_on", "closes_on"):
        setattr(scheme, name, dt.date.fromisoformat(data[name]) if data[name] else None)


def _year(scheme: Scheme, data: Mapping[str, Any]) -> SchemeRound:
    days = {name: dt.date.fromisoformat(data[name]) for name in ("opens_on", "closes_on")}
    return SchemeRound(scheme=scheme, year=data["year"], **days)


def _programmes(scheme: Scheme, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = catalogue.programmes(scheme.ruleset)
    said = data.get("purposes") or {row.code: row.purpose for row in scheme.programmes.all()}
    codes: Iterable[str] = data["programmes"]
    return [(known[code].name, said.get(code) or known[code].purpose) for code in codes if code in known]


def _of_the_law(law: str) -> list[Mapping[str, Any]]:
    return [{"name": paper.name, "help": paper.help, "law": True} for paper in catalogue.filing_papers(law)]
