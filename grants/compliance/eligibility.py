"""What a body may apply for, shown before its first question: programmes by part, with sums and reasons against."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from communities.models import Organisation
from grants.models import Application, Programme, Scheme
from grants.queries.applications.other_cases import letters_of_bars
from grants.queries.law.pages import address_of
from grants.queries.law.sums import Sum, sums_of
from grants.queries.schemes.public import UsualSum, usual_sums
from grants.rules.findings import Evaluation
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib import clock

from .judging import judge_start
from .rulesets import ruleset_for

# Kinds of finding that do not count here: blanks are asked later, and notices are of papers.
_LATER = ("blank", "notice")


@dataclass(frozen=True)
class Reason:
    """Why not. With `here` the reason holds for the township of the body, not for the body itself."""

    message: str
    label: str
    url: str
    here: bool = False


@dataclass(frozen=True)
class Choice:
    """A programme to choose. `stops` are the reasons why it cannot be filed at present."""

    programme: Programme
    sums: list[Sum]
    usual: UsualSum | None
    stops: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    earlier: list[Application] = field(default_factory=list)


@dataclass(frozen=True)
class Offer:
    """A scheme for one body: its programmes by part. `stops` are the reasons against every one of them, `letters` those by
    which the body may not apply.
    """

    body: Organisation | None
    scheme: Scheme
    parts: list[tuple[str, list[Choice]]]
    stops: list[Reason] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)


def offer(scheme: Scheme, body: Organisation | None = None, earlier: Iterable[Application] = ()) -> Offer:
    """Return the scheme's programmes with what the law says of the body, if there is one. A fixed number of queries."""
    day = clock.today()
    ruleset = ruleset_for(scheme, day)
    usual, programmes = usual_sums(scheme), scheme.offered(day)
    codes = [programme.code for programme in programmes]
    judged = judge_start(body, scheme, codes, body.township_id or "") if body else {}
    old = [case for case in earlier if body and case.organisation_id == body.pk]
    choices = [
        Choice(
            programme,
            sums_of(ruleset, programme.code, day),
            usual.get(programme.pk),
            *_reasons(judged.get(programme.code), ruleset, scheme),
            [case for case in old if case.programme_id == programme.pk],
        )
        for programme in programmes
    ]
    common = [reason for reason in choices[0].stops if all(reason in row.stops for row in choices)] if choices else []
    parts: dict[str, list[Choice]] = {}
    for choice in choices:
        choice.stops[:] = [reason for reason in choice.stops if reason not in common]
        parts.setdefault(choice.programme.part, []).append(choice)
    letters = letters_of_bars(body.pk, day) if body and common else []
    return Offer(body, scheme, list(parts.items()), common, letters)


def _reasons(evaluation: Evaluation | None, ruleset: RuleSet, scheme: Scheme) -> tuple[list[Reason], list[Reason]]:
    """Return the reasons against filing, and those that hold only where the body is at home."""
    stops: list[Reason] = []
    notes: list[Reason] = []
    for found in evaluation.errors if evaluation else ():
        if found.kind in _LATER or (found.kind == "missing" and found.fact):
            continue
        clause = ruleset.clauses.get(found.clause)
        here = found.fact == "service_area"
        label = clause.label if clause else found.clause
        reason = Reason(found.message, label, address_of(scheme.slug, found.clause), here)
        (notes if here else stops).append(reason)
    return stops, notes
