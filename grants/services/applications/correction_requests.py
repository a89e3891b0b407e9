"""Asking an association to correct its application, and giving it more time. Its answers are in `corrections`."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus as S
from grants.enums import DeadlineKind, LetterKind
from grants.models import Application, CorrectionItem, CorrectionRequest
from grants.permissions import actor_for, holds
from grants.queries.applications import corrections
from grants.services import notices
from grants.services.letters import drafts
from grants.services.locks import lock_case
from grants.services.reminders.rows import unsaved
from grants.services.reviews.checks import after_today, fresh
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
# The time to correct is set by the county's own letter, not by a clause.
CORRECTION_BASIS = "補正函"


def ask_correction(user: User, case: Application, *, items: str, days: int, edition: int) -> CorrectionRequest:
    """Ask the association to correct `items`, one a line, within `days` days.

    The township's period begins with its notice. The county's period begins when its letter, drafted here, is issued
    (grants.services.letters.dispatch); until then the association sees the items, but no period runs.
    """
    by_township = case.status == S.TOWNSHIP_REVIEW
    with trail.unit_of_work(actor_for(user, case, Role.TOWNSHIP_OFFICER if by_township else Role.CASE_OFFICER)):
        row = lock_case(case)
        name = "ask_correction_by_township" if by_township else "ask_correction"
        permit = applications.permit(row, name, user)
        fresh(row, edition)
        due_on = _days_from_today(days, row) if by_township else None
        permit.make({"correction_due_on": due_on}, items=items, days=days)
        version = row.versions.last()
        assert version is not None
        asked = CorrectionRequest.objects.create(
            application=row,
            version=version,
            items=items,
            days=days,
            due_on=due_on,
            by_township=by_township,
            requested_by=user,
            requested_on=clock.today(),
        )
        CorrectionItem.objects.bulk_create(
            CorrectionItem(request=asked, place=place, text=text) for place, text in enumerate(_lines(items), 1)
        )
        if due_on:
            _run(asked, due_on)
            _notify_of_term(row, items, due_on)
        else:
            kept = {"correction": asked.pk}
            letter = drafts.prepare(user, row, LetterKind.CORRECTION, kept, items=_lines(items), days=days)
            subject = _("有資料要補正，請先準備")
            body = _("正式的補正函還沒有發出，期限從補正函送達起算；現在就可以開始補正。") + f"\n{items}"
            kind, thread = f"correction-asked-{asked.pk}", f"letter:{letter.pk}"
            notices.about_case(row, notices.members(row), kind, subject, body, thread=thread)
        return asked


def _days_from_today(days: int, case: Application) -> dt.date:
    return office_calendar.of(case.county, case.township_code).next_workday(clock.today() + dt.timedelta(days=days))


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
        _notify_of_term(row, asked.items, due_on)
        return asked


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _notify_of_term(row: Application, items: str, due_on: dt.date) -> None:
    subject = _("請在 %(due)s 前補正") % {"due": reckoned(due_on, row.county)}
    notices.about_case(row, notices.members(row), f"correction-{due_on:%m%d}", subject, items)
