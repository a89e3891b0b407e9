"""What a new chairperson takes over: all that the portal knows of the association, whether or not the former one helps."""

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from communities.models import OfficeTerm, Organisation
from communities.queries import kept_papers, terms_of
from grants.duty_kinds import in_words
from grants.enums import OVER, UNSUCCESSFUL, RulingStatus
from grants.models import Application, Deadline, Duty, Handover, Sanction
from grants.queries.applications.running import rows_of
from grants.queries.desk.handovers import plain
from grants.queries.duties import waiting
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc

# For how many days after its first one a term asks to take over.
ASKED_DAYS = 180


def takes_over(post: Post, user: User, today: dt.date) -> QuerySet[OfficeTerm] | None:
    """Return the chairperson's own term that began lately, after somebody else's, and has taken nothing over yet."""
    if post.role != Role.MEMBER or post.office != Office.CHAIRPERSON or post.counter_for:
        return None
    former = OfficeTerm.objects.filter(
        organisation=OuterRef("organisation"), office=Office.CHAIRPERSON, valid_from__lt=OuterRef("valid_from")
    ).exclude(person_name=OuterRef("person_name"))
    done = Handover.objects.filter(
        organisation=OuterRef("organisation"), taker=OuterRef("user"), made_on__gte=OuterRef("valid_from")
    )
    begun = (today - dt.timedelta(days=ASKED_DAYS), today)
    rows = OfficeTerm.objects.filter(office=Office.CHAIRPERSON, user=user, organisation=post.member_of)
    return rows.filter(Exists(former), ~Exists(done), valid_from__range=begun)


def chair_post(user: User, organisation: Organisation) -> Post | None:
    """Return the post in which the user is chairperson of the association today; not a clerk's at the counter."""
    posts = (post for post in posts_of(user) if post.organisation_id == organisation.pk and not post.counter_for)
    return next((post for post in posts if post.office == Office.CHAIRPERSON), None)


def term_to_take_over(user: User, organisation: Organisation) -> OfficeTerm | None:
    post = chair_post(user, organisation)
    rows = takes_over(post, user, clock.today()) if post else None
    return rows.first() if rows is not None else None


def former_chair(organisation: Organisation) -> OfficeTerm | None:
    """Return the last chairperson before the present one, or the last one if there is none at present."""
    today = clock.today()
    rows = OfficeTerm.objects.filter(organisation=organisation, office=Office.CHAIRPERSON, valid_from__lte=today)
    terms = list(rows.select_related("user").order_by("-valid_from"))
    if not terms or (terms[0].valid_to is not None and terms[0].valid_to < today):
        return next(iter(terms), None)
    return next((term for term in terms[1:] if term.person_name != terms[0].person_name), None)


def contents_of(organisation: Organisation) -> dict[str, list[list[Any]]]:
    """Return the sections of the association's list as plain data; see grants.queries.desk.handovers."""
    cases = Application.objects.filter(organisation=organisation).exclude(status__in=UNSUCCESSFUL)
    running = cases.filter(Q(award=None) | ~Q(award__status__in=OVER))
    return {
        "cases": [plain(row) for row in rows_of(running)],
        "deadlines": _deadlines(organisation),
        "duties": _duties(organisation),
        "papers": [
            [str(paper.get_kind_display()), format_roc(paper.kept_on), _day(paper.valid_until)]
            for paper in kept_papers(organisation.pk)
        ],
        "people": _people(organisation),
        "bans": _bans(organisation),
    }


def _deadlines(organisation: Organisation) -> list[list[Any]]:
    rows = Deadline.objects.filter(application__organisation=organisation, done_on=None).select_related("application")
    found = []
    for row in rows.order_by("due_on", "pk"):
        assert row.application is not None
        found.append([row.application.number, str(row.get_kind_display()), format_roc(row.due_on)])
    return found


def _duties(organisation: Organisation) -> list[list[Any]]:
    own = Q(organisation=organisation) | Q(application__organisation=organisation)
    rows = waiting(Duty.objects.filter(own)).annotate(_number=F("application__number")).order_by("due_on", "pk")
    return [[row._number or "", in_words(row.key, row.period, row.due_on), _day(row.due_on)] for row in rows]


def _people(organisation: Organisation) -> list[list[Any]]:
    """Return who holds an office today, and whether by an account: the new chairperson sees who may act."""
    terms = [term for term in terms_of(organisation) if term.state in ("current", "expiring")]  # type: ignore[attr-defined]  # set by terms_of
    return [
        [str(term.get_office_display()), term.person_name, _day(term.valid_to), "有" if term.user_id else "沒有"]
        for term in terms
    ]


def _bans(organisation: Organisation) -> list[list[Any]]:
    rows = Sanction.objects.filter(organisation=organisation, status=RulingStatus.CONFIRMED)
    rows = rows.filter(Q(barred_to__gte=clock.today()) | Q(next_application=True))
    return [[str(row.get_event_display()), _day(row.barred_from), _day(row.barred_to)] for row in rows]


def _day(day: dt.date | None) -> str:
    return format_roc(day) if day else ""
