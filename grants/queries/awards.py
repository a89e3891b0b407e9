"""The list of awards."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from grants.enums import BACK, DeadlineKind, LedgerKind
from grants.models import Award, Deadline, LedgerEntry
from miaoli_kaohsiung.accounts.models import User

from . import scope

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    SummedAward = WithAnnotations[Award, "Sums"]


def listed(user: User) -> QuerySet[Award]:
    """Return the awards that the user may see, the newest first: `paid` and `back` in whole NT dollars, `due_on` the day
    by which its settlement is due (None once it was sent).
    """
    waits = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT, done_on=None)
    officer = Coalesce(NullIf("application__officer__display_name", Value("")), "application__officer__username")
    rows = with_sums(scope.awards(user, in_view=True)).annotate(
        due_on=Subquery(waits.order_by("due_on").values("due_on")[:1]),
        officer_name=officer,
    )
    return rows.select_related("application__organisation", "application__programme", "settlement").order_by("-id")


class Sums(TypedDict):
    """What `with_sums` adds to an award, whole NT dollars."""

    paid: int
    back: int


def with_sums(awards: QuerySet[Award]) -> "QuerySet[SummedAward]":
    """Return the awards with what was paid and what came back."""
    return awards.annotate(paid=_total(LedgerKind.PAID), back=_total(*BACK))


def _total(*kinds: LedgerKind) -> Coalesce:
    entries = LedgerEntry.objects.filter(award=OuterRef("pk"), kind__in=kinds).order_by()
    return Coalesce(Subquery(entries.values("award").annotate(sum=Sum("amount")).values("sum")), Value(0))
