"""The first review at the township's office: its checklist, its opinion, its letter, and passing the case on."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import NOT_RUNNING, Verdict
from grants.enums import ApplicationStatus as S
from grants.models import Application, FirstReview
from grants.permissions import actor_for, holds
from grants.queries.applications import forwarding
from grants.queries.schemes import terms
from grants.services import notices
from grants.services.applications import confirmations
from grants.services.locks import lock_case
from grants.workflow import applications
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require

from .checks import fresh

REVIEW = actions.register("application.first_review", _l("公所初審"))
LETTER = actions.register("application.township_letter", _l("登錄公所函轉文號"))

ASKS_REMARKS = _l("不推薦，或有不符合的項目時，請寫說明給縣府。")


class LetterError(Refused):
    """The number or the day of the township's letter cannot be right."""


@dataclass(frozen=True)
class Answer:
    """One item of the township's checklist with its answer."""

    text: str
    verdict: str = ""
    note: str = ""


@dataclass(frozen=True)
class Opinion:
    """What the office entered; `recommended` is None until it has decided."""

    answers: tuple[Answer, ...] = ()
    recommended: bool | None = None
    remarks: str = ""
    letter_number: str = ""
    letter_on: dt.date | None = None

    @property
    def asks_remarks(self) -> bool:
        """Whether the county must be given a reason."""
        return self.recommended is False or any(answer.verdict == Verdict.REFUSED for answer in self.answers)


def save(user: User, case: Application, opinion: Opinion, *, edition: int) -> FirstReview:
    """Keep what the office has entered so far."""
    with trail.unit_of_work(actor_for(user, case, Role.TOWNSHIP_OFFICER)):
        row = lock_case(case)
        require(holds(user, row, Role.TOWNSHIP_OFFICER))
        if row.status != S.TOWNSHIP_REVIEW:
            raise Refused(_("這一件已經不在公所，不能再改初審意見。"))
        fresh(row, edition)
        return _keep(user, row, opinion)


def forward(user: User, case: Application, opinion: Opinion, *, edition: int) -> Application:
    """Pass the case on to the county with the office's opinion. Raises Refused while something is missing."""
    with trail.unit_of_work(actor_for(user, case, Role.TOWNSHIP_OFFICER)):
        row = lock_case(case)
        permit = applications.permit(row, "forward", user)
        fresh(row, edition)
        _require_whole(opinion)
        review, today = _keep(user, row, opinion), clock.today()
        review.forwarded_by, review.forwarded_on = user, today
        review.days_held = forwarding.days_held(row, today)
        review.save(update_fields=["forwarded_by", "forwarded_on", "days_held"])
        permit.make()
        notices.about_case(row, notices.officers(row), "forwarded", _("公所轉來申請案，請收件"), row.title)
        confirmations.forwarded(row)
        return row


def keep_letter(user: User, case: Application, number: str, day: dt.date) -> FirstReview:
    """Enter the number and the day of the township's letter after the case was passed on: by the office, or by the
    county's officer who has the letter on paper.
    """
    with trail.unit_of_work(actor_for(user, case, CORRECTION_ASKERS)):
        row = lock_case(case)
        require(holds(user, row, CORRECTION_ASKERS))
        review = FirstReview.objects.select_for_update().filter(application=row, forwarded_on__isnull=False).first()
        if review is None or row.status in NOT_RUNNING:
            raise Refused(_("這一件沒有公所函轉的文要登錄。"))
        _require_letter(row, number, day)
        before = {"letter_number": review.letter_number, "letter_on": review.letter_on}
        review.letter_number, review.letter_on = number, day
        review.save(update_fields=["letter_number", "letter_on"])
        trail.record(LETTER, row, before=before, after={"letter_number": number, "letter_on": day}, case=row.number)
        return review


def _keep(user: User, row: Application, opinion: Opinion) -> FirstReview:
    if opinion.letter_number or opinion.letter_on:
        _require_letter(row, opinion.letter_number, opinion.letter_on)
    for answer in opinion.answers:
        if answer.verdict == Verdict.REFUSED and not answer.note:
            raise Refused(_("不符合的項目請寫說明。"))
    words = terms.first_review_words(row)
    word = "" if opinion.recommended is None else words[not opinion.recommended]
    values = {
        "answers": [asdict(answer) for answer in opinion.answers],
        "recommended": opinion.recommended,
        "opinion": word,
        "remarks": opinion.remarks,
        "letter_number": opinion.letter_number,
        "letter_on": opinion.letter_on,
    }
    known = FirstReview.objects.filter(application=row).first()
    before = {name: getattr(known, name) for name in values} if known else {}
    if before == values and known:
        return known
    review, _made = FirstReview.objects.update_or_create(application=row, defaults={**values, "saved_by": user})
    trail.record(REVIEW, row, before=before, after=values, case=row.number)
    row.edition += 1
    row.save(update_fields=["edition"])
    return review


def _require_whole(opinion: Opinion) -> None:
    if missing := sum(not answer.verdict for answer in opinion.answers):
        raise Refused(_("還有 %(count)d 項沒有初審結果。") % {"count": missing})
    if opinion.recommended is None:
        raise Refused(_("請選初審意見。"))
    if not opinion.remarks and opinion.asks_remarks:
        raise Refused(str(ASKS_REMARKS))


def _require_letter(row: Application, number: str, day: dt.date | None) -> None:
    if not number or day is None:
        raise LetterError(_("函轉文號和日期要一起填，或都空著。"))
    if day > clock.today():
        raise LetterError(_("函轉日期還沒到，請填發文那一天。"))
    if row.first_filed_on and day < row.first_filed_on:
        raise LetterError(_("函轉日期早於協會送件的日子，請再看一次。"))
