"""What came of a call about a deadline, on record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import CallRecord, Deadline
from grants.permissions import actor_for, holds
from grants.queries.reminders.calls import Call
from miaoli_kaohsiung.accounts.audiences import CALLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

from .deadlines import values_of
from .words import filled

CALLED = actions.register("deadline.call", _l("電話聯絡"))


@dataclass(frozen=True)
class Said:
    """What the call is about and what to say, filled in."""

    about: str
    words: str


def record(user: User, deadline: Deadline, outcome: str, note: str = "") -> CallRecord:
    """Keep the outcome of a call. Raises Refused for another post, or once the deadline was met."""
    case = deadline.case
    with trail.unit_of_work(actor_for(user, case, CALLERS)):
        require(holds(user, case, CALLERS))
        row = lock(Deadline.objects.all(), pk=deadline.pk)
        if row.done_on is not None:
            raise Refused(_("這一項已經辦了，不用再打電話。"))
        made = CallRecord.objects.create(
            deadline=row, outcome=outcome, note=note, called_by=user, called_on=clock.today()
        )
        trail.record(CALLED, row, after={"outcome": outcome, "note": note}, case=case.number)
        return made


def said_of(call: Call) -> Said:
    values = values_of(call.deadline, clock.today())
    return Said(filled(call.reminder.subject, values), filled(call.reminder.body, values))
