"""The list of awards."""

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import DateField, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least, NullIf

from grants.enums import BACK, RUNNING, DeadlineKind, LedgerKind
from grants.models import Award, Deadline, LedgerEntry, SettlementLine
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.lib import clock

from . import scope

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    SummedAward = WithAnnotations[Award, "Sums"]

# Behind plan: half of the time is over, and what was spent is so many percent points behind it.
HALF, GAP = 50, 30
# Silent: nobody of the association has signed in for so many days.
SILENT_DAYS = 30


def listed(user: User) -> QuerySet[Award]:
    """Return the awards that the user may see, the newest first: `paid` and `back` in whole NT dollars, `due_on` the day
    by which its settlement is due (None once it was sent).
    """
    waits = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT, done_on=None)
    rows = with_sums(scope.awards(user, in_view=True))
    return rows.annotate(due_on=Subquery(waits.order_by("due_on").values("due_on")[:1])).order_by("-id")


def shown(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Return the awards with what only a row shows: without it they are counted by their index alone."""
    officer = Coalesce(NullIf("application__officer__display_name", Value("")), "application__officer__username")
    rows = awards.select_related("application__organisation", "application__programme", "settlement")
    return rows.annotate(officer_name=officer)


class Sums(TypedDict):
    """What `with_sums` adds to an award, whole NT dollars."""

    paid: int
    back: int


def with_sums(awards: QuerySet[Award]) -> "QuerySet[SummedAward]":
    """Return the awards with what was paid and what came back."""
    return awards.annotate(paid=_total(LedgerKind.PAID), back=_total(*BACK))


def paid_of(awards: QuerySet[Award]) -> int:
    """Return what was paid of all these awards, in whole NT dollars, without adding up each of them."""
    return _sum_of(awards, LedgerKind.PAID)


def back_of(awards: QuerySet[Award]) -> int:
    """Return what came back of all these awards, likewise."""
    return _sum_of(awards, *BACK)


def _sum_of(awards: QuerySet[Award], *kinds: LedgerKind) -> int:
    entries = LedgerEntry.objects.filter(award__in=awards.values("pk"), kind__in=kinds)
    total: int | None = entries.aggregate(sum=Sum("amount"))["sum"]
    return total or 0


def _total(*kinds: LedgerKind) -> Coalesce:
    entries = LedgerEntry.objects.filter(award=OuterRef("pk"), kind__in=kinds).order_by()
    return Coalesce(Subquery(entries.values("award").annotate(sum=Sum("amount")).values("sum")), Value(0))


def at_risk(user: User) -> QuerySet[Award]:
    """Return the running awards that need a look, those with the least time first. `elapsed` is how much of the time is
    over, in percent; `spent` what was entered so far; `seen_on` when somebody of the association last signed in.
    """
    rows = with_progress(listed(user), clock.today())
    return rows.filter(behind() | silent()).order_by("ends_on", "-id")


def with_progress(awards: QuerySet[Award], today: dt.date) -> QuerySet[Award]:
    """Return those of the awards that run on the day and sent no account yet, with their progress."""
    lines = SettlementLine.objects.filter(settlement__award=OuterRef("pk")).order_by().values("settlement__award")
    posts = Post.objects.filter(role=Role.MEMBER, organisation_id=OuterRef("application__organisation_id")).order_by()
    over = _days(Least(Value(today, output_field=DateField()), F("ends_on")), F("starts_on"))
    running = awards.filter(status__in=RUNNING, starts_on__lte=today, settlement__submitted_on__isnull=True)
    return running.annotate(
        elapsed=over * 100 / Greatest(_days(F("ends_on"), F("starts_on")), 1),
        spent=Coalesce(Subquery(lines.annotate(sum=Sum("spent")).values("sum")), Value(0)),
        seen_on=Subquery(posts.values("organisation_id").annotate(last=Max("user__last_login__date")).values("last")),
    )


def behind() -> Q:
    """Return the filter of awards that spent less than their time would have them."""
    return Q(elapsed__gte=HALF) & Q(spent__lt=F("total") * (F("elapsed") - GAP) / 100)


def silent() -> Q:
    """Return the filter of awards whose association is silent, counted from the approval if nobody ever signed in."""
    since = clock.today() - dt.timedelta(days=SILENT_DAYS)
    return Q(seen_on__lt=since) | Q(seen_on__isnull=True, approved_on__lt=since)


def _days(later: Any, earlier: Any) -> Func:
    return Func(later, earlier, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())
