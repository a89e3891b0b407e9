"""柒三: a project not carried out, or money misused. One officer records the county's decision, another confirms it.

Confirming ends the award, stops what is not paid, gives the rest back to the envelope, says what must come back, and
bars the organisation. Locks in the order award, instalments.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants import compliance
from grants.enums import InstalmentStatus, LedgerKind, LetterKind, RulingStatus, SanctionEvent
from grants.models import Application, Award, Deadline, Sanction
from grants.permissions import actor_for, holds
from grants.queries.elsewhere import BAN_CLAUSES
from grants.queries.payments import Movements, misused, movements, refund_due, unpaid
from grants.rules import payments as law
from grants.rules.ruleset import NoValue
from grants.workflow import awards as award_workflow
from grants.workflow import payments as instalment_workflow
from grants.workflow import sanctions as workflow
from grants.workflow.sanctions import OFFICERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.amount_words import mixed
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import letters, telling
from .payments import lock_award, write_entry

RECORD = actions.register("sanction.record", _l("登錄停止申請處分"))
CONSUME = actions.register("sanction.consume", _l("下次申請已退回，停止申請期滿"))
MOVES = {SanctionEvent.NOT_EXECUTED: "not_execute", SanctionEvent.MISUSE: "revoke"}
UNDER_WAY = (InstalmentStatus.REQUESTED, InstalmentStatus.APPROVED)
OPEN_SETTLEMENT = ("submitted", "correction_requested", "sums_checked", "content_checked")


@dataclass(frozen=True)
class SanctionDraft:
    """What an officer records; `disallowed` in whole NT dollars, beyond what the settlement struck out already."""

    event: str
    decision_number: str
    decided_on: dt.date
    heard_on: dt.date
    reason: str
    disallowed: int = 0


@dataclass(frozen=True)
class Consequences:
    """What a decision brings, whole NT dollars: what comes back, what is not paid any more, what is set free."""

    bar: law.Sanction
    outcome: law.Settlement
    stopped: int
    released: int


def consequences(award: Award, draft: SanctionDraft) -> Consequences:
    """The ban and the money, computed before anything is written. Raises Refused where the scheme's law has no ban."""
    money = movements(award)
    outcome = _outcome(award, draft, money)
    stopped = sum(unpaid(award).values_list("amount", flat=True))
    # What was admitted but not paid is stopped: the county bears no more than the association has.
    borne = min(outcome.accepted, money.held)
    return Consequences(_bar(award, draft), outcome, stopped, money.committed - money.released - borne)


def record(user: User, award: Award, draft: SanctionDraft) -> Sanction:
    """Keep the decision until another officer confirms it; nothing happens to the award before that."""
    with _locked(user, award) as row:
        require(holds(user, row.application, OFFICERS))
        _refuse_unfit(row, draft)
        bar = consequences(row, draft).bar
        sanction = Sanction.objects.create(
            organisation_id=row.application.organisation_id,
            award=row,
            county=row.county,
            approved_end=row.ends_on,
            barred_from=bar.barred_from,
            barred_to=bar.barred_to,
            next_application=bar.next_application,
            recorded_by=user,
            recorded_on=clock.today(),
            **vars(draft),
        )
        trail.record(RECORD, sanction, after=_snapshot(sanction), case=row.number)
        others = {*telling.officers(row.application), *telling.approvers(row.application)} - {user}
        _tell(sanction, sorted(others, key=lambda person: person.pk), "waits", _("有一件停止申請處分等您確認"))
        return sanction


def confirm(user: User, sanction: Sanction) -> Sanction:
    """Let the decision have effect. By another officer; pressed twice, the second finds it done."""
    with _locked(user, sanction.award) as award:
        row = Sanction.objects.select_for_update().get(pk=sanction.pk)
        row.award = award
        if row.status == RulingStatus.CONFIRMED and row.confirmed_by_id == user.pk:
            return row
        require(workflow.TABLE.answer(row, "confirm", user))
        _refuse_under_way(award)
        due = consequences(award, draft_of(row))
        row = _decide(row, "confirm", user)
        row.award = award_workflow.move(award, MOVES[SanctionEvent(row.event)], user, decision=row.decision_number)
        _stop_payments(row.award)
        if due.released > 0:
            write_entry(row.award, LedgerKind.RELEASED, due.released, user, note=row.decision_number)
        Deadline.objects.filter(award=award, done_on__isnull=True).update(done_on=clock.today())
        _tell_outcome(row)
        _draft_letter(user, row, due.outcome)
        return row


def refuse(user: User, sanction: Sanction, note: str) -> Sanction:
    """Another officer does not agree; the award goes on as it was."""
    with _locked(user, sanction.award) as award:
        row = Sanction.objects.select_for_update().get(pk=sanction.pk)
        row.award = award
        require(workflow.TABLE.answer(row, "refuse", user))
        row = _decide(row, "refuse", user, reason=note)
        _tell(row, [row.recorded_by], "refused", _("您登錄的停止申請處分未獲同意"), note)
        return row


def consume(case: Application) -> Sanction | None:
    """Use up the oldest bar of the next application (A29) with this case, inside the caller's unit of work."""
    waiting = Sanction.objects.select_for_update().filter(
        organisation=case.organisation_id,
        status=RulingStatus.CONFIRMED,
        next_application=True,
        consumed_by__isnull=True,
    )
    row = waiting.order_by("decided_on", "id").first()
    if row is None:
        return None
    row.consumed_by = case
    row.save(update_fields=["consumed_by"])
    trail.record(CONSUME, row, after={"consumed_by": case.number}, case=case.number)
    return row


def draft_of(row: Sanction) -> SanctionDraft:
    return SanctionDraft(
        row.event, row.decision_number, row.decided_on, row.heard_on, row.reason, disallowed=row.disallowed
    )


def _bar(award: Award, draft: SanctionDraft) -> law.Sanction:
    today = clock.today()
    ruleset = compliance.ruleset_for(award.application.scheme, today)
    try:
        return law.sanction(draft.event, award.ends_on, draft.decided_on, ruleset, today)
    except NoValue as unknown:
        raise Refused(_("這個方案的規定沒有停止申請的處分。")) from unknown


def _outcome(award: Award, draft: SanctionDraft, money: Movements) -> law.Settlement:
    if draft.event == SanctionEvent.NOT_EXECUTED:
        return law.settlement(award.total, money.held, 0, executed=False)
    settlement = getattr(award, "settlement", None)
    accepted = settlement.eligible if settlement is not None and settlement.accepted_on else None
    return misused(award, money, accepted, draft.disallowed)


def _refuse_unfit(award: Award, draft: SanctionDraft) -> None:
    sources = award_workflow.TABLE[MOVES[SanctionEvent(draft.event)]].sources
    if award.status not in sources:
        raise Refused(_("這一案目前是「%(status)s」，不能登錄這項處分。") % {"status": award.get_status_display()})
    if Sanction.objects.filter(award=award).exclude(status=RulingStatus.REFUSED).exists():
        raise Refused(_("這一案已經登錄過處分。"))
    if not draft.heard_on <= draft.decided_on <= clock.today():
        raise Refused(_("要先給單位陳述意見的機會，再作處分；日期也不能晚於今天。"))
    paid = movements(award).paid
    if draft.disallowed > paid:
        raise Refused(_("支用不當的金額不能超過已撥付的 %(paid)s 元。") % {"paid": format_amount(paid)})
    if draft.event == SanctionEvent.NOT_EXECUTED and draft.disallowed:
        raise Refused(_("未執行的案件全數繳回，不用填支用不當的金額。"))
    _refuse_under_way(award)


def _refuse_under_way(award: Award) -> None:
    if award.instalments.filter(status__in=UNDER_WAY).exists():
        raise Refused(_("有一期款還在請款或撥付中，請先撥付或退回領據，再辦理處分。"))
    settlement = getattr(award, "settlement", None)
    if settlement is not None and settlement.status in OPEN_SETTLEMENT:
        raise Refused(_("結報還在核對中，請先准予核銷，再辦理處分。"))


def _decide(row: Sanction, name: str, user: User, **noted) -> Sanction:
    """Who decided stands in the row before its status says so: the database asks for it."""
    row.confirmed_by, row.confirmed_on = user, clock.today()
    row.save(update_fields=["confirmed_by", "confirmed_on"])
    return workflow.move(row, name, user, **noted)


def _stop_payments(award: Award) -> None:
    for row in unpaid(award).select_for_update():
        row.award = award
        instalment_workflow.move(row, "cancel", None)


def _snapshot(sanction: Sanction) -> dict:
    names = ("event", "decision_number", "decided_on", "heard_on", "reason", "disallowed")
    return trail.snapshot(sanction, *names, "barred_from", "barred_to", "next_application")


def in_words(sanction: Sanction) -> str:
    """The ban in one sentence, with both days included."""
    if sanction.next_application:
        return _("下一件申請不受理；退回後，再下一件就可以申請。")
    assert sanction.barred_from is not None
    assert sanction.barred_to is not None
    days = {"first": format_roc(sanction.barred_from), "last": format_roc(sanction.barred_to)}
    return _("%(first)s到%(last)s不得申請。") % days


def counted(sanction: Sanction) -> str:
    """The ban as its letter counts it: from which days, and how many, both ends included."""
    if sanction.next_application:
        return _("下次申請不予受理；該件退回後，再下一件即得申請。")
    assert sanction.barred_from is not None
    assert sanction.barred_to is not None
    days = (sanction.barred_to - sanction.barred_from).days + 1
    told = {
        "end": format_roc(sanction.approved_end),
        "decided": format_roc(sanction.decided_on),
        "first": format_roc(sanction.barred_from),
        "last": format_roc(sanction.barred_to),
        "days": days,
    }
    if days < 1:
        return _("核定執行期間至%(end)s止，停止申請期間已於%(last)s屆滿。") % told
    text = _(
        "核定執行期間至%(end)s止，處分日%(decided)s；自%(first)s起至%(last)s止（首尾兩日均計），共%(days)d日不得申請。"
    )
    return text % told


def _draft_letter(user: User, row: Sanction, outcome: law.Settlement) -> None:
    """The letter that tells the organisation; an officer reads it over, numbers and dispatches it."""
    case = row.award.application
    clauses = compliance.ruleset_for(case.scheme, clock.today()).clauses
    letters.prepare(
        user,
        case,
        LetterKind.SANCTION,
        misuse=row.event == SanctionEvent.MISUSE,
        clause=clauses[BAN_CLAUSES[SanctionEvent(row.event)]].label,
        decision_number=row.decision_number,
        decided_on=row.decided_on,
        heard_on=row.heard_on,
        # A paragraph of the letter is one line.
        reason=" ".join(row.reason.split()),
        bar=counted(row),
        refund_mixed=mixed(outcome.refund) if outcome.refund else "",
        arithmetic=outcome.arithmetic,
    )


def _tell_outcome(row: Sanction) -> None:
    award, due = row.award, refund_due(row.award)
    told = {"number": row.decision_number, "bar": in_words(row), "amount": format_amount(due)}
    text = _("縣府 %(number)s：%(bar)s") % told
    if due:
        text += _("請繳回 %(amount)s 元。") % told
        body = _("應收 %(amount)s 元。") % told
        telling.tell(award, telling.finance(award.application), "sanction.return", f"return:{award.number}",
                     _("有繳回款待收"), body, f"/settlements/{award.number}/")  # fmt: skip
    members = telling.members(award.application)
    telling.tell(award, members, "sanction.confirmed", f"sanction:{row.pk}", _("停止申請處分"), text,
                 f"/awards/{award.number}/")  # fmt: skip


def _tell(row: Sanction, people: list[User], kind: str, subject: str, text: str = "") -> None:
    url = f"/sanctions/{row.pk}/"
    telling.tell(row.award, people, f"sanction.{kind}", f"sanction:{row.pk}", subject, text or row.decision_number, url)


@contextmanager
def _locked(user: User, award: Award) -> Iterator[Award]:
    with trail.unit_of_work(actor_for(user, award.application, OFFICERS)):
        yield lock_award(award)
