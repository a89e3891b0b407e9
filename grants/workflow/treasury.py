"""The life of a 付款清冊: drafted, with the treasury, paid in part or whole. And where an instalment stands on one."""

from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import WITH_TREASURY, BatchPaymentState
from grants.enums import PaymentBatchStatus as S
from grants.models import Application, BatchPayment, Instalment, PaymentBatch
from grants.permissions import CountyGround, holds
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny

from . import core
from .core import Columns, Move, Screen, Table


def waiting_place(instalment: Instalment) -> BatchPayment | None:
    """Return the batch's row on which the instalment waits to be paid, None if it is on none."""
    rows = instalment.batch_payments.filter(state=BatchPaymentState.WAITING)
    return rows.select_related("batch").first()


def with_the_treasury(instalment: Instalment) -> BatchPayment | None:
    """Return the place of the instalment on a batch that was sent, so that it may be paid at any minute."""
    place = waiting_place(instalment)
    return place if place and place.batch.status in WITH_TREASURY else None


def not_on_a_draft(instalment: Instalment, user: User) -> Answer:
    """Refuse to pay what stands on a batch that is not sent yet."""
    place = waiting_place(instalment)
    if place is None or place.batch.status != S.DRAFTED:
        return ALLOW
    message = _("這一件編在付款清冊 %(number)s，還沒有送出納。請先送出清冊，或把這一件取出。")
    return deny(message % {"number": place.batch.number})


def not_with_the_treasury(instalment: Instalment, user: User) -> Answer:
    """Refuse to take an approval back while the treasury may pay."""
    place = with_the_treasury(instalment)
    if place is None:
        return ALLOW
    message = _("這一件在付款清冊 %(number)s，已送出納付款。請主計出納先在清冊登記「退回未付」，再退回核付。")
    return deny(message % {"number": place.batch.number})


def _has_payments(batch: PaymentBatch, user: User) -> Answer:
    waits = batch.payments.filter(state=BatchPaymentState.WAITING).exists()
    return ALLOW if waits else deny(_("這份清冊已經沒有要付的款，不用送出納。"))


TABLE = Table(
    name="payment_batch",
    model=PaymentBatch,
    statuses=S,
    # The county of the batch, in the place of a case.
    case_of=lambda batch: cast("Application", CountyGround(batch.county)),
    threads=lambda batch: (f"payment_batch:{batch.pk}",),
    page="grants:payment_batch",
    moves=(
        Move(
            "send",
            _l("送出納付款"),
            frozenset([S.DRAFTED]),
            S.SENT,
            (Role.FINANCE_OFFICER,),
            (_has_payments,),
            Screen(form="send", queue="batch"),
        ),
        Move(
            "recall",
            _l("收回清冊"),
            frozenset([S.SENT]),
            S.DRAFTED,
            (Role.FINANCE_OFFICER,),
            screen=Screen(form="recall", grave=True),
        ),
        Move(
            "discard",
            _l("不編了"),
            frozenset([S.DRAFTED]),
            S.ENDED,
            (Role.FINANCE_OFFICER,),
            screen=Screen(form="discard", grave=True),
        ),
        Move("pay_part", _l("部分已撥付"), frozenset([S.SENT]), S.PART, ()),
        Move("pay_whole", _l("付款完畢"), frozenset([S.SENT, S.PART]), S.PAID, ()),
        Move("end", _l("全部退回未付"), frozenset([S.SENT]), S.ENDED, ()),
    ),
)


def may_keep(batch: PaymentBatch, user: User) -> Answer:
    """Return whether the person keeps this batch: what becomes of its rows, the files that leave the portal."""
    return holds(user, TABLE.case_of(batch), Role.FINANCE_OFFICER)


def move(batch: PaymentBatch, name: str, user: User | None, columns: Columns = None, **noted: object) -> PaymentBatch:
    return core.move(TABLE, batch, name, user, columns, **noted)
