"""繳回: the money that must come back, by when and to which account, the association's proof, and what arrived.

The law says what is returned (K7.3) but not by when: the scheme's `return_days` set the day. The deadline is a row that
reminders and desks read; it is done when nothing is due any more.
"""

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import AwardStatus, DeadlineKind, LedgerKind, LetterKind
from grants.models import Application, Award, Deadline, LedgerEntry, ReturnProof
from grants.permissions import actor_for, holds
from grants.queries.payments import first_paid_on, movements, outcome_of, refund_due
from grants.services import notices
from grants.services.letters.drafts import drop
from grants.services.locks import lock_award
from grants.services.reminders.rows import unsaved
from grants.services.treasury.vouchers import in_one_way
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close

from .instalments import close_if_done, write_entry

PROOF = actions.register("return.proof", _l("上傳繳款證明"))


def deadline_for(award: Award, day: dt.date) -> Deadline:
    """Return the unsaved deadline by which the money must be back, counted from `day`."""
    outcome = outcome_of(award, movements(award))
    clauses = outcome.clauses if outcome else ()
    case = award.application
    due = day + dt.timedelta(days=case.scheme.return_days)
    return unsaved(
        DeadlineKind.RETURN,
        award,
        clause=clauses[-1] if clauses else "",
        due_on=office_calendar.of(case.county, case.township_code).next_workday(due),
        opened_on=day,
    )


def way_of(case: Application) -> str:
    """Return how money comes back, as a letter says it: to the scheme's account, else by way of the officer."""
    account = case.scheme.return_account
    if account:
        return _("繳至%(account)s，並註明案號%(number)s") % {"account": account, "number": case.number}
    return _("洽本府承辦人辦理繳款")


def record_return(
    user: User,
    award: Award,
    *,
    amount: int,
    voucher_number: str,
    kind: str = LedgerKind.RETURNED,
    received_on: dt.date | None = None,
) -> LedgerEntry:
    """Record money of this award that came back, at most what is due: brought by the association, or recovered.
    `received_on` is the treasury's day, today if it is not given. Done by a finance officer.
    """
    voucher_number, day = in_one_way(voucher_number), received_on or clock.today()
    with trail.unit_of_work(actor_for(user, award.application, Role.FINANCE_OFFICER)):
        row = lock_award(award)
        require(holds(user, row.application, Role.FINANCE_OFFICER))
        due = refund_due(row)
        alike = row.entries.filter(kind=kind, note=voucher_number, amount=amount, corrected_by=None)
        if same := alike.first():
            return same
        if row.status == AwardStatus.CLOSED or due == 0:
            raise Refused(_("這一案沒有應繳回的款項，不能再登記繳回。收到多的錢，請退還申請單位。"))
        if amount > due:
            raise Refused(_("應繳回的金額只有 %(due)s 元，請再核對。") % {"due": format_amount(due)})
        refuse_wrong_day(row, day)
        entry = write_entry(user, row, LedgerKind(kind), amount, note=voucher_number, on=day)
        if amount == due:
            _open(row).update(done_on=day)
            close([f"return:{row.number}"])
            drop(row.application, LetterKind.RETURN)
        _confirm_return(row, entry, due - amount)
        close_if_done(row)
        return entry


def add_proof(user: User, award: Award, *, upload: Upload, paid_on: dt.date, amount: int) -> ReturnProof:
    """Keep the association's proof that it has paid; finance records the money when it arrives."""
    with trail.unit_of_work(actor_for(user, award.application, Role.MEMBER)):
        row = lock_award(award)
        require(holds(user, row.application, Role.MEMBER))
        if refund_due(row) == 0:
            raise Refused(_("這一案目前沒有要繳回的款項。"))
        refuse_wrong_day(row, paid_on)
        stored = store(upload, actor=trail.current_actor(), purpose="return_proof")
        alike = row.return_proofs.filter(file__sha256=stored.sha256, paid_on=paid_on, amount=amount)
        if same := alike.first():
            return same
        proof = ReturnProof.objects.create(
            award=row, file=stored, paid_on=paid_on, amount=amount, added_by=user, added_on=clock.today()
        )
        trail.record(
            PROOF, row, after={"amount": amount, "name": stored.name, "sha256": stored.sha256}, case=row.number
        )
        text = _("申請單位說 %(day)s 已繳款 %(amount)s 元，並附了證明。款項入帳後請登記繳回。")
        params = {"day": format_roc(paid_on), "amount": format_amount(amount)}
        notices.about_award(
            row,
            notices.finance(row.application),
            "payment.proof",
            f"return:{row.number}",
            _("收到繳款證明"),
            text % params,
            reverse("grants:settlement_detail", args=[row.number]),
        )
        return proof


def refuse_wrong_day(award: Award, day: dt.date) -> None:
    """Refuse a day on which nothing of the award can have come back. Raises Refused."""
    first = first_paid_on(award)
    if day > clock.today():
        raise Refused(_("日期不能晚於今天。"))
    if first and day < first:
        raise Refused(_("日期不能早於第一次撥付的%(day)s。") % {"day": format_roc(first)})


def notify_finance(award: Award, kind: str) -> None:
    """Notify finance of what it is to receive, if anything."""
    if due := refund_due(award):
        body = _("應收 %(amount)s 元。") % {"amount": format_amount(due)}
        url = reverse("grants:settlement_detail", args=[award.number])
        people, key = notices.finance(award.application), f"return:{award.number}"
        notices.about_award(award, people, kind, key, _("有繳回款待收"), body, url)


def open_deadline(award: Award) -> Deadline | None:
    return _open(award).first()


def _open(award: Award) -> QuerySet[Deadline]:
    return Deadline.objects.filter(kind=DeadlineKind.RETURN, award=award, done_on__isnull=True)


def _confirm_return(award: Award, entry: LedgerEntry, left: int) -> None:
    params = {"amount": format_amount(entry.amount), "left": format_amount(left)}
    text = _("已收到繳回款 %(amount)s 元，謝謝。") % params
    if left:
        due = _open(award).first()
        text += _("還要繳回 %(left)s 元") % params
        text += _("，期限 %(day)s。") % {"day": reckoned(due.due_on, award.county)} if due else _("。")
    else:
        text += _("應繳回的款項已經全部繳清。")
    key = f"award:{award.number}:{entry.pk}"
    url = reverse("grants:settlement_detail", args=[award.number])
    notices.about_award(
        award, notices.members(award.application), "payment.came_back", key, _("繳回款已入帳"), text, url
    )
