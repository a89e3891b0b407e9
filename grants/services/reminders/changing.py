"""A county's own reminder: proposed by one person, confirmed by another, and in force from its day on.

A legal date never moves by it; a row never begins before the day on which it is confirmed.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import CountyReminder
from grants.queries.reminders import labels
from grants.queries.reminders.table import NOTICE, Reminder, as_in, filed, reminders_of
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib import clock

SET = actions.register("reminder.set", _l("設定提醒"))


def propose(user: User, county: str, code: str, wish: services.Wish) -> Change:
    """Keep the row until another person confirms it. Raises Refused for another post, without a difference, or while
    another change of this reminder waits.
    """
    before = reminders_of(county, wish.starts_on)[code].values()
    return services.propose(user, KIND, wish.proposal(county, code, filed()[code].name, before))


def proposed(change: Change) -> Reminder:
    """Return the reminder as it would be."""
    row = CountyReminder(county=change.county, code=change.subject, starts_on=change.first_day, **change.data)
    return as_in(row, filed()[change.subject])


def _rows(change: Change) -> list[Row]:
    standard = filed()[change.subject]
    before = as_in(CountyReminder(**change.before), standard)
    after = as_in(CountyReminder(**change.data), standard)
    return [Row(label, old, new) for (label, old), (_label, new) in zip(_said(before), _said(after), strict=True)]


def _said(row: Reminder) -> list[tuple[str, str]]:
    """Return everything that a county may edit, with its label."""
    found = [
        (_("使用"), _("是") if row.active else _("否")),
        (_("提醒誰"), labels.who(row)),
        (_("什麼時候"), labels.when(row)),
        (_("管道"), labels.channels(row)),
        (_("主旨"), row.subject),
        (_("內容"), row.body),
    ]
    return [*found, (_("手機短句"), row.short)] if row.by == NOTICE else found


def _apply(change: Change, by: Actor) -> None:
    on = change.first_day
    before = reminders_of(change.county, on)[change.subject].values()
    row, _made = CountyReminder.objects.update_or_create(
        county=change.county, code=change.subject, starts_on=on, defaults=change.data
    )
    old, new = trail.changes(before, change.data)
    trail.record(SET, row, before=old, after=new | {"starts_on": on})


def _current(change: Change) -> Mapping[str, Any]:
    return reminders_of(change.county, change.starts_on or clock.today())[change.subject].values()


def sample(row: Reminder, values: Mapping[str, Any]) -> Reminder:
    """Return the reminder with typed values, for a preview before anything is proposed."""
    return as_in(CountyReminder(**values), row)


KIND = register(
    Kind(
        name="reminder",
        label=_l("提醒"),
        proposers=CASE_HANDLERS,
        confirmers=CASE_HANDLERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("grants:reminder", args=[change.county, change.subject]),
        preview="grants/reminders/_preview_of_change.html",
        current=_current,
    )
)
