"""The 結報: completion, figures and papers by the association; sums and content checked by two people; then acceptance.

Locks are taken in the order award, settlement, instalments. Lateness is recorded and never blocks (K7.2b).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.stored import store_evaluation
from grants.enums import (
    BEING_PAID,
    PAID_OR_CANCELLED,
    RUNNING,
    UNDECIDED,
    EvaluationStage,
    InstalmentCondition,
    LedgerKind,
    LetterKind,
)
from grants.enums import SettlementStatus as S
from grants.models import Award, Settlement, SettlementLine
from grants.permissions import actor_for, holds
from grants.queries.payments import movements, settled
from grants.queries.schemes import envelopes
from grants.queries.settlements.figures import Gap, gaps
from grants.queries.settlements.vouchers import Checked, by_line
from grants.services import notices
from grants.services.applications import confirmations
from grants.services.applications.drafts import StaleError
from grants.services.assets import entering
from grants.services.awards.decisions import memo_beyond, over_envelope
from grants.services.joint import unallotted
from grants.services.letters import drafts, settling
from grants.services.locks import lock_award
from grants.services.payments.instalments import close_if_done, write_entry
from grants.services.reviews.checks import confirm_spent
from grants.workflow import awards, payments, settlements
from miaoli_kaohsiung.accounts.audiences import COUNTY_STAFF
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.locks import lock_all
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import surcharges
from .due import deadlines_of, is_late, set_due, wrong_completion
from .law import judge, refuse_errors, refuse_open, write_reasons
from .locks import locked, open_to_member
from .outcomes import notify_of_outcome

WORDS = ("outcome", "people_served", "own_funds")

OPEN = actions.register("settlement.open", _l("開始結報"))
SAVE = actions.register("settlement.save", _l("儲存結報內容"))
ADMIT = actions.register("settlement.admit", _l("登記准予核銷的金額"))
VERDICT = actions.register("settlement.verdict", _l("審查人數不足的說明"))


class IncompleteError(Refused):
    """The settlement cannot be sent yet; `gaps` say what is missing, each with its clause."""

    def __init__(self, missing: list[Gap]) -> None:
        super().__init__(_("還有 %(count)d 項沒有備齊，還不能送出結報。") % {"count": len(missing)})
        self.gaps = missing


class Spent(NamedTuple):
    """What the association says of a line; None is a blank, not a zero. `proof` is what it states about its receipts."""

    spent: int | None
    vouchers: int | None
    proof: str = ""


class Admitted(NamedTuple):
    """What finance admits of a line in whole NT dollars, with the reason if it differs from what was spent."""

    amount: int
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """A posted 結報: words, and figures by the id of the settlement line."""

    outcome: str = ""
    people_served: int | None = None
    lines: Mapping[int, Spent] = field(default_factory=dict)
    # By part and month (grants.queries.settlements.surcharges).
    months: Mapping[tuple[str, str], surcharges.Attendance] = field(default_factory=dict)
    own_funds: int | None = None


def register_completion(user: User, award: Award, completed_on: dt.date) -> Settlement:
    """Record the day on which the association completed the project; the law's period runs from it (K7.2a, reading A27)."""
    with trail.unit_of_work(actor_for(user, award.application, Role.MEMBER)):
        row = lock_award(award)
        if row.completed_on == completed_on and hasattr(row, "settlement"):
            require(holds(user, row.application, Role.MEMBER))
            return row.settlement
        if wrong := wrong_completion(row, completed_on):
            raise Refused(wrong)
        awards.move(row, "complete", user, {"completed_on": completed_on}, completed_on=completed_on)
        settlement = open_settlement(row)
        settlement.completed_on = completed_on
        settlement.save(update_fields=["completed_on"])
        due = set_due(row)
        text = _("執行完畢日 %(done)s，結報期限 %(due)s。") % {
            "done": format_roc(completed_on),
            "due": reckoned(due, row.county),
        }
        notices.about_part(settlement, notices.officers(row.application), "completed", _("計畫執行完畢"), text)
        return settlement


def start(user: User, award: Award) -> Settlement:
    """Let the association begin to fill in while the project is still running; it can send only after completion."""
    with trail.unit_of_work(actor_for(user, award.application, Role.MEMBER)):
        row = lock_award(award)
        require(holds(user, row.application, Role.MEMBER))
        if row.status not in RUNNING:
            raise Refused(_("這一案已經%(status)s，結報不再辦理。") % {"status": row.get_status_display()})
        return open_settlement(row)


def open_settlement(award: Award) -> Settlement:
    """Return the award's settlement with a line for each approved line, made if missing. Runs in a unit of work."""
    settlement, new = Settlement.objects.get_or_create(award=award, defaults={"number": award.number})
    if new:
        lines = award.lines.filter(approved__gt=0)
        SettlementLine.objects.bulk_create(SettlementLine(settlement=settlement, line=line) for line in lines)
        trail.record(OPEN, settlement, after={"lines": len(lines)}, case=award.number)
    return settlement


def save(user: User, settlement: Settlement, report: Report, *, edition: int | None = None) -> Settlement:
    """Save what the association has filled in, including blanks.

    `edition` is that of the page that was posted. Raises StaleError if it is older and its contents differ from what is
    stored by now. None accepts any edition.
    """
    with open_to_member(user, settlement) as row:
        _write(row, report, edition)
        return row


def submit(user: User, settlement: Settlement, report: Report, *, edition: int | None = None) -> Settlement:
    """Save and send the 結報; `edition` as in save. Raises IncompleteError if a figure or one of the papers of K7.2a is
    missing.
    """
    with locked(user, settlement, Role.MEMBER) as row:
        if row.status == S.SUBMITTED:
            require(holds(user, row.award.application, Role.MEMBER))
            _refuse_other(
                _reported(row) != (report.outcome, report.people_served, report.own_funds, dict(report.lines))
            )
            return row
        name = "resubmit" if row.status == S.CORRECTION_REQUESTED else "submit"
        permit = settlements.permit(row, name, user)
        if row.award.amendments.filter(status__in=UNDECIDED).exists():
            raise Refused(_("有一件計畫變更還沒有決定，請等縣府決定，或先撤回，再送結報。"))
        _write(row, report, edition)
        if missing := [*gaps(row), *_unexplained(row), *_unallotted(row)]:
            raise IncompleteError(missing)
        first = row.submitted_on is None
        late = row.late or (first and is_late(row.award))
        permit.make({"submitted_on": clock.today(), "late": late, "correction_note": ""}, late=late)
        deadlines_of(row.award).filter(done_on__isnull=True).update(done_on=clock.today())
        drafts.drop(row.award.application, LetterKind.SETTLEMENT_CORRECTION)
        notices.about_part(row, notices.finance(row.award.application), "submitted", _("結報已送到，請核憑證"))
        confirmations.settlement_in(row.award)
        return row


def check_sums(
    user: User,
    settlement: Settlement,
    admitted: Mapping[int, Admitted],
    months: Mapping[int, Admitted] | None = None,
) -> Settlement:
    """Keep how much of each line finance admits: at most what was spent, with a reason for each difference.

    More than was approved for the line is money moved between lines (K7.4a) and needs a reason as well. `months` does
    the same for the monthly costs on which the +20 % is counted, by the id of the month's row.
    """
    with locked(user, settlement, Role.FINANCE_OFFICER) as row:
        if row.status == S.SUMS_CHECKED and row.sums_checked_by_id == user.pk:
            _refuse_other(
                {line.pk: line.admitted for line in row.lines.all()} != {k: t.amount for k, t in admitted.items()}
            )
            return row
        settlements.move(row, "check_sums", user, {"sums_checked_by": user})
        summed = by_line(row)
        for line in row.lines.select_related("line"):
            _admit(line, admitted.get(line.pk), summed.get(line.pk))
        amounts = {str(line.line.position): line.admitted for line in row.lines.select_related("line")}
        amounts |= surcharges.admit(row, months or {})
        refuse_errors(row)
        trail.record(ADMIT, row, after=amounts, case=row.number)
        notices.about_part(row, notices.officers(row.award.application), "sums_checked", _("憑證已核，請核成果"))
        return row


def judge_attendance(user: User, settlement: Settlement, verdicts: Mapping[int, tuple[str, str]]) -> Settlement:
    """Keep whether the case officer accepts, month by month, why fewer people came than K3.I.3.2c asks for (A23):
    (verdict, note) by the id of the month's row. The content passes only when all are accepted.
    """
    with locked(user, settlement, Role.CASE_OFFICER) as row:
        if kept := surcharges.judge(user, row, verdicts):
            require(settlements.TABLE.answer(row, "check_content", user))
            trail.record(VERDICT, row, after=kept, case=row.number)
        return row


def check_content(user: User, settlement: Settlement, reasons: Mapping[str, str] | None = None) -> Settlement:
    """Record that the case officer has checked outcome, photos and activity papers. Not by the person who checked the
    sums.

    `reasons` say why warnings of the law pass (settlements.law.Open.field → text). Raises LawStopsError.
    """
    with locked(user, settlement, Role.CASE_OFFICER) as row:
        if row.status == S.CONTENT_CHECKED and row.content_checked_by_id == user.pk:
            return row
        permit = settlements.permit(row, "check_content", user)
        for short in surcharges.shortfalls(row):
            if not short.settled:
                raise Refused(_("%(month)s人數不足的說明還沒有接受，請先審查或退回補正。") % {"month": short.month})
        write_reasons(user, row, reasons or {})
        refuse_open(row)
        confirm_spent(user, row.award.application)
        permit.make({"content_checked_by": user})
        notices.about_part(row, notices.approvers(row.award.application), "content_checked", _("成果已核，請准予核銷"))
        return row


def way_back(settlement: Settlement) -> str:
    """Return the move that sends it back: the approver's once both have checked, the checkers' before."""
    return "send_back" if settlement.status == S.CONTENT_CHECKED else "ask_correction"


def ask_correction(user: User, settlement: Settlement, note: str) -> Settlement:
    """Send the 結報 back to the association; sums and content are checked again afterwards."""
    with locked(user, settlement, COUNTY_STAFF) as row:
        unchecked = {"correction_note": note, "sums_checked_by": None, "content_checked_by": None}
        settlements.move(row, way_back(row), user, unchecked, note=note)
        row.award.settlement = row
        settling.draft_wanted(user, row.award)
        notices.about_part(row, notices.members(row.award.application), "correction", _("結報請補正"), note)
        return row


def accept(user: User, settlement: Settlement, *, memo_number: str = "") -> Settlement:
    """准予核銷: fix what is eligible, what is still to be paid or must come back, and release the rest of the envelope.

    The +20 % (K3.I.2.3) is added from the same envelope. To go beyond it takes a memo number, as for an approval.
    """
    with locked(user, settlement, Role.APPROVER, envelope=True) as row:
        if row.status == S.ACCEPTED and row.accepted_by_id == user.pk:
            return row
        award = row.award
        _refuse_while_paying(award)
        eligible = min(award.total, sum(line.admitted or 0 for line in row.lines.all()))
        extra = surcharges.total(row)
        money = movements(award)
        freed = money.committed - money.released + extra - settled(award, money, eligible, extra).accepted
        note = _room_for(award, extra, freed, memo_number)
        permit = settlements.permit(row, "accept", user)
        judged = judge(row)
        refuse_open(row, judged)
        figures = {"eligible": eligible, "surcharge": extra}
        permit.make({**figures, "accepted_by": user, "accepted_on": clock.today()}, **figures)
        _fix_instalments(award, eligible, extra)
        if freed:
            write_entry(user, award, LedgerKind.RELEASED, freed)
        if extra:
            # After a reversal the first one stands beside its correction; there is one of its kind at most.
            again = award.entries.filter(kind=LedgerKind.SURCHARGE).exists()
            write_entry(user, award, LedgerKind.RENEWED if again else LedgerKind.SURCHARGE, extra, note=note)
        store_evaluation(award.application, EvaluationStage.SETTLEMENT, judged)
        entering.enter(row)
        award.settlement = row
        settling.draft_wanted(user, award)
        notify_of_outcome(row)
        close_if_done(award)
        return row


def _room_for(award: Award, extra: int, released: int, memo_number: str) -> str:
    """Return the memo number that lets the surcharge go beyond the envelope, "" if it fits with what this settlement
    releases.
    """
    if not extra:
        return ""
    use = envelopes.use_of(award.envelope)
    return memo_beyond(over_envelope(award.application, use, extra, released=released), memo_number)


def _fix_instalments(award: Award, eligible: int, extra: int) -> None:
    """Set the last instalment to what is left to pay, including what nobody asked for before; cancel it if nothing is
    left.
    """
    payable = settled(award, movements(award), eligible, extra).payable
    for row in lock_all(award.instalments.exclude(status__in=PAID_OR_CANCELLED)):
        row.award = award
        if row.condition == InstalmentCondition.SETTLEMENT and payable:
            payments.move(row, "release", None, {"amount": payable}, amount=payable)
        else:
            payments.move(row, "cancel", None)


def _refuse_while_paying(award: Award) -> None:
    if award.instalments.filter(status__in=BEING_PAID).exists():
        raise Refused(_("前一期款還在請款或撥付中，請先撥付或退回領據，再准予核銷。"))


def _admit(line: SettlementLine, admitted: Admitted | None, checked: Checked | None) -> None:
    """Keep what is admitted of a line: at most what was spent, or what was admitted voucher by voucher."""
    spent, place = line.spent or 0, {"line": line.line.position}
    if checked and checked.open:
        raise Refused(_("第 %(line)d 項：還有單據沒有核，請先逐張核對。") % place)
    if admitted is None or admitted.amount > spent:
        raise Refused(_("第 %(line)d 項：准予核銷的金額不能超過實支。") % place)
    if checked and admitted.amount > checked.admitted:
        raise Refused(_("第 %(line)d 項：准予核銷的金額不能超過各張單據准予的合計。") % place)
    reason = admitted.reason.strip()
    if not reason and (admitted.amount < spent or admitted.amount > line.line.approved):
        raise Refused(_("第 %(line)d 項：金額和實支或核定不同，請寫理由。") % place)
    line.admitted, line.reason = admitted.amount, reason
    line.save(update_fields=["admitted", "reason"])


def _reported(row: Settlement) -> tuple[str, int | None, int | None, dict[int, Spent]]:
    lines = {line.pk: Spent(line.spent, line.vouchers, line.proof) for line in row.lines.all()}
    return row.outcome, row.people_served, row.own_funds, lines


def _unexplained(row: Settlement) -> list[Gap]:
    """Return the months with too few people that have no explanation, or whose explanation was refused."""
    gone = [short for short in surcharges.shortfalls(row) if short.to_explain]
    return [
        Gap(short.found.message, short.found.clause, f"id_month-{short.row.part}-{short.row.month}-explanation")
        for short in gone
    ]


def _unallotted(row: Settlement) -> list[Gap]:
    return [Gap(words, anchor="vouchers")] if (words := unallotted(row)) else []


def _refuse_other(differs: bool) -> None:
    """Take the same page posted twice as one step, but refuse figures that differ from those already stored."""
    if differs:
        raise Refused(_("這一步已經在別的視窗辦好，這一頁的內容和那一頁不同，沒有存。請重新整理頁面再看。"))


def _write(row: Settlement, report: Report, edition: int | None) -> None:
    row.outcome, row.people_served, row.own_funds = report.outcome, report.people_served, report.own_funds
    before = trail.snapshot(Settlement.objects.get(pk=row.pk), *WORDS)
    row.save(update_fields=WORDS)
    after = trail.snapshot(row, *WORDS)
    summed = by_line(row)
    for line in row.lines.select_related("line"):
        reported = report.lines.get(line.pk)
        held = Spent(line.spent, line.vouchers, line.proof)
        if reported is not None and line.pk in summed:
            # The vouchers say what was spent; a figure typed beside them does not count.
            reported = held._replace(proof=line.proof or reported.proof)
        if reported is None or held == reported:
            continue
        key = f"line_{line.line.position}"
        before[key], after[key] = list(held), list(reported)
        line.spent, line.vouchers, line.proof = reported
        line.save(update_fields=["spent", "vouchers", "proof"])
    before, after = trail.changes(before, after)
    months_before, months_after = surcharges.write(row, report.months)
    before, after = before | months_before, after | months_after
    if after:
        if edition not in (None, row.edition):
            raise StaleError
        row.edition += 1
        row.save(update_fields=["edition"])
        trail.record(SAVE, row, before=before, after=after, case=row.number)
