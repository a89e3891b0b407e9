"""Issuing a letter: once, with the number of the county's document system, and with its `effects`."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import (
    LetterKind,
    LetterStatus,
)
from grants.letters import marks
from grants.letters.words import filed
from grants.models import Letter
from grants.permissions import actor_for, letter_ground
from grants.services import notices
from grants.services.applications.drafts import StaleError
from grants.workflow import letters
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.files.services import keep
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.dispatch_number import folded
from miaoli_kaohsiung.lib.locks import lock_first
from miaoli_kaohsiung.lib.office_calendar import is_guessed
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import drafts, effects, settling, terms


@dataclass(frozen=True)
class Objection:
    """Why a letter cannot be issued on a day, with the field where it can be corrected ("" for none)."""

    field: str
    reason: str


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
        _notify(final, effects.of(final))
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
    if changed := settling.objection(final):
        found.append(Objection("", changed))
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


def _notify(row: Letter, word: effects.Word) -> None:
    if row.application is None:
        return
    case = row.application
    notices.about_case(case, notices.members(case), word.kind, word.subject, word.body, word.url, word.thread)
