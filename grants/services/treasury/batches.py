"""付款清冊: made from ticked instalments, sent to the treasury, called back; rows taken out before or sent back after.

Whatever is on a batch was approved and its letter issued; making and sending ask both. Awards are locked before the batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import BEFORE_SENDING, WITH_TREASURY, BatchPaymentState, PaymentBatchStatus
from grants.models import Award, BatchPayment, Instalment, PaymentBatch
from grants.queries import scope
from grants.queries.treasury import payments_of
from grants.services import notices
from grants.services.locks import lock_award
from grants.workflow import payments, treasury
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock_all
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import roc_year

from . import places

MAKE = actions.register("payment_batch.make", _l("編製付款清冊"))


@dataclass(frozen=True)
class LeftOut:
    """A ticked instalment that did not get onto the batch, and why."""

    instalment: Instalment
    reason: str


def make(user: User, keys: Sequence[int]) -> tuple[PaymentBatch, list[LeftOut]]:
    """Put the ticked instalments on a new batch; those that cannot be paid are left out. Raises Refused if all are."""
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER)):
        rows = _locked(scope.instalments(user).filter(pk__in=keys).values_list("pk", flat=True))
        if not rows:
            raise Refused(_("請先勾選要付的款。"))
        county = rows[0].award.county
        checked = [(row, _unfit(user, row, county)) for row in rows]
        taken = [row for row, reason in checked if not reason]
        left = [LeftOut(row, reason) for row, reason in checked if reason]
        if not taken:
            raise Refused(_("勾選的款都不能編進清冊：%(why)s") % {"why": _in_words(left)})
        places.lock_treasury(county)
        batch = _numbered(user, county)
        BatchPayment.objects.bulk_create(_row(batch, place, row) for place, row in enumerate(taken, 1))
        total = sum(row.amount for row in taken)
        trail.record(MAKE, batch, after={"number": batch.number, "rows": len(taken), "total": total})
    return batch, left


def send(user: User, batch: PaymentBatch) -> PaymentBatch:
    """Send the batch to the treasury: from now on it may be paid. Sent once more by the same person, nothing changes."""
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER)):
        rows = {row.pk: row for row in _locked(_waiting(batch).values_list("instalment", flat=True))}
        batch = places.lock_batch(batch)
        if batch.status == PaymentBatchStatus.SENT and batch.sent_by_id == user.pk:
            return batch
        wrong = []
        for place in _waiting(batch):
            row = rows.get(place.instalment_id)
            answer = payments.ready_for_treasury(row, user) if row else None
            if not answer:
                params = {"position": place.position, "why": answer.reason if answer is not None else _("剛剛有變動。")}
                wrong.append(_("序號 %(position)d：%(why)s") % params)
        if wrong:
            raise Refused(_("有款項現在不能付，請先取出再送：%(why)s") % {"why": "".join(wrong)})
        columns = {"sent_by": user, "sent_on": clock.today()}
        return treasury.move(batch, "send", user, columns, number=batch.number)


def recall(user: User, batch: PaymentBatch, *, reason: str) -> PaymentBatch:
    """Call a batch back of which nothing is paid yet, so that it can be changed and sent again."""
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER)):
        columns = {"sent_by": None, "sent_on": None}
        return treasury.move(places.lock_batch(batch), "recall", user, columns, reason=reason)


def discard(user: User, batch: PaymentBatch, *, reason: str) -> PaymentBatch:
    """Give up a batch that is not sent; its instalments can go on another one."""
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER)):
        batch = places.lock_batch(batch)
        treasury.move(batch, "discard", user, reason=reason)
        _waiting(batch).update(state=BatchPaymentState.TAKEN_OUT, reason=reason[:200])
        return batch


def take_out(user: User, place: BatchPayment, *, reason: str) -> None:
    """Take one instalment off a batch that is not sent."""
    _leave(user, place, BEFORE_SENDING, BatchPaymentState.TAKEN_OUT, reason)


def send_back(user: User, place: BatchPayment, *, reason: str) -> None:
    """Record that the treasury did not pay one instalment of a batch; it stays approved."""
    _leave(user, place, WITH_TREASURY, BatchPaymentState.SENT_BACK, reason)


def _leave(
    user: User, place: BatchPayment, while_in: Sequence[PaymentBatchStatus], state: BatchPaymentState, reason: str
) -> None:
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER)):
        lock_award(place.instalment.award)
        batch = places.lock_batch(place.batch)
        require(treasury.may_keep(batch, user))
        place = payments_of(batch).get(pk=place.pk)
        if place.state == state:
            return
        if place.state != BatchPaymentState.WAITING or batch.status not in while_in:
            params = {"row": place.get_state_display(), "batch": batch.get_status_display()}
            raise Refused(_("這一筆目前是「%(row)s」，清冊是「%(batch)s」，不能這樣辦。") % params)
        places.take_off(batch, place, state, reason)
        if state == BatchPaymentState.SENT_BACK:
            places.advance(batch)
            _notify_officers(place.instalment, reason)


def _notify_officers(row: Instalment, reason: str) -> None:
    """What is wrong with a payment is often mended with the association: its officer asks it, or takes the approval back."""
    params = {"n": row.number, "amount": format_amount(row.amount), "reason": reason}
    text = _("出納沒有付第 %(n)d 期款 %(amount)s 元：%(reason)s。核付仍然有效，可以請單位更正，或收回核付。") % params
    notices.about_part(row, notices.officers(row.award.application), "unpaid", _("出納退回一筆付款"), text)


def _locked(keys: Iterable[int]) -> list[Instalment]:
    """Return the instalments in the order of their cases, locked after their awards."""
    rows = Instalment.objects.filter(pk__in=list(keys))
    awards = Award.objects.filter(pk__in=rows.values("award")).order_by("pk")
    related = awards.select_related("application__organisation", "application__scheme", "settlement")
    known = {award.pk: award for award in lock_all(related)}
    found = lock_all(rows.order_by("award_id", "number"))
    for row in found:
        row.award = known[row.award_id]
    return found


def _unfit(user: User, row: Instalment, county: str) -> str:
    """Return why the instalment cannot go on a new batch of the county, "" if it can."""
    if row.award.county != county:
        return _("不是同一個縣的款，請分開編。")
    place = treasury.waiting_place(row)
    if place is not None:
        return _("已編在付款清冊 %(number)s。") % {"number": place.batch.number}
    if reason := payments.TABLE.answer(row, "pay", user).reason:
        return reason
    if row.amount == 0:
        return _("金額是 0 元，不用付款。")
    return "" if row.kept_account else _("領據上沒有帳戶，不能編進清冊，請單獨撥付。")


def _in_words(left: Sequence[LeftOut]) -> str:
    return "".join(f"{one.instalment.award.number}：{one.reason}" for one in left[:5])


def _numbered(user: User, county: str) -> PaymentBatch:
    today = clock.today()
    year = roc_year(today.year)
    last = PaymentBatch.objects.filter(county=county, year=year).aggregate(last=Max("serial"))["last"] or 0
    return PaymentBatch.objects.create(
        county=county, year=year, serial=last + 1, number=f"{year}-{last + 1:03}", made_by=user, made_on=today
    )


def _row(batch: PaymentBatch, position: int, row: Instalment) -> BatchPayment:
    account = row.kept_account
    return BatchPayment(
        batch=batch,
        instalment=row,
        position=position,
        amount=row.amount,
        bank_code=account.code,
        bank_account=account.number,
        bank_account_name=account.name,
    )


def _waiting(batch: PaymentBatch) -> QuerySet[BatchPayment]:
    return batch.payments.filter(state=BatchPaymentState.WAITING).order_by("position")
