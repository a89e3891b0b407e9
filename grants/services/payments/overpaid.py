"""Money that left twice (重複撥付、溢付): nobody approved it, so it is no payment of the award and is kept apart from it.

Finance records it with the bank's voucher, another person confirms it; a letter asks the association to bring it back
(民法179) by a day counted from the letter, whatever becomes of its account, and what comes back, also in parts, is entered
against it. It bears no interest, for no law of the county's says so. Nothing is set off against what is still to be paid:
that takes a decision of its own.
"""

import datetime as dt
from typing import Optional

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import AwardStatus, DeadlineKind, InstalmentStatus, LedgerKind, LetterKind, LetterStatus
from grants.letters import marks
from grants.models import Award, Deadline, Instalment, LedgerEntry
from grants.permissions import actor_for, helped_with, holds
from grants.queries.payments import overpaid
from grants.services import notices
from grants.services.letters import drafts
from grants.services.locks import lock_award
from grants.services.treasury.vouchers import in_one_way
from grants.workflow import awards
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS, each
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import Upload
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.amount_words import in_words, mixed
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close

from .instalments import close_if_done, write_entry
from .returns import refuse_wrong_day, way_of


def ask(
    user: User,
    part: Instalment,
    *,
    amount: int,
    on: dt.date,
    voucher_number: str,
    reason: str,
    scan: Optional[Upload] = None,  # noqa: UP045  # the alias is text at run time
) -> Change:
    """Ask another person to confirm that money left once more for a paid instalment. Raises Refused."""
    case = part.award.application
    require(holds(user, case, Role.FINANCE_OFFICER))
    require(helped_with(user, case))
    _refuse_unfit(part, on)
    params = {"n": part.number, "amount": format_amount(amount), "number": case.number}
    data = {"part": part.pk, "amount": amount, "on": on.isoformat(), "voucher_number": in_one_way(voucher_number)}
    proposal = services.Proposal(
        county=case.county,
        subject=f"{case.number}:{part.number}",
        title=_("重複撥付第 %(n)d 期 %(amount)s 元：%(number)s") % params,
        data=data,
        reason=reason,
        scan=scan,
    )
    return services.propose(user, KIND, proposal)


def regain(
    user: User, award: Award, *, amount: int, voucher_number: str, received_on: dt.date | None = None
) -> LedgerEntry:
    """Record what came back of money that left twice, on the treasury's day. Done by a finance officer."""
    voucher_number, day = in_one_way(voucher_number), received_on or clock.today()
    with trail.unit_of_work(actor_for(user, award.application, Role.FINANCE_OFFICER)):
        row = lock_award(award)
        require(holds(user, row.application, Role.FINANCE_OFFICER))
        alike = row.entries.filter(kind=LedgerKind.REGAINED, note=voucher_number, amount=amount, corrected_by=None)
        if same := alike.first():
            return same
        due = overpaid(row)
        if not 0 < amount <= due:
            raise Refused(_("重複撥付待收回 %(due)s 元，請再核對。") % {"due": format_amount(due)})
        refuse_wrong_day(row, day)
        entry = write_entry(user, row, LedgerKind.REGAINED, amount, note=voucher_number, on=day)
        params = {"amount": format_amount(amount), "left": format_amount(due - amount)}
        close([thread_of(row)])
        ask_by_letter(user, row)
        text = _("收到退還的重複撥付 %(amount)s 元，還有 %(left)s 元。") % params
        _notify(row, "regained", _("重複撥付已收回"), text, notices.members(row.application))
        close_if_done(row)
        return entry


def ask_by_letter(user: User, award: Award) -> None:
    """Let the letter ask for what is out now, inside the caller's unit of work: a draft with another amount makes room,
    and nothing is asked for or due any more once all is back.
    """
    case, due = award.application, overpaid(award)
    waits = case.letters.filter(kind=LetterKind.OVERPAID, status=LetterStatus.DRAFT).exists()
    running = Deadline.objects.filter(award=award, kind=DeadlineKind.OVERPAID, done_on__isnull=True)
    drafts.drop(case, LetterKind.OVERPAID)
    if not due:
        running.update(done_on=clock.today())
    elif waits or not running.exists():
        entries = award.entries.filter(kind=LedgerKind.OVERPAID, amount__gt=0, corrected_by=None)
        drafts.prepare(
            user,
            case,
            LetterKind.OVERPAID,
            refund_mixed=mixed(due),
            refund_words=in_words(due),
            twice="；".join(_in_letter(entry) for entry in entries.select_related("instalment")),
            return_way=way_of(case),
            return_due=marks.RETURN_DUE,
        )


def _in_letter(entry: LedgerEntry) -> str:
    assert entry.instalment is not None
    params = {
        "day": format_roc(entry.on),
        "n": entry.instalment.number,
        "number": entry.note,
        "amount": mixed(entry.amount),
    }
    return _("%(day)s第%(n)d期款重複撥付%(amount)s（付款憑單%(number)s）") % params


def thread_of(award: Award) -> str:
    return f"overpaid:{award.number}"


def _refuse_unfit(part: Instalment, on: dt.date) -> None:
    if part.status != InstalmentStatus.PAID:
        raise Refused(_("這一期還沒有登記撥付，不會有重複撥付。"))
    if on > clock.today():
        raise Refused(_("日期不能晚於今天。"))
    if part.approved_on and on < part.approved_on:
        raise Refused(_("日期不能早於核付日期%(day)s。") % {"day": format_roc(part.approved_on)})


def _apply(change: Change, by: Actor) -> None:
    user, data = by.user, change.data
    assert user is not None
    part = Instalment.objects.select_related("award__application").get(pk=data["part"])
    award = lock_award(part.award)
    require(holds(user, award.application, MONEY_KEEPERS))
    require(helped_with(user, award.application))
    part.refresh_from_db()
    on = dt.date.fromisoformat(data["on"])
    _refuse_unfit(part, on)
    note = data["voucher_number"]
    write_entry(user, award, LedgerKind.OVERPAID, data["amount"], instalment=part, note=note, on=on)
    # What was asked for before was less: another letter asks for all of it.
    Deadline.objects.filter(award=award, kind=DeadlineKind.OVERPAID).update(done_on=clock.today())
    ask_by_letter(user, award)
    if award.status == AwardStatus.CLOSED:
        awards.move(award, "open_again", None)
    params = {"n": part.number, "amount": format_amount(data["amount"]), "way": way_of(award.application)}
    text = _("第 %(n)d 期款多撥了 %(amount)s 元，請退還：%(way)s。期限以縣府的函為準，應領的款項不受影響。") % params
    case = award.application
    people = [*notices.members(case), *notices.officers(case), *notices.finance(case)]
    _notify(award, "overpaid", _("重複撥付的款項請退還"), text, notices.others_than(user, people))


def _notify(award: Award, kind: str, subject: str, text: str, people: list[User]) -> None:
    url = reverse("grants:award_detail", args=[award.number])
    notices.about_award(award, people, f"payment.{kind}", thread_of(award), subject, text, url)


def _rows(change: Change) -> list[Row]:
    part = Instalment.objects.select_related("award").get(pk=change.data["part"])
    return [
        Row(_("案號"), part.award.number, part.award.number),
        Row(_("期別"), str(part.number), str(part.number)),
        Row(_("已撥付"), format_amount(part.amount), format_amount(part.amount)),
        Row(_("重複撥付"), "0", format_amount(change.data["amount"])),
        Row(_("日期"), "", format_roc(dt.date.fromisoformat(change.data["on"]))),
        Row(_("憑單號碼"), part.voucher_number, change.data["voucher_number"]),
    ]


KIND = register(
    Kind(
        name="ledger.overpaid",
        label=_l("重複撥付"),
        proposers=each(Role.FINANCE_OFFICER),
        confirmers=MONEY_KEEPERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:award_ledger", args=[change.subject.partition(":")[0]]),
    )
)
