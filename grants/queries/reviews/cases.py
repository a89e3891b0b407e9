"""What an officer and an approver read beside a case: the applicant's record, reviewers' scores, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from communities.queries import training
from grants.enums import Verdict
from grants.models import (
    Application,
    ApplicationVersion,
    Award,
    ChecklistAnswer,
    DutyEntry,
    Justification,
    Proposal,
    ReviewAssignment,
)
from grants.queries import duties
from grants.queries.applications import versions
from grants.queries.law.margins import Lawbook
from grants.queries.schemes import terms
from grants.queries.standing import Standing, standing_of
from grants.rules.findings import Evaluation
from grants.rules.ruleset import Clause, load
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_force
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared

from . import scores

# How many courses and visits are shown.
ATTENDED = 10
# How many earlier awards are shown; their sum counts all.
LISTED = 10


@dataclass(frozen=True)
class Record:
    """What the county knows of the applicant besides this case: how it stands in all, its earlier awards, its other
    cases of this year, last year's awards with what was spent and whether it came late (K7.5b).
    """

    standing: Standing
    awards: list[Award] = field(default_factory=list)
    cases: list[Application] = field(default_factory=list)
    last_year: list[Award] = field(default_factory=list)
    # The newest courses and visits that its people attended (M5.6, M5.7).
    attended: list[DutyEntry] = field(default_factory=list)
    # The same of courses for which they enrolled, each with the number of its people.
    courses: list[Any] = field(default_factory=list)


def record_of(case: Application) -> Record:
    """Return the record, in nine small queries. 今年 and 上年度 are counted from the portal's day, whenever the case was
    filed.
    """
    others = Application.objects.filter(organisation_id=case.organisation_id).exclude(pk=case.pk)
    year = clock.today().year
    own = Award.objects.filter(application__organisation=case.organisation_id).exclude(application=case.pk)
    last = own.filter(approved_on__year=year - 1)
    return Record(
        standing_of(case.organisation),
        list(own.order_by("-approved_on", "-pk")[:LISTED]),
        list(others.filter(first_filed_on__year=year).order_by("first_filed_on", "pk")),
        list(last.select_related("application", "settlement")),
        list(duties.attended(case.organisation_id)[:ATTENDED]),
        list(training.courses_of(case.organisation_id)[:ATTENDED]),
    )


def unscored_by_who_left() -> QuerySet[ReviewAssignment]:
    """Return reviews without a score that were asked of people who are no reviewers of the county any more."""
    place = {"user": OuterRef("reviewer"), "county": OuterRef("application__county")}
    reviewers = posts_in_force().filter(role=Role.REVIEWER, **place)
    rows = ReviewAssignment.objects.filter(~Exists(reviewers), submitted_on=None)
    return rows.exclude(interest=ReviewAssignment.Interest.CONFLICT)


@dataclass(frozen=True)
class CheckResult:
    """How far the check has come: items met and not met, each of these with its words and the officer's note."""

    met: int
    unmet: list[tuple[str, str]]


_PROPOSED = Prepared(lambda case: Proposal.objects.filter(application=case).order_by().values_list("pk", flat=True)[:1])


def was_proposed(case: Application) -> bool:
    """Return whether a decision was ever proposed, so that there is a memo."""
    return bool(_PROPOSED(case=case.pk))


_ANSWERS = Prepared(lambda case: ChecklistAnswer.objects.filter(application=case))


def check_result(case: Application) -> CheckResult | None:
    """Return what the officer answered so far, in one query; None before the first answer."""
    answers = _ANSWERS(case=case.pk)
    names, clauses = terms.paper_names(case), load(case.scheme.ruleset).clauses
    unmet = [(_item_words(row.item, names, clauses), row.note) for row in answers if row.verdict == Verdict.REFUSED]
    return CheckResult(sum(row.verdict == Verdict.ACCEPTED for row in answers), unmet) if answers else None


def _item_words(item: str, names: dict[str, str], clauses: Mapping[str, Clause]) -> str:
    kind, _colon, code = item.partition(":")
    if kind == "doc":
        return str(names.get(code, code))
    return clauses[kind].checklist if kind in clauses else kind


def reviewers_of(case: Application, weights: scores.Weights) -> list[ReviewAssignment]:
    """Return the assignments with `weighed`, the score by the weights of its day; None before scoring, or if nothing is
    scored.
    """
    today = clock.today()
    rows = list(case.assignments.select_related("reviewer").prefetch_related("scores"))
    for row in rows:
        row.weighed = scores.weighed(row, weights, today)  # type: ignore[attr-defined]  # for its row on the page
    return rows


def written_reasons(case: Application, evaluation: Evaluation, book: Lawbook) -> list[Justification]:
    """Return the association's reasons, each with the clause's `label` and what was `asked` there; nothing is asked any
    more if the case has been corrected since.
    """
    asked = {(found.clause, found.line): found.message for found in evaluation.warnings}
    rows = list(case.justifications.exclude(text="").select_related("line"))
    for row in rows:
        row.label = book.label(row.clause)  # type: ignore[attr-defined]  # for its row on the page
        found = asked.get((row.clause, str(row.line_id) if row.line_id else None), "")
        row.asked = found  # type: ignore[attr-defined]  # as well
    return rows


def assignment_of(user: User, number: str) -> ReviewAssignment | None:
    """Return the reviewer's own assignment for the case of that number, or None."""
    rows = ReviewAssignment.objects.filter(reviewer=user, application__number=number)
    return rows.select_related("application__organisation", "application__scheme", "application__programme").first()


def changed_since_correction(case: Application) -> list[tuple[str, str, str]]:
    """Return (what, before, after) between the version on which the last correction was asked and the newest one."""
    asked = case.corrections.select_related("version").first()
    newest: ApplicationVersion | None = case.versions.last()
    if asked is None or newest is None or asked.version_id == newest.pk:
        return []
    return versions.changes(case, asked.version.snapshot, newest.snapshot)
