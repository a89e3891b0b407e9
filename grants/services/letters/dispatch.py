"""Issuing a letter: once, with the number of the county's document system, and with its effects.

A draft has no effect. Periods begin, receipts are asked for and decisions bind the organisation from the dispatch date
of the letter that says so.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import (
    AMENDMENTS,
    APPROVALS,
    RUNNING,
    SANCTIONS,
    AmendedPart,
    AwardStatus,
    DeadlineKind,
    InstalmentStatus,
    LetterKind,
    LetterStatus,
)
from grants.letters import marks
from grants.letters.words import filed
from grants.models import Amendment, Award, Letter, Sanction
from grants.permissions import actor_for, letter_ground
from grants.queries.payments import refund_due
from grants.services import notices, sanctions
from grants.services.applications.correction_requests import CORRECTION_BASIS
from grants.services.applications.drafts import StaleError
from grants.services.payments import returns
from grants.services.reminders import rows
from grants.services.reminders.rows import Subject, key_of
from grants.services.settlements.due import clause_of, set_due
from grants.workflow import letters
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.dispatch_number import folded
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.locks import lock, lock_first
from miaoli_kaohsiung.lib.office_calendar import is_guessed
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import drafts, terms

# What an approved change moves the deadline of the settlement with.
MOVING = (AmendedPart.PERIOD, AmendedPart.SETTLEMENT)


@dataclass(frozen=True)
class Objection:
    """Why a letter cannot be issued on a day, with the field where it can be corrected ("" for none)."""

    field: str
    reason: str


@dataclass(frozen=True)
class Word:
    """What the organisation is notified of with an issued letter. `thread` names what ends the notice, by default the
    case's next move.
    """

    kind: str
    subject: str
    body: str
    url: str
    thread: str = ""


class GuessedDaysError(Refused):
    """The letter would state days of a year whose calendar nobody has entered, and the officer has not confirmed them."""


class OtherTextError(Refused):
    """What would be locked is no longer what the officer was shown."""


class ObjectionsError(Refused):
    """The letter cannot be issued as it stands; `objections` say why and where."""

    def __init__(self, objections: list[Objection]) -> None:
        super().__init__("".join(objection.reason for objection in objections))
        self.objections = objections


def issue(
    user: User,
    letter: Letter,
    *,
    dispatch_number: str,
    dispatched_on: dt.date,
    edition: int | None = None,
    shown: str | None = None,
    guessed_days: bool = False,
) -> Letter:
    """Render the letter for the only time, keep its bytes, lock it, and carry out its effects.

    The same number posted twice issues it once. `edition` is that of the page that showed the text, `shown` the
    fingerprint of what it showed; `guessed_days` says whether the officer confirms days counted without a calendar.
    Raises StaleError, OtherTextError, ObjectionsError, GuessedDaysError, and Refused: the number of another letter,
    characters that no font has, no PDF on this machine.
    """
    with trail.unit_of_work(actor_for(user, letter_ground(letter), CASE_HANDLERS)) as actor:
        row = drafts.locked(letter)
        if row.status == LetterStatus.ISSUED and row.dispatch_number == dispatch_number:
            return row
        final = ready(user, row, dispatched_on)
        permit = letters.permit(final, "issue", user)
        if edition not in (None, row.edition):
            raise StaleError
        _require_fit(final, shown, guessed_days=guessed_days)
        final.dispatch_number, final.dispatch_key = dispatch_number, folded(dispatch_number)
        require_unused(final)
        data = drafts.printed([final], final=True)
        final.sha256 = hashlib.sha256(data).hexdigest()
        final.file = keep(data, f"{dispatch_number}.pdf", content_type=drafts.PDF, actor=actor, purpose="letter")
        final.issued_by, final.issued_at = user, clock.now()
        _save_numbered(final)
        permit.make(dispatch_number=dispatch_number, sha256=final.sha256)
        _void_replaced(user, final)
        _notify(final, _EFFECTS.get(LetterKind(final.kind), _nothing)(final))
        return final


def _require_fit(final: Letter, shown: str | None, *, guessed_days: bool) -> None:
    """Raise what keeps a letter, filled in for its day, from being locked as it was shown."""
    on = final.dispatched_on
    assert on is not None
    if shown not in (None, fingerprint(final)):
        raise OtherTextError(_("您核對以後，這份函的內容變了（例如抬頭、承辦人或期限）。請再看一次，再發文。"))
    days = terms.days_of(final, on)
    if found := objections(final, on, days):
        raise ObjectionsError(found)
    if not guessed_days and guessed(final, days):
        raise GuessedDaysError(_("函裡有依週六、週日推算的期限，請先勾選確認。"))


def ready(user: User, letter: Letter, on: dt.date) -> Letter:
    """Return an unsaved copy of the draft as it would be locked, with its marks for a letter that may replace it."""
    row = drafts.as_issued(letter, on, user=user)
    row.dispatched_on = on
    row.context = {**row.context, "draft_subject": letter.subject, "draft_explanation": letter.explanation}
    return row


def fingerprint(final: Letter) -> str:
    """Return the mark of all that a letter, filled in for its day, would print."""
    said = [final.subject, final.explanation, final.originals, final.copies, str(final.dispatched_on), final.context]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def objections(final: Letter, on: dt.date, days: Mapping[str, dt.date]) -> list[Objection]:
    """Return what keeps a letter, filled in for the day, from being issued. `days` are those of `terms.days_of`."""
    today, found = clock.today(), []
    if on > today:
        found.append(Objection("dispatched_on", _("發文日期不能晚於今天。")))
    if on < final.prepared_on:
        params = {"day": format_roc(final.prepared_on)}
        found.append(Objection("dispatched_on", _("發文日期不能早於擬稿日 %(day)s。") % params))
    if final.kind == LetterKind.CORRECTION:
        asked = terms.request_of(final)
        if asked is not None and asked.answered_on:
            found.append(Objection("", _("這次補正已經送回或結束，這份補正函不用再發。")))
    found += [Objection("dispatched_on", _late_term(mark, day)) for mark, day in days.items() if day < today]
    return [*found, *_objections_to_head(final), *_objections_to_text(final, today)]


def guessed(final: Letter, days: Mapping[str, dt.date]) -> list[tuple[str, dt.date]]:
    """Return the days that the letter states, by what they are, in years whose calendar nobody has entered."""
    text = "\n".join([final.context["draft_subject"], *final.context["draft_explanation"]])
    return [(mark.strip("【】"), day) for mark, day in days.items() if mark in text and is_guessed(day, final.county)]


def _objections_to_head(final: Letter) -> list[Objection]:
    head = final.context["head"]
    if head["signatory_name"]:
        return []
    params = {"title": head["signatory"], "page": reverse("communities:county", args=[final.county])}
    return [Objection("", _("還沒有登錄%(title)s的姓名，請先到「縣市資料」（%(page)s）登錄，再發文。") % params)]


def _late_term(mark: str, day: dt.date) -> str:
    params = {"name": mark.strip("【】"), "day": format_roc(day)}
    return _("照這個發文日期，%(name)s是 %(day)s，已經過了；請改用今天發文，期限會重新計算。") % params


def _objections_to_text(final: Letter, today: dt.date) -> list[Objection]:
    found = []
    for field, text in (("subject", final.subject), ("explanation", "\n".join(final.explanation))):
        found += [
            Objection(field, _("%(mark)s 在這份函裡算不出日期，請刪除或改寫。") % {"mark": mark})
            for mark in marks.left_over(text)
        ]
        if "會議時間" in filed()[final.kind].needed and field == "subject":
            found += [
                Objection(
                    field, _("「%(words)s」已經過了，不能再通知開會；請改日期，或不發這份函。") % {"words": words}
                )
                for words, day in marks.days_named(text)
                if day < today
            ]
        if not filed()[final.kind].asks:
            continue
        found += [
            Objection(field, _("「%(words)s」已經過了，請改成函稿提供的期限記號，或之後的日期。") % {"words": words})
            for words, day in marks.days_asked_for(text)
            if day < today
        ]
    return found


def require_unused(row: Letter) -> None:
    """Raise Refused if another letter of the county has the number already, in whatever character width."""
    others = Letter.objects.filter(county=row.county, dispatch_key=folded(row.dispatch_number)).exclude(pk=row.pk)
    if others.exists():
        raise _taken(row.dispatch_number)


def _save_numbered(row: Letter) -> None:
    """Save the letter. Another one may have taken the number since the check: then the constraint refuses it."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise _taken(row.dispatch_number) from taken


def _taken(number: str) -> Refused:
    return Refused(_("發文字號 %(number)s 已經有另一份公文用過，請再核對。") % {"number": number})


def _void_replaced(user: User, row: Letter) -> None:
    old = lock_first(Letter.objects.select_related("application").filter(pk=row.context.get("replaces")))
    if old is None or old.status != LetterStatus.ISSUED:
        return
    letters.move(old, "void", user, {"replaced_by": row}, replaced_by=row.dispatch_number)


# --- Effects of a letter ---------------------------------------------------------------------------------------------------


def _nothing(row: Letter) -> Word:
    return Word(
        f"letter-{row.pk}", _("公文已發出，請查收"), row.subject, reverse("grants:letter_detail", args=[row.pk])
    )


def _correction(row: Letter) -> Word:
    """Begin the period of the correction."""
    asked, case = terms.request_of(row), row.case
    assert row.dispatched_on is not None
    if asked is None or asked.answered_on:
        return _nothing(row)
    due = terms.correction_due(row.dispatched_on, asked.days, case)
    asked.due_on = case.correction_due_on = max(due, asked.due_on or due)
    asked.save(update_fields=["due_on"])
    case.save(update_fields=["correction_due_on"])
    _keep_deadline(row, DeadlineKind.CORRECTION, asked, CORRECTION_BASIS, asked.due_on)
    subject = _("請在 %(due)s 前補正") % {"due": reckoned(asked.due_on, case.county)}
    body = _("補正函 %(number)s 已發出。") % {"number": row.dispatch_number} + f"\n{asked.items}"
    return Word(f"correction-{row.pk}", subject, body, reverse("grants:application_detail", args=[case.number]))


def _approval(row: Letter) -> Word:
    """Let the association send its receipt, and set the deadline of the settlement."""
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    assert row.dispatched_on is not None
    if award.notified_on is None:
        award.notified_on = row.dispatched_on
        award.save(update_fields=["notified_on"])
    days = terms.days_of(row, row.dispatched_on)
    sentences = [_("核定函 %(number)s 已發出。") % {"number": row.dispatch_number}]
    first = award.instalments.filter(status=InstalmentStatus.AWAITING_RECEIPT, condition="receipt").first()
    if first is not None:
        due = days[marks.RECEIPT_DUE]
        _keep_deadline(row, DeadlineKind.FIRST_RECEIPT, first, first.clause, due)
        sentences.append(_("請在 %(due)s 前送第一期款的領據。") % {"due": reckoned(due, award.county)})
    if award.status == AwardStatus.ACTIVE:
        due = days[marks.SETTLEMENT_DUE]
        _keep_deadline(row, DeadlineKind.SETTLEMENT, award, clause_of(award), due)
        sentences.append(_("計畫辦完後，請在 %(due)s 前結報。") % {"due": reckoned(due, award.county)})
    thread = key_of(first or award)
    return Word(
        f"approval-{row.pk}",
        _("核定函已發出，請照函辦理"),
        "".join(sentences),
        reverse("grants:award_detail", args=[award.number]),
        thread,
    )


def _sanction(row: Letter) -> Word:
    """Give the decision its effect on the organisation."""
    sanction = Sanction.objects.select_related("award__application").filter(pk=row.context.get("sanction")).first()
    if sanction is None:
        return _nothing(row)
    if sanction.notified_on is None:
        sanction.notified_on = row.dispatched_on
        sanction.save(update_fields=["notified_on"])
    _start_return(row, sanction.award)
    if sanction.letter_id != row.pk:
        sanction.letter = row
        sanction.save(update_fields=["letter"])
    subject, url = str(sanction.get_event_display()), reverse("grants:award_detail", args=[sanction.award.number])
    return Word(f"sanction-{row.pk}", subject, f"{row.dispatch_number}\n{sanctions.described(sanction)}", url)


def _return(row: Letter) -> Word:
    """Begin the period in which the money must come back."""
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    _start_return(row, award)
    return _nothing(row)


def _start_return(row: Letter, award: Award) -> None:
    """Begin the period in which the money must come back, unless it runs already."""
    if refund_due(award) == 0 or returns.open_deadline(award) is not None:
        return
    assert row.dispatched_on is not None
    wanted = returns.deadline_for(award, row.dispatched_on)
    due = terms.days_of(row, row.dispatched_on)[marks.RETURN_DUE]
    _keep_deadline(row, DeadlineKind.RETURN, award, wanted.clause, due)


def _amendment(row: Letter) -> Word:
    """Tell the association what was decided: deadlines move, money waits no more, what must come back has its day."""
    amendment = Amendment.objects.filter(pk=row.context.get("amendment")).first()
    if amendment is None:
        return _nothing(row)
    award = lock(Award.objects.select_related("application__scheme"), application=row.application_id)
    if amendment.notified_on is None:
        amendment.notified_on = row.dispatched_on
    amendment.letter = row
    amendment.save(update_fields=["notified_on", "letter"])
    if award.awaits_letter:
        award.awaits_letter = False
        award.save(update_fields=["awaits_letter"])
    body = _("%(number)s：%(status)s。") % {
        "number": row.dispatch_number,
        "status": amendment.get_status_display(),
    }
    if award.status in RUNNING and amendment.items.filter(approved=True, part__in=MOVING).exists():
        body += _("結報期限改為 %(due)s。") % {"due": reckoned(set_due(award), award.county)}
    _start_return(row, award)
    url = reverse("grants:amendment", args=[amendment.pk])
    return Word(f"amendment-{row.pk}", _("計畫變更已函復"), body, url)


_EFFECTS = {
    **dict.fromkeys(AMENDMENTS, _amendment),
    LetterKind.CORRECTION: _correction,
    **dict.fromkeys(APPROVALS, _approval),
    **dict.fromkeys(SANCTIONS, _sanction),
    LetterKind.RETURN: _return,
}


def _keep_deadline(row: Letter, kind: DeadlineKind, subject: Subject, clause: str, due_on: dt.date) -> None:
    assert row.dispatched_on is not None
    rows.keep(kind, subject, clause=clause, due_on=due_on, opened_on=row.dispatched_on)


def _notify(row: Letter, word: Word) -> None:
    if row.application is None:
        return
    case = row.application
    notices.about_case(case, notices.members(case), word.kind, word.subject, word.body, word.url, word.thread)
