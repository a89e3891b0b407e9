"""How an association stands with the county: what it applied for, was given, settled and owes, and what is against it.

The same panel stands wherever somebody decides about the association, and on its page in the registry.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, cast

from django.db.models import BigIntegerField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from communities.enums import OrganisationKind, OrganisationStatus
from communities.models import Organisation
from communities.queries import lapsed_posts, with_chair_term
from grants.enums import BACK, SET_ASIDE, DeadlineKind, LedgerKind, LetterStatus, RulingStatus
from grants.models import (
    Application,
    Award,
    CentralRequest,
    Conflict,
    Debt,
    Duty,
    LedgerEntry,
    Letter,
    Sanction,
    Settlement,
)
from grants.queries import health
from grants.queries.applications.other_cases import late_awards
from grants.queries.payments import owing
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import ever_held, posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared

# How many cases, letters and visits the page of the registry lists; the sums count all.
LISTED = 20


class Figures(TypedDict):
    """Sums over all years, in whole NT dollars, numbers of things, and whether there are debts and decisions of 柒三."""

    filed: int
    awards: int
    approved: int
    paid: int
    back: int
    settled: int
    central_asked: int
    central_granted: int
    duties_late: int
    owed_now: int
    in_time_now: int
    owed_before: int
    in_time_before: int
    owes: bool
    decided: bool
    visited_on: dt.date | None
    chair_until: dt.date | None


# What a room above knows of an association beside its tier, in sentences for whoever decides.
Read = Callable[[Organisation], list[str]]
_READS: list[Read] = []


def tell_beside_tier(read: Read) -> Read:
    """Let these sentences stand wherever somebody of the county reads how an association stands."""
    _READS.append(read)
    return read


@dataclass(frozen=True)
class Standing:
    """`late` are awards with their `due_on`, those never settled included; `owing` awards with `due` and `due_on`;
    `decisions` those of 柒三.
    """

    organisation: Organisation
    figures: Figures
    late: list[Award]
    owing: list[Any]
    decisions: list[Sanction]
    beside_tier: list[str]

    @property
    def owed(self) -> int:
        """What must still come back, in whole NT dollars."""
        return sum(award.due for award in self.owing)

    @property
    def faultless(self) -> bool:
        return not (self.late or self.owing or self.decisions)

    @property
    def days_late(self) -> int:
        """By how many days the worst settlement is or was late; one that was never sent counts until today."""
        return max((_days_late(award) for award in self.late), default=0)

    @property
    def health(self) -> list[health.Share]:
        """How much of what it owed was done in time, this year and the year before; nothing of a year without."""
        this, figures = clock.today().year, self.figures
        years = [
            health.Share(this, figures["in_time_now"], figures["owed_now"]),
            health.Share(this - 1, figures["in_time_before"], figures["owed_before"]),
        ]
        return [year for year in years if year.counted]

    @property
    def never_graded(self) -> bool:
        """Whether it is of those that are evaluated and has no tier of any year."""
        body = self.organisation
        return body.kind == OrganisationKind.COMMUNITY_ASSOCIATION and not body.current_tier

    @property
    def dissolved(self) -> bool:
        return self.organisation.status == OrganisationStatus.DISSOLVED

    @property
    def chair_is_over(self) -> bool:
        until = self.figures["chair_until"]
        return until is not None and until < clock.today()


def standing_of(organisation: Organisation, *, notified: bool = False) -> Standing:
    """Return how it stands, in a few queries. `notified` is for the association's own eyes: it leaves out decisions whose
    letter is not issued yet, and what other rooms tell the county.
    """
    today = clock.today()
    figures = _figures_of(organisation, today)
    return Standing(
        organisation,
        figures,
        # Most owe nothing, and of most nothing was decided.
        _LATE(today, body=organisation.pk) if figures["awards"] else [],
        _OWING(body=organisation.pk) if figures["owes"] else [],
        _DECIDED(notified, body=organisation.pk) if figures["decided"] else [],
        [] if notified else [sentence for read in _READS for sentence in read(organisation)],
    )


def _figures_of(organisation: Organisation, today: dt.date) -> Figures:
    row = _FIGURES(today, body=organisation.pk)[0]
    sums = dict.fromkeys(_ADDED_UP, 0) | (row.pop("of_money") or {}) | (row.pop("of_duties") or {})
    figures: Any = row | {name: number or 0 for name, number in sums.items()}
    return cast("Figures", figures)


def standing_for(user: User, organisation: Organisation) -> Standing | None:
    """Return how it stands as far as the user may read it. Only the county's staff, the auditor and the association
    itself do, the association a decision only once its letter is issued; None for everybody else.
    """
    if reads_as_county(user, organisation):
        return standing_of(organisation)
    return standing_of(organisation, notified=True) if _belongs(user, organisation) else None


def reads_as_county(user: User, organisation: Organisation) -> bool:
    """Return whether the user reads it for the county; not with an interest in any case of the organisation."""
    if ever_held(user, Role.REVIEWER):
        if Conflict.holding.filter(person=user.pk, application__organisation=organisation).exists():
            return False
    return any(post.role in COUNTY_READERS and post.county == organisation.county for post in posts_of(user))


def cases_of(organisation: Organisation) -> QuerySet[Application]:
    """Return its newest cases, each with the `paid`, `back` and `settled` of its award; None without one."""
    rows = Application.objects.filter(organisation=organisation).exclude(first_filed_on=None)
    rows = rows.select_related("programme", "award__settlement").order_by("-first_filed_on", "-pk")
    entries = LedgerEntry.objects.filter(award__application=OuterRef("pk"))
    return rows.annotate(
        paid=_sum(entries.filter(kind=LedgerKind.PAID), "award__application"),
        back=_sum(entries.filter(kind__in=BACK), "award__application"),
    )[:LISTED]


def central_of(organisation: Organisation) -> QuerySet[CentralRequest]:
    """Return its newest requests to central programmes (M5.1)."""
    return CentralRequest.objects.filter(organisation=organisation).select_related("programme")[:LISTED]


def letters_to(organisation: Organisation) -> QuerySet[Letter]:
    """Return the newest letters issued about its cases."""
    rows = Letter.objects.filter(application__organisation=organisation).exclude(status=LetterStatus.DRAFT)
    return rows.select_related("application").order_by("-dispatched_on", "-pk")[:LISTED]


def visits_to(organisation: Organisation) -> QuerySet[Duty]:
    """Return the newest visits of the county to it, with what was talked about (M4.3b)."""
    return (
        Duty.objects.filter(organisation=organisation, key="guidance")
        .exclude(done_on=None)
        .order_by("-held_on", "-pk")[:LISTED]
    )


# --- Parts -----------------------------------------------------------------------------------------------------------------


def _decided(notified: bool, body: Any) -> QuerySet[Sanction]:
    rows = Sanction.objects.filter(organisation=body, status=RulingStatus.CONFIRMED)
    if notified:
        rows = rows.filter(notified_on__isnull=False)
    return rows.select_related("award", "letter__replaced_by")


_BY_BODY = "award__application__organisation"
_MONEY = {
    "approved": Sum("amount", filter=Q(kind__in=SET_ASIDE)),
    "paid": Sum("amount", filter=Q(kind=LedgerKind.PAID)),
    "back": Sum("amount", filter=Q(kind__in=BACK)),
}
# The figures that `_at_once` adds up.
_ADDED_UP = (*_MONEY, "duties_late", "owed_now", "in_time_now", "owed_before", "in_time_before")


def _figures(today: dt.date, body: Any) -> QuerySet[Any, Any]:
    mine = {"application__organisation": OuterRef("pk")}
    filed = Application.objects.filter(organisation=OuterRef("pk")).exclude(first_filed_on=None)
    accepted = Settlement.objects.filter(award__application__organisation=OuterRef("pk")).exclude(accepted_on=None)
    duties = Duty.objects.filter(organisation=OuterRef("pk"))
    visits = duties.filter(key="guidance").exclude(done_on=None).order_by("-held_on")
    rows = with_chair_term(Organisation.objects.filter(pk=body)).annotate(
        filed=_count(filed, "organisation"),
        awards=_count(Award.objects.filter(**mine), "application__organisation"),
        of_money=_at_once(
            LedgerEntry.objects.filter(award__application__organisation=OuterRef("pk")), _MONEY, _BY_BODY
        ),
        settled=_sum(accepted, _BY_BODY, F("eligible") + F("surcharge")),
        central_asked=_count(CentralRequest.objects.filter(organisation=OuterRef("pk")), "organisation"),
        central_granted=_sum(CentralRequest.objects.filter(organisation=OuterRef("pk")), "organisation", "granted"),
        of_duties=_at_once(duties, _duties(today), "organisation"),
        owes=Exists(Debt.objects.filter(kind=DeadlineKind.RETURN, award__application__organisation=OuterRef("pk"))),
        decided=Exists(Sanction.objects.filter(organisation=OuterRef("pk"), status=RulingStatus.CONFIRMED)),
        visited_on=Subquery(visits.values("held_on")[:1]),
    )
    figures: QuerySet[Any, Any] = rows.values("of_money", "of_duties", *(Figures.__annotations__.keys() - _ADDED_UP))
    return figures


_FIGURES = Prepared(_figures)
_LATE = Prepared(lambda today, body: late_awards(body, today).select_related("settlement"))
_OWING = Prepared(lambda body: owing(Award.objects.filter(application__organisation=body)).order_by("due_on", "pk"))
_DECIDED = Prepared(_decided)


def _duties(today: dt.date) -> dict[str, Count]:
    """Return how many duties are late, what was owed this year and the year before, and what of it was done in time."""
    found = {"duties_late": Count("pk", filter=Q(done_on=None, due_on__lt=today))}
    for when, year in (("now", today.year), ("before", today.year - 1)):
        owed = health.counted(year, today)
        found |= {
            f"owed_{when}": Count("pk", filter=owed),
            f"in_time_{when}": Count("pk", filter=owed & health.IN_TIME),
        }
    return found


def _at_once(rows: QuerySet[Any], sums: Mapping[str, Any], by: str) -> Subquery:
    """Return several sums of the same rows as one part of the query: the database plans each part by itself."""
    return Subquery(rows.order_by().values(by).annotate(_all=JSONObject(**sums)).values("_all"))


def _sum(rows: QuerySet[Any], by: str, what: Any = "amount") -> Coalesce:
    total = rows.order_by().values(by).annotate(_total=Sum(what)).values("_total")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    number = rows.order_by().values(by).annotate(_number=Count("pk")).values("_number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _days_late(award: Any) -> int:
    settlement = getattr(award, "settlement", None)
    sent = settlement.submitted_on if settlement else None
    late: dt.timedelta = (sent or clock.today()) - award.due_on
    return late.days


def _belongs(user: User, organisation: Organisation) -> bool:
    posts = [*posts_of(user), *lapsed_posts(user)]
    return any(post.role == Role.MEMBER and post.organisation_id == organisation.pk for post in posts)
