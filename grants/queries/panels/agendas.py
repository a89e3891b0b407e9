"""Presentation sessions: what may stand on an agenda, its times, whom a session hides which case from, its letters."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.enums import PRESENTED_IN
from grants.models import AgendaItem, Application, Letter, PresentationSession, Scheme
from grants.queries import scope
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import natural
from miaoli_kaohsiung.lib.roc_date import format_roc

from .interests import apart_in

NOON = 12


@dataclass(frozen=True)
class Turn:
    """A line of an agenda: the case with its time, and who of the panel leaves the room for it."""

    item: AgendaItem
    begins_at: dt.time
    apart: list[User]

    @property
    def case(self) -> Application:
        return self.item.application


def sessions_of(counties: Iterable[str]) -> QuerySet[PresentationSession]:
    return PresentationSession.objects.filter(scheme__county__in=list(counties)).select_related("scheme")


def cases_for(user: User, scheme: Scheme, session: PresentationSession | None = None) -> list[Application]:
    """Return the cases that may be presented, by their numbers, and those that stand on the session's agenda."""
    rows = scope.cases(user).filter(scheme=scheme).select_related("organisation", "programme").defer("search")
    open_rows = rows.filter(status__in=PRESENTED_IN)
    if session:
        open_rows = open_rows | rows.filter(agenda_items__session=session)
    return list(open_rows.distinct().order_by(natural.in_order("number")))


def agenda_of(session: PresentationSession, user: User) -> list[Turn]:
    """Return the agenda as this person may see it, in its order; a hidden case keeps its place and its time."""
    members = [row.reviewer for row in session.members.select_related("reviewer")]
    rows = session.items.select_related("application__organisation", "application__scheme", "application__programme")
    items = list(rows)
    apart = apart_in([item.application for item in items], members)
    seen = set(scope.cases(user).filter(agenda_items__session=session).values_list("pk", flat=True))
    return [
        Turn(item, time, [person for person in members if person.pk in apart[item.application_id]])
        for item, time in zip(items, times_of(session, items), strict=True)
        if item.application_id in seen
    ]


def times_of(session: PresentationSession, items: Sequence[AgendaItem]) -> list[dt.time]:
    """Return when each begins: one after the other, each as long as the session says."""
    start = dt.datetime.combine(session.held_on, session.begins_at)
    return [(start + dt.timedelta(minutes=session.minutes_each * place)).time() for place, _item in enumerate(items)]


def ends_on_its_day(session: PresentationSession, count: int) -> bool:
    start = dt.datetime.combine(session.held_on, session.begins_at)
    return (start + dt.timedelta(minutes=session.minutes_each * count)).date() == session.held_on


def letters_of(session: PresentationSession, user: User) -> QuerySet[Letter]:
    """Return the invitations of a session, as far as the person may read them."""
    return (
        scope.letters(user)
        .filter(context__session=session.pk)
        .select_related("application__organisation")
        .order_by("pk")
    )


def presented(cases: Iterable[Application]) -> dict[int, list[AgendaItem]]:
    """Return by case what was recorded of it at sessions, the newest first."""
    found: dict[int, list[AgendaItem]] = defaultdict(list)
    rows = AgendaItem.objects.filter(application__in=list(cases), session__recorded_on__isnull=False)
    for item in rows.select_related("session").order_by("-session__held_on", "-pk"):
        found[item.application_id].append(item)
    return found


def spoken(day: dt.date, time: dt.time) -> str:
    """Return day and time as letters write them: 99年6月15日下午2時40分."""
    return format_roc(day) + spoken_time(time)


def spoken_time(time: dt.time) -> str:
    half, hour = (_("上午"), time.hour) if time.hour < NOON else (_("下午"), time.hour - NOON or NOON)
    minutes = _("%(minutes)d分") % {"minutes": time.minute} if time.minute else ""
    return _("%(half)s%(hour)d時") % {"half": half, "hour": hour} + minutes
