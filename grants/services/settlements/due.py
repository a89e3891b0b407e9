"""The day by which a 結報 is due, as a stored row that reminders look at (K7.2a, reading A27)."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rulesets import ruleset_for
from grants.enums import DeadlineKind
from grants.models import Award, Deadline
from grants.rules import payments
from grants.rules.ruleset import load
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock, office_calendar
from miaoli_kaohsiung.lib.roc_date import format_roc

DUE = actions.register("settlement.due", _l("依實際完成日訂結報期限"))


def due_on(award: Award, *, letter_on: dt.date | None = None) -> dt.date:
    """Return the day by which the 結報 is due: its legal day, or a later one that the county has granted."""
    due = legal_due_on(award, letter_on=letter_on)
    return max(due, award.settlement_until) if award.settlement_until else due


def legal_due_on(award: Award, *, letter_on: dt.date | None = None) -> dt.date:
    """Return the law's months after the actual completion, else after the planned end (A27).

    Nobody can settle before hearing of the award, so an earlier end is counted from the day of the approval letter
    `letter_on` (default: that of the issued one).
    """
    today, case = clock.today(), award.application
    ruleset = ruleset_for(case.scheme, today)
    ended = payments.completion_day(award.ends_on, award.completed_on, ruleset, today)
    notified_on = letter_on or award.notified_on
    start = max(ended, notified_on) if notified_on else ended
    days = office_calendar.of(case.county, case.township_code)
    return payments.settlement_due(start, days.is_workday, ruleset, today).on


def clause_of(award: Award) -> str:
    """Return the clause that sets the deadline; "" if the scheme's law names none."""
    return load(award.application.scheme.ruleset).cite("settlement_due")


def months_of(award: Award) -> int:
    """Return how many months after completion the law of today gives."""
    today = clock.today()
    months: int = ruleset_for(award.application.scheme, today).value("settlement.months", today, "lenient")
    return months


def set_due(award: Award) -> dt.date:
    """Count the deadline from the actual completion, and make it if the letter left none. None runs before it."""
    due = due_on(award)
    if award.notified_on is None:
        return due
    deadline = _own(award)
    before = deadline.due_on if deadline else None
    if deadline is None:
        deadline = unsaved(DeadlineKind.SETTLEMENT, award, clause=clause_of(award), due_on=due, opened_on=clock.today())
    deadline.due_on = due
    deadline.save()
    trail.record(DUE, deadline, before={"due_on": before}, after={"due_on": due}, case=award.number)
    return due


def deadlines_of(award: Award) -> QuerySet[Deadline]:
    return Deadline.objects.filter(award=award, kind__in=(DeadlineKind.SETTLEMENT, DeadlineKind.SETTLEMENT_FIX))


def _own(award: Award) -> Deadline | None:
    return deadlines_of(award).filter(kind=DeadlineKind.SETTLEMENT).first()


def wrong_completion(award: Award, day: dt.date) -> str:
    """Return why the project cannot have been completed on the day, "" if it can. Its approved period ends on its day:
    later than that the deadline of the account would follow a day that nobody approved.
    """
    if not award.starts_on <= day <= clock.today():
        return _("完成日要在執行起日和今天之間。")
    if day > award.ends_on:
        words = _("核定的執行期間到%(last)s為止。延後辦理要先申請計畫變更；沒有延後的，請填期間內最後辦理的一天。")
        return words % {"last": format_roc(award.ends_on)}
    return ""


def is_late(award: Award) -> bool:
    deadline = _own(award)
    return clock.today() > (deadline.due_on if deadline else due_on(award))
