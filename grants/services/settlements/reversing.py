"""An account that was accepted by mistake (or whose acceptance did not stand): one person asks to take the acceptance
back, the approver confirms it, and finance checks the vouchers anew.

Nothing is overwritten: what was admitted stays in the trail and in the change, the ledger gets entries the other way,
what is paid stays paid. The new acceptance then says what is paid after or asked back. Locks: envelope, award, settlement,
instalments.
"""

from dataclasses import dataclass
from typing import Any, Optional

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import (
    BEING_PAID,
    SANCTIONABLE,
    SENT,
    AwardStatus,
    DeadlineKind,
    EntryCorrection,
    InstalmentCondition,
    InstalmentStatus,
    LedgerKind,
    LetterKind,
    SettlementStatus,
)
from grants.models import Award, Deadline, Envelope, Instalment, Settlement
from grants.permissions import helped_with, holds
from grants.queries.payments import movements, refund_due, unpaid
from grants.services import notices
from grants.services.assets import entering
from grants.services.letters import drafts
from grants.services.locks import lock_award
from grants.services.payments.instalments import ACCOUNT, write_entry
from grants.services.treasury import places
from grants.workflow import awards, payments, settlements
from grants.workflow.treasury import not_with_the_treasury
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF, DECIDERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import Upload
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock, lock_all
from miaoli_kaohsiung.lib.money import format_amount

PROPOSERS = COUNTY_STAFF
# Who may have accepted an account, and so may take it back.
CONFIRMERS = DECIDERS
# What is no longer so of the account; the figures by line and voucher stay, to be checked again.
CLEARED: dict[str, Any] = {
    "accepted_by": None, "accepted_on": None, "notified_on": None, "eligible": None, "surcharge": 0,
    "sums_checked_by": None, "content_checked_by": None,
}  # fmt: skip
NOT_ASKED: dict[str, Any] = {
    "receipt_number": "", "requested_by": None, "requested_on": None, "approved_by": None, "approved_on": None,
    **dict.fromkeys(ACCOUNT, ""),
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Why the acceptance does not stand; `number` is the ruling on the appeal, or the memo that found the error."""

    number: str
    reason: str
    scan: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made


def ask(user: User, settlement: Settlement, ground: Ground) -> Change:
    """Ask to take the acceptance back. Nothing changes before the approver confirms it. Raises Refused."""
    award = settlement.award
    case = award.application
    require(holds(user, case, PROPOSERS))
    require(helped_with(user, case))
    _refuse_unfit(user, award, settlement)
    proposal = services.Proposal(
        county=case.county,
        subject=subject_of(award),
        title=_("撤銷核銷：%(number)s") % {"number": case.number},
        data={"settlement": settlement.pk},
        before={"eligible": settlement.eligible, "surcharge": settlement.surcharge, "accepted_on": str(settlement.accepted_on)},
        memo_number=ground.number,
        reason=ground.reason,
        scan=ground.scan,
    )  # fmt: skip
    return services.propose(user, KIND, proposal)


def subject_of(award: Award) -> str:
    return f"{award.number}:settlement"


def may_ask(settlement: Settlement) -> bool:
    """Return whether there is an acceptance that two people can take back here."""
    return settlement.status == SettlementStatus.ACCEPTED and settlement.award.status in SANCTIONABLE


def _refuse_unfit(user: User, award: Award, settlement: Settlement) -> None:
    settlement.award = award
    if not may_ask(settlement):
        raise Refused(_("已准予核銷、還沒有廢止的案件，才能撤銷核銷。"))
    for part in award.instalments.filter(status__in=BEING_PAID):
        part.award = award
        require(not_with_the_treasury(part, user))


def _apply(change: Change, by: Actor) -> None:
    """Take the acceptance back and let the account be checked anew, in the transaction that confirms it."""
    user = by.user
    assert user is not None
    found = Settlement.objects.select_related("award").get(pk=change.data["settlement"])
    # The envelope before the award, as acceptance does.
    lock(Envelope.objects.all(), no_key=True, pk=found.award.envelope_id)
    award = lock_award(found.award)
    row = lock(Settlement.objects.all(), pk=found.pk)
    require(holds(user, award.application, CONFIRMERS))
    require(helped_with(user, award.application))
    _refuse_unfit(user, award, row)
    if str(row.accepted_on) != change.before["accepted_on"] or row.eligible != change.before["eligible"]:
        raise Refused(_("提出以後又核銷過一次，請看過現在的金額，再重新提出。"))
    number, went_out = change.memo_number, row.notified_on is not None
    kept = {"eligible": row.eligible, "surcharge": row.surcharge, "accepted_by": row.accepted_by_id}
    settlements.move(row, "reverse", None, CLEARED, number=number, reason=change.reason, taken_back=kept)
    if award.status == AwardStatus.CLOSED:
        awards.move(award, "settle_again", None)
    award.settlement = row
    entering.withdraw(row)
    _set_aside_again(user, award, number)
    _lay_open(award, change.reason)
    for kind in (DeadlineKind.RETURN, DeadlineKind.RECEIPT):
        open_ones = Deadline.objects.filter(award=award, kind=kind, done_on__isnull=True)
        open_ones.exclude(instalment__status=InstalmentStatus.AWAITING_RECEIPT).update(done_on=clock.today())
    _letters(user, award, change, went_out=went_out)
    _notify(user, row)


def _set_aside_again(user: User, award: Award, number: str) -> None:
    """Take the surcharge back and hold again what the acceptance had released: all that was approved, or what is out."""
    extra = award.entries.filter(kind=LedgerKind.SURCHARGE, corrected_by=None, amount__gt=0).first()
    if extra is not None:
        why = EntryCorrection.REVERSED
        write_entry(user, award, LedgerKind.SURCHARGE, -extra.amount, note=number, corrects=(extra, why))
    money = movements(award)
    missing = max(award.total, money.held) - (money.committed - money.released)
    if missing > 0:
        write_entry(user, award, LedgerKind.RESTORED, missing, note=number)
    elif missing < 0:
        write_entry(user, award, LedgerKind.RELEASED, -missing, note=number)


def _lay_open(award: Award, reason: str) -> None:
    """Leave one instalment to wait for the new acceptance, with all that is not paid of what was approved."""
    left = award.total - movements(award).paid
    rows = lock_all(award.instalments.exclude(status=InstalmentStatus.PAID).order_by("number"))
    of_account = [row for row in rows if row.condition == InstalmentCondition.SETTLEMENT]
    last = of_account[-1] if of_account and left > 0 else None
    for row in rows:
        row.award = award
        if row.status in BEING_PAID:
            places.leave_draft(row, reason)
        amount = left if row == last else row.amount
        if row.status != InstalmentStatus.CANCELLED:
            payments.move(row, "take_back", None, NOT_ASKED | {"amount": amount}, amount=amount, reason=reason)
        elif row == last:
            payments.move(row, "restore", None, NOT_ASKED | {"amount": amount}, amount=amount, reason=reason)
        if row != last and row.status != InstalmentStatus.CANCELLED:
            payments.move(row, "cancel", None)
    if last is None and left > 0:
        end = award.instalments.order_by("-number")[0]
        Instalment.objects.create(
            award=award,
            number=end.number + 1,
            amount=left,
            condition=InstalmentCondition.SETTLEMENT,
            status=InstalmentStatus.SCHEDULED,
            clause=end.clause,
        )


def _letters(user: User, award: Award, change: Change, *, went_out: bool) -> None:
    """Discard what the acceptance had drafted; what went out is taken back by a letter."""
    case = award.application
    drafts.drop(case, LetterKind.SETTLEMENT_ACCEPTED, LetterKind.RETURN)
    sent = case.letters.filter(kind=LetterKind.SETTLEMENT_ACCEPTED, status__in=SENT).order_by("-pk").first()
    if not went_out or sent is None:
        return
    drafts.prepare(
        user,
        case,
        LetterKind.SETTLEMENT_WITHDRAWN,
        {"change": change.pk},
        decision_number=change.memo_number,
        earlier=drafts.cited(sent),
        reason=" ".join(change.reason.split()),
    )


def _notify(user: User, row: Settlement) -> None:
    case = row.award.application
    text = _("原來的核銷已撤銷，縣府會重新核對憑證；已撥的款項先不動，重新核銷後再多退少補。")
    people = [*notices.members(case), *notices.officers(case), *notices.finance(case)]
    notices.about_part(row, notices.others_than(user, people), "reversed", _("核銷已撤銷，重新核對"), text)


def _rows(change: Change) -> list[Row]:
    row = Settlement.objects.select_related("award").get(pk=change.data["settlement"])
    money, waiting = movements(row.award), change.status == ChangeStatus.WAITING
    amount = int(change.before["eligible"] or 0) + int(change.before["surcharge"])
    rows = [
        Row(_("案號"), row.number, row.number),
        Row(_("准予核銷（含加成）"), format_amount(amount), _("重新核對")),
        Row(_("已撥付"), format_amount(money.paid), format_amount(money.paid)),
    ]
    if not waiting:
        return rows
    for part in unpaid(row.award):
        left = format_amount(max(0, row.award.total - money.paid))
        label = _("第 %(n)d 期") % {"n": part.number}
        rows.append(Row(label, format_amount(part.amount), _("收回，最多 %(left)s，核銷後再定") % {"left": left}))
    if due := refund_due(row.award):
        rows.append(Row(_("應繳回"), format_amount(due), _("核銷後再定")))
    return rows


KIND = register(
    Kind(
        name="settlement.reversal",
        label=_l("撤銷核銷"),
        proposers=PROPOSERS,
        confirmers=CONFIRMERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:settlement_detail", args=[change.subject.partition(":")[0]]),
    )
)
