"""The first panel of an award's page: the next payment or the settlement, whichever is this person's turn."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import DeadlineKind, InstalmentStatus
from grants.models import Award, Instalment
from grants.views.payments.instalments import Card
from grants.views.settlements.next_step import Next, next_of
from grants.views.settlements.viewer import Page
from grants.workflow.core import Move
from grants.workflow.payments import TABLE, letter_issued
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.lib.template_tags import days_left, overdue


def next_of_award(page: Page, cards: Sequence[Card]) -> Next:
    """Return a payment that this person can move on; else the settlement if it is their turn; else what is waited for."""
    award = page.award
    for card in cards:
        if card.account_changed:
            return _compare_accounts(award, card)
        usual = TABLE.usual(card.instalment.status)
        # Sending a receipt back is never the first thing to do.
        if usual and usual in card.moves:
            return _step(award, card.instalment, usual)
    settlement = _settlement(page)
    waits = ((card, usual) for card in cards if (usual := TABLE.usual(card.instalment.status)))
    waited = next(waits, None)
    if waited is None or settlement.state != "waits":
        return settlement
    if award.notified_on is None:
        return Next(_("等縣府發核定函，發文後才送領據"))
    card, usual = waited
    card.instalment.award = award
    if not (answer := letter_issued(card.instalment)):
        return Next(_("等縣府發函，發文後才請款"), str(answer.reason))
    if card.stopped:
        return Next(_("第 %(n)d 期款先停下：帳戶改過，等縣府退回領據，再用新帳戶重印") % _words(card.instalment))
    return Next(usual.waits % _words(card.instalment))


def _compare_accounts(award: Award, card: Card) -> Next:
    row = card.instalment
    text = _("第 %(n)d 期款先停下：帳戶在領據送出以後改過") % _words(row)
    sub = _("核付要先退回，領據請單位用新帳戶重印。") if row.status == InstalmentStatus.APPROVED else ""
    url = reverse(card.changed_url, args=[award.number, row.number])
    return Next(text, sub or _("領據請退回，請單位用新帳戶重印。"), "late", url=url, label=_("看兩個帳戶"))


def _step(award: Award, row: Instalment, move: Move) -> Next:
    terms = (one for one in award.deadlines.all() if one.kind == DeadlineKind.RECEIPT and one.instalment_id == row.pk)
    due = next((one for one in terms if one.done_on is None), None)
    sub = _("期限 %(due)s，%(left)s。") % {"due": format_roc(due.due_on), "left": days_left(due.due_on)} if due else ""
    late = due is not None and overdue(due.due_on)
    url = reverse(move.screen.page, args=[award.number, row.number])
    return Next(move.asks % _words(row), sub, "late" if late else "", url=url, label=move.button)


def _settlement(page: Page) -> Next:
    """Return the next step of the settlement's page, with a link to it."""
    award, following = page.award, next_of(page)
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
