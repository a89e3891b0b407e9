"""催辦: an officer reminds the association of a missed deadline, at most once a day, and on record."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Deadline
from grants.permissions import actor_for, holds
from grants.queries.desk.tasks import URGED
from grants.queries.reminders.table import reminders_of
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.notices.models import Notice

from .act import page_of
from .deadlines import thread_of, values_of
from .words import said

URGE = actions.register("deadline.urge", _l("催辦"))


def urge(user: User, deadline: Deadline) -> int:
    """Send the association a notice and a mail at once; return to how many people. Raises Refused."""
    case, today = deadline.case, clock.today()
    with trail.unit_of_work(actor_for(user, case, CASE_HANDLERS)):
        require(holds(user, case, CASE_HANDLERS))
        row = lock(Deadline.objects.select_related("application__organisation", "award", "instalment"), pk=deadline.pk)
        if row.done_on is not None or row.due_on >= today:
            raise Refused(_("這一項已經辦了，或還沒有逾期，不用催辦。"))
        key = f"urge:{row.pk}"
        if Notice.objects.filter(kind=URGED, object_key=key, due_on=today).exists():
            raise Refused(_("今天已經催辦過了，請明天再催辦，或打電話聯絡。"))
        people = notices.members(case)
        if not people:
            raise Refused(_("這個單位沒有人有帳號，通知不到，請打電話聯絡。"))
        reminder = reminders_of(case.county, today)[f"{row.kind}.late"]
        words = said(reminder, values_of(row, today), page_of(row, "members"))
        subject = _("縣府催辦：%(subject)s") % {"subject": words.subject}
        notices.send(
            people,
            URGED,
            key,
            replace(words, subject=subject),
            at_once=True,
            thread=thread_of(row),
            case_number=case.number,
            repeats=URGED,
        )
        trail.record(URGE, row, after={"due_on": row.due_on, "people": len(people)}, case=case.number)
        return len(people)
