"""A person's deadlines as a calendar: what is due, of which case, and the address. It names nobody and no body."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from communities.queries import lapsed_posts
from grants.duty_kinds import DUTIES
from grants.enums import DeadlineKind
from grants.models import Application, Deadline, Duty, ReviewAssignment, VisitPlan
from grants.queries.applications.officers import has_left
from grants.queries.duties import waiting
from grants.queries.scope import NOTHING, apart
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock

# What is long overdue stands on the desk, not in a calendar.
KEPT_DAYS, MOST = 60, 500


@dataclass(frozen=True)
class Entry:
    """A day of the calendar. `uid` stays the same while the day may move."""

    uid: str
    on: dt.date
    since: dt.date
    title: str
    url: str


def entries_of(user: User) -> list[Entry]:
    """Return the open deadlines, duties and reviews of the person's bodies and cases, the first due on top."""
    first = clock.today() - dt.timedelta(days=KEPT_DAYS)
    found = [*_deadlines(user, first), *_duties(user, first), *_visits(user, first), *_reviews(user, first)]
    return sorted(found, key=lambda entry: (entry.on, entry.uid))[:MOST]


def file_of(user: User) -> bytes:
    """Return the calendar as a file; the same entries make the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//community grants portal//zh-Hant-TW")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("社區補助期限"))
    for entry in entries_of(user):
        event = Event()
        event.add("uid", f"{entry.uid}@portal")
        event.add("dtstamp", dt.datetime.combine(entry.since, dt.time(), dt.UTC))
        event.add("dtstart", entry.on)
        event.add("summary", entry.title)
        event.add("url", settings.PORTAL_URL + entry.url)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found


def _deadlines(user: User, first: dt.date) -> Iterator[Entry]:
    bodies = [post.member_of for post in [*posts_of(user), *lapsed_posts(user)] if post.role == Role.MEMBER]
    seen = NOTHING
    for post in posts_of(user):
        if post.role == Role.CASE_OFFICER:
            nobodys = Application.objects.filter(has_left(), county=post.county)
            mine = Q(application__officer=post.holder_id) | Q(application__in=nobodys.values("pk"))
            seen |= Q(application__county=post.county) & mine
        elif post.role == Role.TOWNSHIP_OFFICER:
            asked = Q(kind=DeadlineKind.CORRECTION, application__county=post.county)
            seen |= asked & Q(application__township_code=post.township_code)
    seen = Q(application__organisation__in=bodies) | seen & apart(user, "application")
    rows = Deadline.objects.filter(seen, done_on=None, due_on__gte=first).select_related("application")
    for row in rows.order_by("due_on", "pk")[:MOST]:
        number = row.case.number
        title, url = f"{row.get_kind_display()} {number}", reverse("grants:application_detail", args=[number])
        yield Entry(f"deadline-{row.pk}", row.due_on, row.opened_on, title, url)


def _duties(user: User, first: dt.date) -> Iterator[Entry]:
    bodies = [post.member_of for post in posts_of(user) if post.role == Role.MEMBER]
    counties = [post.county for post in posts_of(user) if post.role == Role.CASE_OFFICER]
    by_members = [key for key, kind in DUTIES.items() if kind.by == Role.MEMBER]
    theirs = Q(key__in=by_members) & (Q(organisation__in=bodies) | Q(application__organisation__in=bodies))
    of_county = Q(county__in=counties) & ~Q(key__in=by_members) & apart(user, "application")
    rows = waiting(Duty.objects.filter(theirs | of_county, due_on__gte=first, visit__isnull=True))
    for row in rows.select_related("application").order_by("due_on", "pk")[:MOST]:
        number = f" {row.application.number}" if row.application else ""
        url = reverse("grants:duty", args=[row.pk])
        yield Entry(f"duty-{row.pk}", row.due_on, row.opened_on, f"{DUTIES[row.key].title}{number}", url)


def _visits(user: User, first: dt.date) -> Iterator[Entry]:
    """Yield the visits that have a day: to the person who goes, and to the association."""
    bodies = [post.member_of for post in posts_of(user) if post.role == Role.MEMBER]
    goes = Q(visitor=user) if any(post.role in CASE_HANDLERS for post in posts_of(user)) else NOTHING
    open_ones = waiting(Duty.objects.filter(visit__isnull=False))
    rows = VisitPlan.objects.filter(goes | Q(duty__organisation__in=bodies), duty__in=open_ones, on__gte=first)
    for row in rows.order_by("on", "pk")[:MOST]:
        hour = f" {row.starts_at:%H:%M}" if row.starts_at else ""
        url = reverse("grants:duty", args=[row.duty_id])
        yield Entry(f"visit-{row.duty_id}", row.on, row.planned_on, _("輔導訪視") + hour, url)


def _reviews(user: User, first: dt.date) -> Iterator[Entry]:
    rows = ReviewAssignment.objects.filter(reviewer=user, submitted_on=None, due_on__gte=first)
    rows = rows.exclude(interest=ReviewAssignment.Interest.CONFLICT).select_related("application")
    if not any(post.role == Role.REVIEWER for post in posts_of(user)):
        return
    for row in rows.order_by("due_on", "pk")[:MOST]:
        number = row.application.number
        url = reverse("grants:case_review", args=[number])
        yield Entry(f"review-{row.pk}", row.due_on, row.assigned_on, _("審查期限 %s") % number, url)
