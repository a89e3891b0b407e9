"""At the counter and on the officer's desk: receive, forward, answer the checklist, complete the check.

Corrections are asked for in `services.applications.correction_requests`. Every function is one unit of work. `edition`
is that of the page that the person saw; an older one is refused, so that nobody overwrites what a colleague has just
decided.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance import checklist
from grants.enums import BEING_CHECKED, Verdict
from grants.enums import ApplicationStatus as S
from grants.models import (
    Application,
    ChecklistAnswer,
)
from grants.permissions import actor_for, holds, officer_for
from grants.services.applications import confirmations
from grants.services.applications.drafts import StaleError
from grants.services.locks import lock_case
from grants.workflow import applications
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require

CHECK = actions.register("application.check", _l("檢核"))
VERDICT = actions.register("application.verdict", _l("審查協會的說明"))


class PendingError(Refused):
    """Some items have no answer yet."""

    def __init__(self, waiting: list[str]) -> None:
        super().__init__(
            _("還有 %(count)d 項沒有檢核結果：%(items)s") % {"count": len(waiting), "items": "、".join(waiting[:5])}
        )
        self.waiting = waiting


class DayError(Refused):
    """A day that lies in the past."""


@dataclass(frozen=True)
class Answers:
    """A posted checklist: item key → (verdict, note), and justification id → (verdict, note)."""

    items: Mapping[str, tuple[str, str]]
    reasons: Mapping[int, tuple[str, str]]


def receive(user: User, case: Application) -> Application:
    """Let the officer take the case. Pressed twice by the same officer, the second call changes nothing."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        officer = officer_for(user, row)
        if row.status == S.COMPLETENESS_CHECK and row.officer_id == officer.pk:
            return row
        applications.move(row, "receive", user, {"officer": officer})
        confirmations.received(row)
        return row


def answer(user: User, case: Application, answers: Answers, *, edition: int) -> Application:
    """Keep the officer's answers to checklist items and written reasons; only changes are written."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = _checking(user, case, edition)
        known, asked = checklist.answers_of(row), {item.key: item.text for item in checklist.items_for(row)}
        before, after = {}, {}
        for key, (verdict, note) in answers.items.items():
            if key in asked and _keep_answer(user, row, known.get(key), key, verdict, note):
                before[asked[key]] = _said(known[key].verdict, known[key].note) if key in known else ""
                after[asked[key]] = _said(verdict, note)
        if after:
            trail.record(CHECK, row, before=before, after=after, case=row.number)
        if any(_keep_verdicts(user, row, answers.reasons)) or after:
            row.edition += 1
            row.save(update_fields=["edition"])
        return row


def complete(user: User, case: Application, *, edition: int) -> Application:
    """Complete the check, once every item and every written reason has an answer. Raises PendingError."""
    with trail.unit_of_work(actor_for(user, case, Role.CASE_OFFICER)):
        row = lock_case(case)
        permit = applications.permit(row, "complete", user)
        fresh(row, edition)
        if waiting := checklist.pending(row):
            raise PendingError(waiting)
        return permit.make()


def confirm_spent(user: User, case: Application) -> None:
    """Keep as met the items that are confirmed with the content of a settlement, in the caller's unit of work."""
    items = checklist.spent_items(case)
    answers = [
        ChecklistAnswer(application=case, item=item.key, verdict=Verdict.ACCEPTED, by=user, on=clock.today())
        for item in items
    ]
    ChecklistAnswer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["application", "item"],
        update_fields=["verdict", "note", "by", "on"],
    )
    if items:
        after = {item.text: _said(Verdict.ACCEPTED, "") for item in items}
        trail.record(CHECK, case, before={}, after=after, case=case.number)


def fresh(row: Application, edition: int) -> None:
    """Refuse a post from an older page. Raises StaleError."""
    if row.edition != edition:
        raise StaleError


def _checking(user: User, case: Application, edition: int) -> Application:
    row = lock_case(case)
    require(holds(user, row, Role.CASE_OFFICER))
    if row.status not in BEING_CHECKED:
        label = S(row.status).label
        raise Refused(_("這一件目前是「%(status)s」，不能再改檢核結果。") % {"status": label})
    fresh(row, edition)
    return row


def _keep_answer(
    user: User, row: Application, known: ChecklistAnswer | None, key: str, verdict: str, note: str
) -> bool:
    """Keep the answer, and return whether it differs from the one before."""
    if verdict == Verdict.REFUSED and not note.strip():
        raise Refused(_("不符合的項目請寫說明，補正或函文會用到。"))
    if known and (known.verdict, known.note) == (verdict, note):
        return False
    ChecklistAnswer.objects.update_or_create(
        application=row, item=key, defaults={"verdict": verdict, "note": note, "by": user, "on": clock.today()}
    )
    return True


def _said(verdict: str, note: str) -> str:
    words = str(Verdict(verdict).label)
    return f"{words}：{note}" if note else words


def _keep_verdicts(user: User, row: Application, verdicts: Mapping[int, tuple[str, str]]) -> list[bool]:
    changed = []
    for reason in row.justifications.filter(pk__in=verdicts):
        verdict, note = verdicts[reason.pk]
        if (reason.verdict, reason.verdict_note) == (verdict, note):
            continue
        before = {"verdict": reason.verdict, "note": reason.verdict_note}
        reason.verdict, reason.verdict_note, reason.verdict_by = verdict, note, user
        reason.save(update_fields=["verdict", "verdict_note", "verdict_by"])
        after = {"clause": reason.clause, "verdict": verdict, "note": note}
        trail.record(VERDICT, reason, before=before, after=after, case=row.number)
        changed.append(True)
    return changed


def after_today(day: dt.date) -> None:
    if day <= clock.today():
        raise DayError(_("期限要在今天以後。"))
