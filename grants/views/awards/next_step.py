"""The first line of an award's page: the next payment or the settlement, whichever is this person's turn."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import DeadlineKind, InstalmentStatus
from grants.models import Award, Instalment
from grants.views.payments.instalments import Card
from grants.views.settlements.next_step import Next, next_of
from grants.views.settlements.viewer import Page
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.template_tags import days_left, overdue

# The step of a page of its own → its address and its words. To send a receipt back is never the first thing to do.
STEPS = {
    "request": ("grants:instalment_request", "請送第 %(n)d 期款 %(amount)s 元的領據"),
    "approve": ("grants:instalment_approve", "第 %(n)d 期款 %(amount)s 元的領據已到，請核付"),
    "pay": ("grants:instalment_pay", "第 %(n)d 期款 %(amount)s 元已核付，請撥款"),
}
WAITING = {
    InstalmentStatus.AWAITING_RECEIPT: "等申請單位送第 %(n)d 期款的領據",
    InstalmentStatus.REQUESTED: "第 %(n)d 期款的領據已送出，等縣府核付",
    InstalmentStatus.APPROVED: "第 %(n)d 期款已核付，等出納撥款",
}


def next_of_award(user: User, award: Award, cards: Sequence[Card]) -> Next:
    """A payment that this person can move on; else the settlement when it is their turn; else what is waited for."""
    for card in cards:
        for move in card.moves:
            if move.name in STEPS:
                return _step(award, card.instalment, move.name, move.label)
    settlement = _settlement(user, award)
    waited = next((card.instalment for card in cards if card.instalment.status in WAITING), None)
    if waited is None or settlement.state != "waits":
        return settlement
    if award.notified_on is None:
        return Next(_("等縣府發核定函，發文後才送領據"))
    return Next(_(WAITING[InstalmentStatus(waited.status)]) % _words(waited))


def _step(award: Award, row: Instalment, name: str, label: str) -> Next:
    address, text = STEPS[name]
    due = award.deadlines.filter(kind=DeadlineKind.FIRST_RECEIPT, instalment=row, done_on__isnull=True).first()
    sub = _("期限 %(due)s，%(left)s。") % {"due": format_roc(due.due_on), "left": days_left(due.due_on)} if due else ""
    late = due is not None and overdue(due.due_on)
    url = reverse(address, args=[award.number, row.number])
    return Next(_(text) % _words(row), sub, "late" if late else "", url=url, label=str(label))


def _settlement(user: User, award: Award) -> Next:
    """What the settlement's page says, leading there."""
    following = next_of(Page(user, award, getattr(award, "settlement", None)))
    back = following.form_id in ("money-back", "return-proof")
    if following.form_id:
        following.form_id, following.url, following.label = (
            "",
            reverse("grants:settlement_detail", args=[award.number]),
            _("到繳回") if back else _("到結報"),
        )
    return following


def _words(row: Instalment) -> dict[str, object]:
    return {"n": row.number, "amount": format_amount(row.amount)}
