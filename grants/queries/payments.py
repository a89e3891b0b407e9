"""Reads of money: what was paid and came back of an award, and the list of what waits to be paid."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least

from grants.enums import AwardStatus, InstalmentStatus, LedgerKind
from grants.models import Award, Instalment
from grants.rules import payments as law
from miaoli_kaohsiung.accounts.models import User

from . import scope

BACK = (LedgerKind.RETURNED, LedgerKind.RECOVERED)
ENDED = (InstalmentStatus.PAID, InstalmentStatus.CANCELLED)
# The filters of the list: the address' word → the statuses it shows.
VIEWS = {
    "to_approve": (InstalmentStatus.REQUESTED,),
    "to_pay": (InstalmentStatus.APPROVED,),
    "awaiting": (InstalmentStatus.AWAITING_RECEIPT,),
    "scheduled": (InstalmentStatus.SCHEDULED,),
    "paid": (InstalmentStatus.PAID,),
}


@dataclass(frozen=True)
class Movements:
    """Sums of an award's ledger, whole NT dollars."""

    committed: int
    released: int
    paid: int
    back: int

    @property
    def held(self) -> int:
        """What the association has of the county's money now."""
        return self.paid - self.back


def movements(award: Award) -> Movements:
    """One query."""
    sums = dict(award.entries.values_list("kind").annotate(total=Sum("amount")).order_by())
    return Movements(
        sums.get(LedgerKind.COMMITTED, 0),
        sums.get(LedgerKind.RELEASED, 0),
        sums.get(LedgerKind.PAID, 0),
        sum(sums.get(kind, 0) for kind in BACK),
    )


def refund_due(award: Award) -> int:
    """What must still come back once the settlement is accepted (K7.3a); 0 before, and when all came back."""
    settlement = getattr(award, "settlement", None)
    if settlement is None or settlement.eligible is None or settlement.accepted_on is None:
        return 0
    return law.settlement(award.total, movements(award).held, settlement.eligible).refund


def unpaid(award: Award) -> QuerySet[Instalment]:
    return award.instalments.exclude(status__in=ENDED)


def instalments(user: User, view: str) -> QuerySet[Instalment]:
    """The instalments that the user may see in the statuses of the view, oldest request first; paid: newest first."""
    rows = scope.instalments(user).filter(status__in=VIEWS[view])
    order = ("-paid_on", "-id") if view == "paid" else (F("requested_on").asc(nulls_last=True), "id")
    return rows.select_related("award__application__organisation").order_by(*order)


def returns(user: User) -> QuerySet[Award]:
    """Awards of which money must still come back, with `due` and `held` in whole NT dollars."""

    def total(kinds: tuple[str, ...]) -> Coalesce:
        return Coalesce(Sum("entries__amount", filter=Q(entries__kind__in=kinds)), 0)

    settled = scope.awards(user).filter(settlement__accepted_on__isnull=False, status=AwardStatus.COMPLETED)
    held = settled.annotate(held=total((LedgerKind.PAID,)) - total(BACK))
    rows = held.annotate(due=F("held") - Least("total", "settlement__eligible")).filter(due__gt=0)
    return rows.select_related("application__organisation", "settlement").order_by("settlement__accepted_on", "id")


def counts(user: User) -> dict[str, int]:
    """How many wait in each view, two queries."""
    rows = scope.instalments(user).aggregate(
        **{view: Count("pk", filter=Q(status__in=statuses)) for view, statuses in VIEWS.items() if view != "paid"}
    )
    return rows | {"returns": returns(user).count()}
