"""Deciding a decided case anew, after 訴願 or an obvious error: asked for by one person, confirmed by another.

Nothing is overwritten: the earlier decision keeps its rows and its letter. Money that was set aside and not paid is
released; what was paid stays counted. The new decision then takes the ordinary way.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Optional

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import (
    ALL_RELEASED,
    BEING_PAID,
    CASE_DECIDED,
    DECISION_LETTERS,
    REOPENABLE,
    WITH_THE_ASSOCIATION,
    AwardStatus,
    LedgerKind,
    LetterKind,
    LetterStatus,
    ReopeningGround,
)
from grants.enums import ApplicationStatus as S
from grants.models import Application, Award, Envelope, Letter, Proposal, Reopening
from grants.permissions import helped_with, holds
from grants.queries.payments import movements, turned_down, unpaid
from grants.services import notices
from grants.services.amendments.asking import drop_undecided
from grants.services.letters import drafts
from grants.services.locks import lock_award, lock_case
from grants.services.payments.instalments import write_entry
from grants.workflow import applications, awards, letters, payments
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, DECIDERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import Upload
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock_all
from miaoli_kaohsiung.lib.roc_date import format_roc


@dataclass(frozen=True)
class Ruling:
    """What a reopening rests on: the ruling or memo with its number and day, and why."""

    ground: str
    number: str
    on: dt.date
    reason: str
    scan: Optional[Upload] = None  # noqa: UP045  # the alias is text while the class is made


def ask(user: User, case: Application, ruling: Ruling) -> Change:
    """Ask another person to let the case be decided anew. Raises Refused for a case that cannot be."""
    require(holds(user, case, CASE_HANDLERS))
    require(helped_with(user, case))
    _require_decided(case)
    if ruling.on > clock.today():
        raise Refused(_("決定日期不能晚於今天。"))
    data = {
        "ground": ruling.ground,
        "number": ruling.number,
        "on": ruling.on.isoformat(),
        "reason": ruling.reason,
        "status": case.status,
    }
    proposal = services.Proposal(
        county=case.county,
        subject=case.number,
        title=_("重新審查 %(number)s %(title)s") % {"number": case.number, "title": case.title[:80]},
        data=data,
        memo_number=ruling.number,
        reason=ruling.reason,
        scan=ruling.scan,
    )
    return services.propose(user, KIND, proposal)


def _require_decided(case: Application) -> None:
    if case.status not in CASE_DECIDED:
        status = case.get_status_display()
        raise Refused(_("這一件目前是「%(status)s」，還沒有決定，不用重新審查。") % {"status": status})
    award = getattr(case, "award", None) if case.status == S.APPROVED else None
    if award is not None:
        _require_stoppable(award)


def _require_stoppable(award: Award) -> None:
    """Refuse while a payment or a settlement is under way, and for an award that has ended; one that was given up by
    mistake can be decided anew.
    """
    if award.status not in REOPENABLE:
        raise Refused(_("核定案目前是「%(status)s」，不能重新審查。") % {"status": award.get_status_display()})
    if award.instalments.filter(status__in=BEING_PAID).exists():
        raise Refused(_("有一期款還在請款或撥付中，請先撥付或退回領據，再重新審查。"))
    settlement = getattr(award, "settlement", None)
    if settlement is not None and settlement.status not in WITH_THE_ASSOCIATION:
        raise Refused(_("結報已經送出，請先退回補正，再重新審查。"))


def _apply(change: Change, by: Actor) -> None:
    """Reopen the case, in the transaction that confirms it. Locks the envelope, the case and the award, in this order;
    the envelope without its key, for which a payment that is being recorded asks last.
    """
    user = by.user
    assert user is not None
    found = Application.objects.select_related("award").get(number=change.subject)
    held = getattr(found, "award", None)
    if held is not None:
        Envelope.objects.select_for_update(no_key=True).get(pk=held.envelope_id)
    row = lock_case(found)
    if row.status != change.data["status"]:
        raise Refused(_("提出以後，這一件已經又辦過了。請不同意這一件，看過再提。"))
    decided_on = row.status == S.APPROVED or (held is not None and turned_down(held))
    award = lock_award(held) if held is not None and decided_on else None
    earlier = _earlier_letter(row)
    reopening = Reopening.objects.create(
        application=row,
        ground=change.data["ground"],
        ruling_number=change.data["number"],
        ruling_on=dt.date.fromisoformat(change.data["on"]),
        reason=change.data["reason"],
        asked_by=change.proposed_by,
        confirmed_by=user,
        reopened_on=clock.today(),
        status_before=row.status,
        proposal=row.proposals.exclude(decision=Proposal.Decision.OPEN).first(),
        letter=earlier,
        total=award.total if award else 0,
    )
    name = "reopen_to_check" if row.status == S.NOT_ACCEPTED else "reopen"
    applications.move(row, name, user, reason=change.data["reason"], ruling=change.data["number"])
    if award is not None:
        reopening.released = _halt(user, award, change.data["number"])
        reopening.save(update_fields=["released"])
    _drop_drafts(row)
    _draft_letter(user, row, reopening, earlier)


def _halt(user: User, award: Award, number: str) -> int:
    """Stop what was to be paid and release what was set aside for it; return how much."""
    again = award.status in ALL_RELEASED
    if award.status != AwardStatus.REVOKED:
        _require_stoppable(award)
    drop_undecided(award)
    for instalment in lock_all(unpaid(award)):
        instalment.award = award
        payments.move(instalment, "cancel", None)
    money = movements(award)
    if again and money.held > 0:
        # What the association still has was no longer set aside once the case was turned down or given up.
        write_entry(user, award, LedgerKind.RENEWED, money.held, note=number)
    kept = money.committed - money.released - money.paid
    if kept > 0:
        write_entry(user, award, LedgerKind.RELEASED, kept, note=_("重新審查 %(number)s") % {"number": number})
    award.deadlines.filter(done_on__isnull=True).update(done_on=clock.today())
    drafts.drop(award.application, LetterKind.RETURN)
    awards.move(award, "halt_again" if again else "halt", None)
    return max(0, kept)


def _earlier_letter(row: Application) -> Letter | None:
    return row.letters.filter(kind__in=DECISION_LETTERS, status=LetterStatus.ISSUED).first()


def _drop_drafts(row: Application) -> None:
    """Discard drafts that would tell of the earlier decision."""
    for draft in lock_all(row.letters.filter(kind__in=DECISION_LETTERS, status=LetterStatus.DRAFT)):
        letters.move(draft, "drop", None)


def _draft_letter(user: User, row: Application, reopening: Reopening, earlier: Letter | None) -> None:
    params = {
        "ground": reopening.get_ground_display(),
        "on": format_roc(reopening.ruling_on),
        "number": reopening.ruling_number,
    }
    drafts.prepare(
        user,
        row,
        LetterKind.REOPENING,
        {"reopening": reopening.pk},
        decision_number=_("%(on)s%(number)s%(ground)s") % params,
        earlier=drafts.cited(earlier) if earlier else "",
        reason=reopening.reason,
    )
    people = [*notices.members(row), *notices.officers(row)]
    notices.about_case(row, people, f"reopened-{reopening.pk}", _("這一件重新審查"), reopening.reason)


def replaced_by_new(row: Application) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the letter of a new decision keeps and says of the one that it replaces, and note that it was decided
    anew; empty for a first decision. Inside the caller's unit of work.
    """
    reopening = row.reopenings.filter(decided_anew_on__isnull=True).first()
    if reopening is None:
        return {}, {}
    reopening.decided_anew_on = clock.today()
    reopening.save(update_fields=["decided_anew_on"])
    letter = reopening.letter
    return ({"replaces": letter.pk}, {"replaced": drafts.cited(letter)}) if letter else ({}, {})


def _rows(change: Change) -> list[Row]:
    data = change.data
    return [
        Row(_("決定"), str(S(data["status"]).label), _("重新審查")),
        Row(_("原因"), "", str(ReopeningGround(data["ground"]).label)),
        Row(_("文號"), "", data["number"]),
        Row(_("決定日期"), "", format_roc(dt.date.fromisoformat(data["on"]))),
    ]


KIND = register(
    Kind(
        name="application.reopening",
        label=_l("重新審查"),
        proposers=CASE_HANDLERS,
        confirmers=DECIDERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:case_decisions", args=[change.subject]),
    )
)
