"""What a payment, or an approval taken back, does to the batch on which the instalment stands.

Called with the award and the instalment locked; a batch is always locked after them.
"""

from django.db import connection
from django.utils.translation import gettext_lazy as _l

from grants.enums import BatchPaymentState, PaymentBatchStatus
from grants.models import BatchPayment, Instalment, PaymentBatch
from grants.workflow import treasury
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib.locks import lock

LEAVE = actions.register("payment_batch.leave", _l("自付款清冊取出"))
# Any number, as long as no other advisory lock takes the same first key.
TREASURY_LOCK = 88_110


def lock_treasury(county: str) -> None:
    """Let one transaction of a county at a time number batches and compare voucher numbers. After awards, before batches."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [TREASURY_LOCK, county])


def lock_batch(batch: PaymentBatch) -> PaymentBatch:
    return lock(PaymentBatch.objects.all(), pk=batch.pk)


def note_paid(instalment: Instalment) -> None:
    """Mark the instalment's row as paid, and its batch as paid in part or whole."""
    place = treasury.with_the_treasury(instalment)
    if place is None:
        return
    batch = lock_batch(place.batch)
    BatchPayment.objects.filter(pk=place.pk).update(state=BatchPaymentState.PAID)
    advance(batch)


def leave_draft(instalment: Instalment, reason: str) -> None:
    """Take an instalment off a batch that is not sent, because its approval was taken back."""
    place = treasury.waiting_place(instalment)
    if place is not None:
        take_off(lock_batch(place.batch), place, BatchPaymentState.TAKEN_OUT, reason)


def take_off(batch: PaymentBatch, place: BatchPayment, state: BatchPaymentState, reason: str) -> None:
    """Let a row leave the paper; the batch is locked."""
    BatchPayment.objects.filter(pk=place.pk).update(state=state, reason=reason[:200])
    trail.record(
        LEAVE,
        batch,
        before={"state": place.state},
        after={"state": state, "amount": place.amount, "reason": reason},
        case=place.instalment.award.number,
    )


def advance(batch: PaymentBatch) -> None:
    """Move a batch on by what became of its rows; the batch is locked."""
    states = set(batch.payments.values_list("state", flat=True))
    paid = BatchPaymentState.PAID in states
    if BatchPaymentState.WAITING not in states:
        treasury.move(batch, "pay_whole" if paid else "end", None)
    elif paid and batch.status == PaymentBatchStatus.SENT:
        treasury.move(batch, "pay_part", None)
