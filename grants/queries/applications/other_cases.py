"""What other cases already hold of what this case asks for: applications of the year, people's months, aides.

Takes four queries however many cases there are; those that each judgement asks are built once in a process.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypedDict, cast

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from communities.queries import township_name
from grants.enums import NOT_RUNNING, RUNNING, DeadlineKind, RulingStatus, SanctionEvent
from grants.models import Application, Award, AwardLine, BudgetLine, Deadline, Sanction
from grants.rules.ruleset import load
from miaoli_kaohsiung.lib.prepared import Prepared

AIDE_ITEM = "elder_aide"
# The key of a case that is not stored.
NO_CASE = 0
# The rules name townships as they were called in 2010, whatever they are called on the day of filing (A32).
NAMES_OF = dt.date(2010, 6, 1)
# The role of the clause in its law on which each decision rests.
BAN_ROLES: dict[str, str] = {
    SanctionEvent.NOT_EXECUTED: "ban_not_executed",
    SanctionEvent.MISUSE: "ban_misused",
    SanctionEvent.REVOKED: "misused",
}


class HeldLine(TypedDict):
    """A line of another live case: `own` if it is of the same organisation, `near` if it is of the same community."""

    item: str
    person: str
    month: str
    amount: int
    quantities: dict[str, Any]
    number: str
    own: bool
    near: bool


def township_names(codes: Iterable[str], on: dt.date = NAMES_OF) -> dict[str, str]:
    """Return township code → the name in force on the day."""
    return {code: township_name(code, on) for code in codes if code}


class OtherCase(NamedTuple):
    """Another application of the year: its programme, its scheme, and what it holds in whole NT dollars."""

    programme: str
    scheme: int
    amount: int


def others_this_year(case: Application, on: dt.date) -> list[OtherCase]:
    """Return the organisation's other live applications first filed in the calendar year of `on` (A21), with the approved
    amount, or the requested one before approval.
    """
    year = {"first": dt.date(on.year, 1, 1), "last": dt.date(on.year, 12, 31)}
    return [OtherCase(*row) for row in _OF_A_YEAR(body=case.organisation_id, case=case.pk or NO_CASE, **year)]


def _of_a_year(*, body: Any, case: Any, first: Any, last: Any) -> QuerySet[Any, Any]:
    rows = _live_but(case).filter(organisation=body, first_filed_on__gte=first, first_filed_on__lte=last)
    return rows.values_list("programme__code", "scheme", Coalesce("award__total", "requested_total"))


_OF_A_YEAR = Prepared(_of_a_year)


def held_lines(case: Application, people: set[str], *, aides: bool, beyond: bool) -> list[HeldLine]:
    """Return lines of other live cases that affect this one, with the approved amount, or the requested one before
    approval.

    `people` are folded names: their lines are sought among the organisation's cases, or with `beyond` among all cases
    of the county. Aides are counted within the community: the organisation's village, or the organisation alone if the
    village is not known.
    """
    wanted = Q(pk__in=[])
    if people:
        near = Q(application__county=case.county) if beyond else Q(application__organisation=case.organisation_id)
        wanted |= Q(people__overlap=sorted(people)) & near
    if aides:
        wanted |= Q(item=AIDE_ITEM) & _community(case)
    if not people and not aides:
        return []
    approved = AwardLine.objects.filter(line=OuterRef("pk")).values("approved")[:1]
    rows = BudgetLine.objects.filter(wanted, application__in=_live_but(case.pk))
    found = list(
        rows.annotate(
            amount=Coalesce(Subquery(approved), F("requested")),
            number=F("application__number"),
            own=Case(When(application__organisation=case.organisation_id, then=True), default=False),
            near=Case(When(_community(case), then=True), default=False),
        ).values("item", "person", "month", "amount", "quantities", "number", "own", "near")
    )
    return cast("list[HeldLine]", found)


def late_awards(organisation_id: Any, on: Any) -> QuerySet[Award]:
    """Return the organisation's awards that were settled late, or are overdue and not settled yet (K7.2b), the oldest
    deadline first; `due_on` is the legal deadline.
    """
    term = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT).values("due_on")[:1]
    rows = Award.objects.filter(application__organisation=organisation_id).annotate(due_on=Subquery(term))
    running = Q(status__in=RUNNING, due_on__lt=on)
    never = running & Q(settlement__submitted_on__isnull=True)
    return rows.filter(Q(settlement__late=True) | never).order_by("due_on", "pk")


def late_settlements(case: Application, on: dt.date) -> int:
    """Return how many of the organisation's other awards were settled late or are overdue on the day (K7.2b)."""
    return len(_LATE(body=case.organisation_id, case=case.pk or NO_CASE, on=on))


_LATE = Prepared(
    lambda *, body, case, on: late_awards(body, on).exclude(application_id=case).order_by().values_list("pk", flat=True)
)


@dataclass(frozen=True)
class Bars:
    """The bars of 柒三 against a case: (first day, last day, decision, clause) of each ban that covers its filing, and
    `this_time`: whether it is the one application that a misuse decision returns.
    """

    bans: tuple[tuple[dt.date, dt.date, str, str], ...] = ()
    this_time: bool = False


_NUMBER = Coalesce(NullIf("decision_number", Value("")), "letter__dispatch_number", Value(""))


def bars(case: Application, on: dt.date) -> Bars:
    """Return the bars, in one query. A decision does not affect earlier filings: the law bars applying, not deciding."""
    filed = case.first_filed_on is not None
    found = _BARS(filed, body=case.organisation_id, case=case.pk or NO_CASE, day=case.first_filed_on or on)
    law = load(case.scheme.ruleset)
    bans = tuple((start, end, number, law.cite(BAN_ROLES[event])) for start, end, number, event in found if start)
    return Bars(bans, this_time=len(bans) < len(found))


def _bars(filed: bool, *, body: Any, case: Any, day: Any) -> QuerySet[Any, Any]:
    mine = Q(consumed_by=case)
    this_time = Q(next_application=True) & (mine if filed else mine | Q(consumed_by__isnull=True))
    rows = _notified(body).filter(Q(barred_from__lte=day, barred_to__gte=day) | this_time)
    return rows.values_list("barred_from", "barred_to", _NUMBER, "event")


_BARS = Prepared(_bars)


def letters_of_bars(body: int, on: dt.date) -> list[str]:
    """Return the numbers of the letters by which a body may not apply on the day, the oldest first."""
    waits = Q(next_application=True, consumed_by__isnull=True)
    rows = _notified(body).filter(Q(barred_from__lte=on, barred_to__gte=on) | waits)
    return [number for number in rows.order_by("decided_on", "pk").values_list(_NUMBER, flat=True) if number]


def _notified(body: Any) -> QuerySet[Sanction]:
    return Sanction.objects.filter(organisation=body, status=RulingStatus.CONFIRMED, notified_on__isnull=False)


def _live_but(case: Any) -> QuerySet[Application]:
    return Application.objects.exclude(status__in=NOT_RUNNING).exclude(pk=case)


def _community(case: Application) -> Q:
    organisation = case.organisation
    own = Q(application__organisation=organisation.pk)
    if not organisation.village or not organisation.township_id:
        return own
    return own | Q(
        application__organisation__township=organisation.township_id,
        application__organisation__village=organisation.village,
    )
