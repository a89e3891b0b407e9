"""Reads of money: what was paid and came back for an award, and the lists of what waits to be paid."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grants.enums import (
    BACK,
    NOTHING_DONE,
    PAID_OR_CANCELLED,
    SET_ASIDE,
    UNSUCCESSFUL,
    AmendmentStatus,
    AwardStatus,
    DeadlineKind,
    InstalmentStatus,
    LedgerKind,
    RulingStatus,
)
from grants.models import Amendment, Application, Award, Deadline, Instalment, LedgerEntry, Reopening, Sanction
from grants.rules import payments
from grants.rules.ruleset import RuleSet, load
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.shown import mark

from . import scope

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    AwardWithTerms = WithAnnotations[Award, "Terms"]
    OwingAward = WithAnnotations[Award, "Owed"]

# So many rows of a view or of a queue of the desk are counted; what a page says of more is 100+. Its list counts on.
MOST_COUNTED = 100
# The filters of the list: the word in the address → the status it shows; "mine" shows all.
VIEWS = {
    "to_approve": InstalmentStatus.REQUESTED,
    "to_pay": InstalmentStatus.APPROVED,
    "awaiting": InstalmentStatus.AWAITING_RECEIPT,
    "scheduled": InstalmentStatus.SCHEDULED,
    "paid": InstalmentStatus.PAID,
}


@dataclass(frozen=True)
class Movements:
    """Sums of an award's ledger, whole NT dollars; `committed` includes the surcharge, `released` is less what was
    restored.
    """

    committed: int
    released: int
    paid: int
    back: int

    @property
    def held(self) -> int:
        """How much of the county's money the association has now."""
        return self.paid - self.back


_SUMS = Prepared(
    lambda award: LedgerEntry.objects.filter(award=award).values_list("kind").annotate(total=Sum("amount")).order_by()
)


def movements(award: Award) -> Movements:
    """Return the sums of the award's ledger, in one query."""
    return movements_and_overpaid(award)[0]


def movements_and_overpaid(award: Award) -> tuple[Movements, int]:
    """Return the same with what left without an approval and has not come back, in whole NT dollars; in one query too."""
    sums = dict(_SUMS(award=award.pk))
    money = Movements(
        sum(sums.get(kind, 0) for kind in SET_ASIDE),
        sums.get(LedgerKind.RELEASED, 0) - sums.get(LedgerKind.RESTORED, 0),
        sums.get(LedgerKind.PAID, 0),
        sum(sums.get(kind, 0) for kind in BACK),
    )
    return money, sums.get(LedgerKind.OVERPAID, 0) - sums.get(LedgerKind.REGAINED, 0)


def first_paid_on(award: Award) -> dt.date | None:
    """Return the day of the first payment that stands; nothing comes back before it."""
    standing = award.entries.filter(kind=LedgerKind.PAID, amount__gt=0, corrected_by=None)
    first = standing.order_by("on").first()
    return first.on if first else None


def overpaid(award: Award) -> int:
    """Return what left without an approval and has not come back, in whole NT dollars."""
    return movements_and_overpaid(award)[1]


def with_overpaid(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Return those of the awards of which something left without an approval and has not come back."""
    return awards.filter(debts__kind=DeadlineKind.OVERPAID)


def ledger_of(award: Award) -> QuerySet[LedgerEntry]:
    """Return the award's entries in their order, each with its instalment, its author and what it takes back."""
    return award.entries.select_related("instalment", "by", "corrects", "corrected_by")


def refund_due(award: Award) -> int:
    """Return what must still come back once the settlement is accepted (K7.3a) or a decision by 柒三 is confirmed; 0
    before, and when all has come back.
    """
    outcome = outcome_of(award, movements(award))
    return outcome.refund if outcome else 0


def award_of(case: Application) -> Award | None:
    """Return the award of the case with its settlement, read once for the row `case`; not for what is locked and changed."""
    relation: Any = Application._meta.get_field("award")
    if not relation.is_cached(case):
        found = _AWARD.first(case=case.pk)
        relation.set_cached_value(case, found)
        if found is not None:
            found.application = case
    award: Award | None = relation.get_cached_value(case)
    return award


_AWARD = Prepared(lambda case: Award.objects.filter(application=case).select_related("settlement"))


def has_outcome(award: Award) -> bool:
    """Return whether it stands what the county bears of the award, so that money may be paid or come back."""
    settlement = getattr(award, "settlement", None)
    accepted = settlement is not None and settlement.accepted_on is not None
    return accepted or award.status in NOTHING_DONE or award.status == AwardStatus.REVOKED


def outcome_of(award: Award, money: Movements) -> payments.Settlement | None:
    """Return what the county bears of the award and what is to be paid or returned, with its arithmetic; None while
    open.
    """
    if not has_outcome(award):
        return None
    if turned_down(award):
        return taken_back(award, money)
    if award.status in NOTHING_DONE:
        return payments.settlement(
            award.total, money.paid, 0, executed=False, returned=money.back, ruleset=law_of(award)
        )
    settlement = getattr(award, "settlement", None)
    if settlement is not None and settlement.accepted_on is not None:
        return settled(award, money, settlement.eligible, settlement.surcharge)
    return revoked(award, money, misused_amount(award))


def settled(
    award: Award, money: Movements, eligible: int, surcharge: int, *, disallowed: int | None = None
) -> payments.Settlement:
    """Return the result of 柒一、三 for what was approved and what is eligible, each with the +20 % (K3.I.2.3) borne on
    top, less what was decided to be misused (K7.3d). With `disallowed` None the confirmed decisions are read.
    """
    misused = misused_amount(award) if disallowed is None else disallowed
    settlement = payments.settlement(
        award.total + surcharge,
        money.paid,
        eligible + surcharge,
        disallowed=misused,
        returned=money.back,
        ruleset=law_of(award),
    )
    if not surcharge:
        return settlement
    words = _("（都含收費加成 %(extra)s 元）") % {"extra": format_amount(surcharge)}
    return replace(settlement, arithmetic=settlement.arithmetic + words)


def revoked(award: Award, money: Movements, misused: int) -> payments.Settlement:
    """Return the result for an award revoked before its account was accepted: no voucher was judged, so the association
    keeps what was paid, less what was misused of it.
    """
    settlement = payments.settlement(
        money.paid, money.paid, money.paid, disallowed=misused, returned=money.back, ruleset=law_of(award)
    )
    params = {
        "paid": format_amount(money.paid),
        "misused": format_amount(min(misused, money.paid)),
        "back": format_amount(money.back),
        "due": format_amount(settlement.refund),
    }
    text = _("已撥付 %(paid)s 元中，支用不當 %(misused)s 元應繳回，已繳回 %(back)s 元，還要繳回 %(due)s 元")
    return replace(settlement, arithmetic=text % params)


def turned_down(award: Award) -> bool:
    """Return whether the case was decided anew and turned down: then the award has no ground any more."""
    return award.status == AwardStatus.REVOKED and award.application.status in UNSUCCESSFUL


def taken_back(award: Award, money: Movements) -> payments.Settlement:
    """Return the result for an award whose case was turned down after all: all that was paid comes back."""
    params = {"paid": format_amount(money.paid), "back": format_amount(money.back), "due": format_amount(money.held)}
    text = _("重新審查後不予補助，已撥付 %(paid)s 元應全數繳回")
    if money.back:
        text += _("，已繳回 %(back)s 元，還要繳回 %(due)s 元")
    return payments.Settlement(0, money.held, 0, text % params, ())


def law_of(award: Award) -> RuleSet:
    """Return the law by which the award was made, as filed; its sums cite the clauses of this law."""
    return load(award.application.scheme.ruleset)


def misused_amount(award: Award) -> int:
    """Return what confirmed decisions of 柒三 say was misused, in whole NT dollars."""
    decided = award.sanctions.filter(status=RulingStatus.CONFIRMED)
    return decided.aggregate(total=Sum("disallowed"))["total"] or 0


def misuse() -> Coalesce:
    """Return the expression for `misused_amount`, to annotate awards of a query."""
    decided = Sanction.objects.filter(award=OuterRef("pk"), status=RulingStatus.CONFIRMED).order_by()
    return Coalesce(Subquery(decided.values("award").annotate(sum=Sum("disallowed")).values("sum")), 0)


class Terms(TypedDict):
    """What `with_terms` adds to an award."""

    settlement_due: dt.date | None
    misused: int


def with_terms(awards: QuerySet[Award]) -> "QuerySet[AwardWithTerms]":
    """Return the awards with `settlement_due`, the day by which the 結報 is due (None if no deadline is set), and
    `misused`.
    """
    term = Deadline.objects.filter(award=OuterRef("pk"), kind=DeadlineKind.SETTLEMENT).order_by("due_on", "pk")
    return awards.annotate(settlement_due=Subquery(term.values("due_on")[:1]), misused=misuse())


def shown_of(part: Instalment, move: str) -> str:
    """Return the mark of what is approved, or paid, on the page of this step: amount, receipt, account."""
    approved = (part.approved_by_id, part.approved_on) if move == "pay" else ()
    account = tuple(part.kept_account or ())
    return mark(part.amount, part.receipt_id, part.receipt_number, part.requested_on, account, approved)


def unpaid(award: Award) -> QuerySet[Instalment]:
    return award.instalments.exclude(status__in=PAID_OR_CANCELLED)


def instalments(user: User, view: str) -> QuerySet[Instalment]:
    """Return the instalments that the user may see in the view's statuses, oldest request first; paid ones newest
    first.

    `due_on` is the day by which its receipt, or the settlement that it waits for, is due; one that waits for its receipt
    is not late by the settlement.
    """
    open_ones = Deadline.objects.filter(done_on__isnull=True).order_by("due_on").values("due_on")
    receipt = Subquery(open_ones.filter(instalment=OuterRef("pk"))[:1])
    either = Q(award=OuterRef("award"), kind=DeadlineKind.SETTLEMENT) | Q(instalment=OuterRef("pk"))
    waits = Case(
        When(status=InstalmentStatus.AWAITING_RECEIPT, then=receipt), default=Subquery(open_ones.filter(either)[:1])
    )
    rows = scope.instalments(user, in_view=True).annotate(due_on=waits)
    if view != "mine":
        rows = rows.filter(status=VIEWS[view])
    order = ("-paid_on", "-id") if view == "paid" else (F("requested_on").asc(nulls_last=True), "id")
    if view == "mine":
        order = ("-award", "number")
    return rows.select_related("award__application__organisation").order_by(*order)


class Owed(TypedDict):
    """What `owing` annotates."""

    due: int
    held: int
    since: dt.date
    due_on: dt.date | None


def returns(user: User, *, in_view: bool = False) -> "QuerySet[OwingAward]":
    """Return the awards that the user may see of which money must still come back, the first due first: see `owing`."""
    rows = owing(scope.awards(user, in_view=in_view)).select_related("application__organisation")
    return rows.order_by(F("due_on").asc(nulls_last=True), "id")


def owing(awards: QuerySet[Award]) -> "QuerySet[OwingAward]":
    """Return the awards of which money must still come back: `due` and `held` in whole NT dollars, `since` the day of
    the decision, `due_on` the day by which it must be back (None until the daily job has set it). What is due stands in
    `Debt`, which the database keeps; `services.audit.reconciling` compares it with `outcome_of`.
    """
    decided = Sanction.objects.filter(award=OuterRef("pk"), status=RulingStatus.CONFIRMED).order_by()
    last = Subquery(decided.order_by("-confirmed_on").values("confirmed_on")[:1])
    given_up = Amendment.objects.filter(award=OuterRef("pk"), status=AmendmentStatus.APPROVED)
    anew = Reopening.objects.filter(application=OuterRef("application")).order_by("-pk").values("decided_anew_on")[:1]
    since = Coalesce("settlement__accepted_on", last, Subquery(given_up.values("decided_on")[:1]), Subquery(anew))
    # One row an award: a debt of this kind stands there once.
    return awards.filter(debts__kind=DeadlineKind.RETURN).annotate(
        due=F("debts__amount"), held=F("debts__held"), since=since, due_on=F("debts__due_on")
    )


def arms(user: User) -> dict[str, QuerySet[Any]]:
    """Return the rows of each view of instalments and debts that says how many it has, without their order."""
    rows, debts = scope.instalments(user, in_view=True), scope.debts(user, in_view=True)
    found: dict[str, QuerySet[Any]] = {"mine": rows, "returns": debts.filter(kind=DeadlineKind.RETURN)}
    found |= {view: rows.filter(status=status) for view, status in VIEWS.items() if view != "paid"}
    return {view: arm.order_by() for view, arm in found.items()}


def counting(user: User, arms: Mapping[str, QuerySet[Any]]) -> QuerySet[User, dict[str, int]]:
    """Return the query of how many rows each of these has, counted to MOST_COUNTED and one more, for the user. Rows have
    the order of an index by which they are found, or none.
    """
    numbers = {name: _counted(rows) for name, rows in arms.items()}
    found: QuerySet[User, dict[str, int]] = User.objects.filter(pk=user.pk).annotate(**numbers).values(*arms)
    return found


def in_words(number: int | None) -> str:
    """Return a number of `counting` as the page shows it; "" where there is none."""
    if number is None:
        return ""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def _counted(rows: QuerySet[Any]) -> Func:
    """Return the expression for the number of the rows, which reads no more than one row too many."""
    some = ArraySubquery(rows.values("pk")[: MOST_COUNTED + 1])
    return Func(some, function="cardinality", output_field=IntegerField())
