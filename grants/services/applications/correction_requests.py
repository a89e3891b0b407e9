"""Asking an association to correct its application, and giving it more time. Its answers are in `corrections`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus as S
from grants.enums import DeadlineKind, LetterKind, LetterStatus
from grants.models import Application, CorrectionItem, CorrectionRequest
from grants.permissions import actor_for, holds
from grants.queries.applications import corrections
from grants.services import notices
from grants.services.letters import drafts
from grants.services.locks import lock_case
from grants.services.reminders.rows import unsaved
from grants.services.reviews.checks import DayError, after_today, fresh
from grants.workflow import applications
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.roc_date import format_roc

EXTEND = actions.register("application.extend_correction", _l("展延補正期限"))
DELIVERED = actions.register("application.correction_delivered", _l("登記補正函送達"))
# The time to correct is set by the county's own letter, not by a clause.
CORRECTION_BASIS = "補正函"


@dataclass(frozen=True)
class Wanted:
    """What is to be corrected: a place of the case (queries.applications.places) with a word on it, or words alone."""

    text: str
    about: str = ""


def ask_correction(
    user: User,
    case: Application,
    *,
    items: str,
    days: int,
    edition: int,
    places: Sequence[Wanted] = (),
    whole: bool = True,
) -> CorrectionRequest:
    """Ask the association to correct `places` and `items`, one a line, within `days` working days.

    With `whole` it may change everything, else only those places. The township's period begins with its notice. The
    county's period begins when its letter, drafted here, is issued (grants.services.letters.effects); until then the
    association sees the items, but no period runs.
    """
    by_township = case.status == S.TOWNSHIP_REVIEW
    with trail.unit_of_work(actor_for(user, case, Role.TOWNSHIP_OFFICER if by_township else Role.CASE_OFFICER)):
        row = lock_case(case)
        name = "ask_correction_by_township" if by_township else "ask_correction"
        permit = applications.permit(row, name, user)
        fresh(row, edition)
        wanted = [*places, *(Wanted(text) for text in _lines(items))]
        _require_something(wanted, whole)
        due_on = _days_from_today(days, row) if by_township else None
        text = "\n".join(one.text for one in wanted)
        permit.make({"correction_due_on": due_on}, items=text, days=days)
        asked = _new_request(user, row, wanted, text=text, days=days, due_on=due_on, whole=whole)
        if due_on:
            _run(asked, due_on)
            _notify_of_term(row, text, due_on)
        else:
            _draft_letter(user, asked, wanted)
        return asked


def _require_something(wanted: Sequence[Wanted], whole: bool) -> None:
    if not wanted:
        raise Refused(_("請勾選要補正的地方，或寫下要補正的事項。"))
    if not whole and not any(one.about for one in wanted):
        raise Refused(_("還沒有勾選可以修改的地方，協會會沒有地方可以補正；請勾選，或改為整件都可以修改。"))


def _new_request(
    user: User, row: Application, wanted: Sequence[Wanted], *, text: str, days: int, due_on: dt.date | None, whole: bool
) -> CorrectionRequest:
    version = row.versions.last()
    assert version is not None
    asked = CorrectionRequest.objects.create(
        application=row,
        version=version,
        items=text,
        days=days,
        due_on=due_on,
        by_township=due_on is not None,
        whole=whole,
        requested_by=user,
        requested_on=clock.today(),
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(request=asked, place=place, text=one.text, about=one.about)
        for place, one in enumerate(wanted, 1)
    )
    return asked


def _draft_letter(user: User, asked: CorrectionRequest, wanted: Sequence[Wanted]) -> None:
    row, kept = asked.application, {"correction": asked.pk}
    items = [one.text for one in wanted]
    letter = drafts.prepare(user, row, LetterKind.CORRECTION, kept, items=items, days=asked.days)
    subject = _("有資料要補正，請先準備")
    body = _("正式的補正函還沒有發出，期限從補正函送達起算；現在就可以開始補正。") + f"\n{asked.items}"
    kind, thread = f"correction-asked-{asked.pk}", f"letter:{letter.pk}"
    notices.about_case(row, notices.members(row), kind, subject, body, thread=thread)


def record_delivery(user: User, case: Application, delivered_on: dt.date) -> CorrectionRequest:
    """Note on which day the 補正函 arrived (送達). The period counts from it, but never ends before the printed day."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        require(holds(user, row, Role.CASE_OFFICER))
        asked = row.corrections.filter(answered_on__isnull=True, by_township=False).first()
        if row.status != S.CORRECTION_REQUESTED or asked is None or asked.due_on is None:
            raise Refused(_("補正函還沒有發文，不能登記送達。"))
        sent = row.letters.filter(context__correction=asked.pk, status=LetterStatus.ISSUED).first()
        if delivered_on > clock.today() or (sent and sent.dispatched_on and delivered_on < sent.dispatched_on):
            raise DayError(_("送達日期要在發文日期以後，不能晚於今天。"))
        before = {"delivered_on": asked.delivered_on, "due_on": asked.due_on}
        counted = office_calendar.of(row.county, row.township_code).add_workdays(delivered_on, asked.days)
        asked.delivered_on, asked.due_on = delivered_on, max(asked.due_on, counted)
        asked.save(update_fields=["delivered_on", "due_on"])
        row.correction_due_on = asked.due_on
        row.save(update_fields=["correction_due_on"])
        corrections.running(row).update(due_on=asked.due_on)
        after = {"delivered_on": delivered_on, "due_on": asked.due_on}
        trail.record(DELIVERED, row, before=before, after=after, case=row.number)
        if after["due_on"] != before["due_on"]:
            _notify_of_term(row, asked.items, asked.due_on)
        return asked


def _days_from_today(days: int, case: Application) -> dt.date:
    return office_calendar.of(case.county, case.township_code).add_workdays(clock.today(), days)


def _run(asked: CorrectionRequest, due_on: dt.date) -> None:
    """Store the deadline of a request."""
    unsaved(DeadlineKind.CORRECTION, asked, clause=CORRECTION_BASIS, due_on=due_on, opened_on=clock.today()).save()


def extend_correction(user: User, case: Application, *, due_on: dt.date) -> CorrectionRequest:
    """Give the association until a later day, which must lie after today. Only while a period runs."""
    with trail.unit_of_work(actor_for(user, case, CORRECTION_ASKERS)):
        row = lock_case(case)
        asked = row.corrections.filter(answered_on__isnull=True).first()
        if row.status != S.CORRECTION_REQUESTED or asked is None:
            raise Refused(_("這一件現在沒有等待補正。"))
        require(holds(user, row, Role.TOWNSHIP_OFFICER if asked.by_township else Role.CASE_OFFICER))
        if asked.due_on is None:
            raise Refused(_("補正函還沒有發文，期限還沒有開始算，不用展延；請先發補正函。"))
        after_today(due_on)
        if due_on <= asked.due_on:
            raise Refused(_("新的期限要晚於原來的 %(due)s。") % {"due": format_roc(asked.due_on)})
        before, asked.due_on, row.correction_due_on = asked.due_on, due_on, due_on
        asked.save(update_fields=["due_on"])
        row.save(update_fields=["correction_due_on"])
        corrections.running(row).update(due_on=due_on)
        trail.record(EXTEND, row, before={"due_on": before}, after={"due_on": due_on}, case=row.number)
        if not asked.by_township:
            _draft_extension(user, row, due_on)
        _notify_of_term(row, asked.items, due_on)
        return asked


def _draft_extension(user: User, row: Application, due_on: dt.date) -> None:
    """Draft the letter that tells of the new day, in the place of one that was not sent yet."""
    drafts.drop(row, LetterKind.EXTENSION)
    sent = row.letters.filter(kind=LetterKind.CORRECTION, status=LetterStatus.ISSUED).first()
    drafts.prepare(user, row, LetterKind.EXTENSION, extended_to=due_on, earlier=drafts.cited(sent) if sent else "")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _notify_of_term(row: Application, items: str, due_on: dt.date) -> None:
    subject = _("請在 %(due)s 前補正") % {"due": reckoned(due_on, row.county)}
    notices.about_case(row, notices.members(row), f"correction-{due_on:%m%d}", subject, items)
