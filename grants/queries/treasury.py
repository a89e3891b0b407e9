"""Reads of the treasury: batches and their rows, instalments that can go on one, and voucher numbers that were used."""

from typing import TYPE_CHECKING, TypedDict

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from grants.enums import WRITTEN_ROWS, BatchPaymentState, EntryCorrection, InstalmentStatus, LedgerKind
from grants.models import BatchPayment, Instalment, LedgerEntry, PaymentBatch, PaymentImport
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.lib.shown import mark

from . import scope

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedBatch = WithAnnotations[PaymentBatch, "Counted"]
    PayableInstalment = WithAnnotations[Instalment, "Placed"]

ON_PAPER = (BatchPaymentState.WAITING, BatchPaymentState.PAID)


class Counted(TypedDict):
    """What `batches` annotates: rows and amounts that stand on the paper, and what of them was paid."""

    rows: int
    total: int | None
    paid: int | None


class Placed(TypedDict):
    """What `to_pay` annotates: the number of the batch on which the instalment waits, None if on none."""

    batch_number: str | None


def batches(user: User) -> "QuerySet[CountedBatch]":
    """Return the batches of the user's counties, the newest first. One with a case in which the person has an interest
    is left out.
    """
    seen = PaymentBatch.objects.filter(county__in=counties_with(user, COUNTY_READERS))
    kept_apart = BatchPayment.objects.filter(~scope.apart(user, "instalment__award__application"), batch=OuterRef("pk"))
    on_paper = Q(payments__state__in=ON_PAPER)
    return seen.exclude(Exists(kept_apart)).annotate(
        rows=Count("payments", filter=on_paper),
        total=Sum("payments__amount", filter=on_paper),
        paid=Sum("payments__amount", filter=Q(payments__state=BatchPaymentState.PAID)),
    )


def payments_of(batch: PaymentBatch) -> QuerySet[BatchPayment]:
    """Return all rows of a batch with what its page and papers show."""
    return batch.payments.select_related("instalment__award__application__organisation").order_by("position")


def on_paper(batch: PaymentBatch) -> QuerySet[BatchPayment]:
    """Return the rows that stand on the paper: not those that were taken out or sent back."""
    return payments_of(batch).filter(state__in=ON_PAPER)


def shown_of(batch: PaymentBatch) -> str:
    """Return the mark of what is sent with the batch: which payments, how much, to which accounts."""
    rows = on_paper(batch).values_list("instalment_id", "amount", "bank_code", "bank_account", "state")
    return mark(batch.status, *rows)


def to_pay(rows: QuerySet[Instalment]) -> "QuerySet[PayableInstalment]":
    """Add to approved instalments the number of the batch on which each waits."""
    waits = BatchPayment.objects.filter(instalment=OuterRef("pk"), state=BatchPaymentState.WAITING)
    return rows.annotate(batch_number=Subquery(waits.values("batch__number")[:1], output_field=CharField()))


def may_make_batches(user: User) -> bool:
    return bool(counties_with(user, Role.FINANCE_OFFICER))


def vouchers_used(county: str, number: str, besides: Instalment | None = None) -> QuerySet[LedgerEntry]:
    """Return what the county paid with this voucher number, payments that came back included."""
    paid = LedgerEntry.objects.filter(kind=LedgerKind.PAID, amount__gt=0, note=number, award__county=county)
    entries = paid.exclude(corrected_by__correction__in=(EntryCorrection.MISTAKEN, EntryCorrection.PARTICULARS))
    if besides is not None:
        entries = entries.exclude(instalment=besides)
    return entries.select_related("award", "instalment")


def payables(county: str, cases: set[str]) -> dict[tuple[str, int], Instalment]:
    """Return the county's instalments of these cases by number of the case and of the instalment."""
    rows = Instalment.objects.filter(award__county=county, award__number__in=cases)
    rows = rows.exclude(status=InstalmentStatus.CANCELLED).select_related(
        "award__application__organisation", "award__application__scheme", "award__settlement"
    )
    return {(row.award.number, row.number): row for row in rows}


def to_record(found: PaymentImport) -> int:
    """Return what the file's payments come to once it is confirmed, in whole NT dollars."""
    written = found.rows.filter(outcome__in=WRITTEN_ROWS)
    return written.aggregate(sum=Sum("instalment__amount"))["sum"] or 0


def imports(user: User) -> QuerySet[PaymentImport]:
    """Return the files of the treasury that were brought to the counties in which the user pays."""
    rows = PaymentImport.objects.filter(county__in=counties_with(user, Role.FINANCE_OFFICER))
    return rows.select_related("made_by", "confirmed_by").order_by(F("pk").desc())
