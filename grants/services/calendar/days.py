"""Years and days of the office calendar: one person proposes them, another confirms, and what ends on a new day off moves."""

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import CalendarDay, CalendarYear, DueMove
from grants.queries.calendar import book, changes
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import ADMINISTRATORS, CASE_HANDLERS, DATA_PROPOSERS
from miaoli_kaohsiung.accounts.counties import slugs
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes import kinds
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import Proposal, propose
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.office_calendar import Day
from miaoli_kaohsiung.lib.roc_date import roc_year

from . import years
from .moves import Reason, hold_calendar, shift


def propose_day(user: User, county: str, on: dt.date, day: Day, source: str) -> Change:
    """Propose whether offices work on one day, in a county or ("") in all. Raises Refused, see `changes.services`."""
    proposal = Proposal(
        county=county,
        subject=on.isoformat(),
        title=_("%(day)s：%(what)s") % {"day": changes.day_in_words(on), "what": _said(day)},
        data=changes.values({on: day}, "", whole=False),
        before=changes.day_values(county, on),
        reason=source,
    )
    return propose(user, kind_for(county), proposal)


def propose_year(user: User, county: str, year: int, days: Mapping[dt.date, Day], source: str) -> Change:
    """Propose a whole year; days that are not named are those of the ordinary week."""
    proposal = Proposal(
        county=county,
        subject=str(year),
        title=_("%(year)d年行事曆") % {"year": roc_year(year)},
        data=changes.values(days, source, whole=True),
        before=changes.year_values(county, year),
    )
    return propose(user, kind_for(county), proposal)


def kind_for(county: str) -> kinds.Kind:
    """Return the kind of change for a county's calendar, or for the one of all counties."""
    return COUNTY if county else NATIONAL


def _said(day: Day) -> str:
    word = _("上班") if day.works else _("放假")
    return f"{word}（{day.name}）" if day.name else word


def _apply(change: Change, by: Actor) -> None:
    hold_calendar()
    now, days = book.read(), changes.days_of(change.data)
    if change.data["whole"]:
        source = {"source": change.data["source"]}
        CalendarYear.objects.update_or_create(year=int(change.subject), county=change.county, defaults=source)
        CalendarDay.objects.filter(county=change.county, on__year=int(change.subject)).delete()
    for on, day in days.items():
        kept = {"works": day.works, "name": day.name, "source": change.data["source"] or change.reason}
        CalendarDay.objects.update_or_create(on=on, county=change.county, defaults=kept)
    book.KEPT.forget_on_commit()
    moved = shift(changes.moves_between(now, book.read(), change), Reason(change, _why(change)))
    _notify_offices(change, moved)
    years.close_known(clock.today())


def _why(change: Change) -> str:
    return _("行事曆修正（%(what)s）") % {"what": change.title}


def _notify_offices(change: Change, moved: list[DueMove]) -> None:
    """Notify the county's officers and approvers of how many days moved."""
    if not moved:
        return
    counties = [change.county] if change.county else slugs()
    body = _("%(count)d 個期限順延到下一個上班日，協會已收到通知。") % {"count": len(moved)}
    said = notices.Words(_why(change), body, reverse("changes:show", args=[change.pk]))
    people = [person for one in counties for role in CASE_HANDLERS for person in holders_of(role, county=one)]
    notices.send(
        notices.others_than(change.proposed_by, people),
        "calendar.moved",
        f"calendar_change:{change.pk}",
        said,
        at_once=False,
    )


def _page(change: Change) -> str:
    county = change.county or slugs()[0]
    return reverse("grants:office_calendar", args=[county, int(change.subject[:4])])


COUNTY = kinds.register(
    kinds.Kind(
        name="calendar.county",
        label=_l("行事曆"),
        proposers=DATA_PROPOSERS,
        confirmers=DATA_PROPOSERS,
        rows=changes.rows,
        apply=_apply,
        page=_page,
        preview="grants/calendar/_moving.html",
        current=changes.current,
    )
)
NATIONAL = kinds.register(
    kinds.Kind(
        name="calendar.national",
        label=_l("各縣共用的行事曆"),
        proposers=ADMINISTRATORS,
        confirmers=ADMINISTRATORS,
        rows=changes.rows,
        apply=_apply,
        page=_page,
        preview="grants/calendar/_moving.html",
        current=changes.current,
    )
)
