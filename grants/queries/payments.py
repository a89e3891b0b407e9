"""Reads of money: what was paid and came back of an award, and the list of what waits to be paid."""

from dataclasses import dataclass, replace

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from grants.enums import AwardStatus, InstalmentStatus, LedgerKind, RulingStatus
from grants.models import Award, Instalment, Sanction
from grants.rules import payments as law
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.money import format_amount

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
    """Sums of an award's ledger, whole NT dollars; `committed` includes the surcharge."""

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
        sums.get(LedgerKind.COMMITTED, 0) + sums.get(LedgerKind.SURCHARGE, 0),
        sums.get(LedgerKind.RELEASED, 0),
        sums.get(LedgerKind.PAID, 0),
        sum(sums.get(kind, 0) for kind in BACK),
    )


def refund_due(award: Award) -> int:
    """What must still come back once the settlement is accepted (K7.3a) or a decision by 柒三 is confirmed; 0 before,
    and when all came back.
    """
    outcome = outcome_of(award, movements(award))
    return outcome.refund if outcome else 0


def outcome_of(award: Award, money: Movements) -> law.Settlement | None:
    """What the county bears of the award and what is to be paid or returned, with its arithmetic; None while open."""
    if award.status == AwardStatus.NOT_EXECUTED:
        return law.settlement(award.total, money.held, 0, executed=False)
    settlement = getattr(award, "settlement", None)
    accepted = settlement.eligible if settlement is not None and settlement.accepted_on is not None else None
    if award.status == AwardStatus.REVOKED:
        return misused(award, money, accepted, _misused_amount(award))
    return None if accepted is None else settled(award, money, accepted, settlement.surcharge)


def settled(award: Award, money: Movements, eligible: int, surcharge: int) -> law.Settlement:
    """柒一、三 on what was approved and what is eligible, each with the +20 % (K3.I.2.3) that is borne on top."""
    told = law.settlement(award.total + surcharge, money.held, eligible + surcharge)
    if not surcharge:
        return told
    words = _("（都含收費加成 %(extra)s 元）") % {"extra": format_amount(surcharge)}
    return replace(told, arithmetic=told.arithmetic + words)


def misused(award: Award, money: Movements, accepted: int | None, amount: int) -> law.Settlement:
    """What comes back where `amount` was misused (K7.3d); without an accepted settlement all that was paid counts as
    spent, and what was misused of it comes back.
    """
    if accepted is None:
        return law.settlement(award.total, money.held, money.paid, disallowed=amount)
    extra = award.settlement.surcharge
    return law.settlement(award.total + extra, money.held, accepted + extra, disallowed=amount)


def _misused_amount(award: Award) -> int:
    decided = award.sanctions.filter(status=RulingStatus.CONFIRMED)
    return decided.aggregate(total=Sum("disallowed"))["total"] or 0


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

    decided = Sanction.objects.filter(award=OuterRef("pk"), status=RulingStatus.CONFIRMED)
    misuse = Coalesce(Subquery(decided.values("disallowed")[:1]), 0)
    over = Q(settlement__accepted_on__isnull=False, status=AwardStatus.COMPLETED)
    ended = scope.awards(user).filter(over | Q(status__in=(AwardStatus.NOT_EXECUTED, AwardStatus.REVOKED)))
    paid = ended.annotate(paid=total((LedgerKind.PAID,)), back=total(BACK), misused=misuse)
    extra = Coalesce("settlement__surcharge", 0)
    # Before acceptance the surcharge is 0 and nothing is eligible: all that was paid counts as spent.
    spent = Greatest(Coalesce(F("settlement__eligible") + extra, "paid") - F("misused"), 0)
    money = BigIntegerField()
    borne = Case(
        When(status=AwardStatus.NOT_EXECUTED, then=0), default=Least(F("total") + extra, spent), output_field=money
    )
    rows = paid.annotate(held=F("paid") - F("back")).annotate(due=F("held") - borne).filter(due__gt=0)
    since = Coalesce("settlement__accepted_on", Subquery(decided.values("confirmed_on")[:1]))
    return rows.annotate(since=since).select_related("application__organisation").order_by("since", "id")


def counts(user: User) -> dict[str, int]:
    """How many wait in each view, two queries."""
    rows = scope.instalments(user).aggregate(
        **{view: Count("pk", filter=Q(status__in=statuses)) for view, statuses in VIEWS.items() if view != "paid"}
    )
    return rows | {"returns": returns(user).count()}
