"""Notices follow the work: what waits for somebody who left, or is away, is read by whoever does it now.

A notice that asked somebody else than the officer, for a second pair of eyes, stays where it is.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from grants.models import Application
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import MONEY_KEEPERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import holders_of, posts_in_force
from miaoli_kaohsiung.notices.models import DIGEST, Notice
from miaoli_kaohsiung.notices.services import close_rows, copy_to

# Kinds of notices that ask for a second person: they are not the officer's own work.
SECOND_EYES = (".waits", ".wait")
# For how many days after a deputy's last one the returning holder is given what the deputy still has.
DAYS_BACK = 7


def pass_on(giver: User, taker: User, cases: Iterable[Application]) -> None:
    """Move the giver's open notices about these cases to the taker, within the caller's unit of work."""
    rows = _first_eyes(_open(giver).filter(case_number__in=[case.number for case in cases]))
    _copy(rows, [taker])
    close_rows(rows)


def follow(day: dt.date, since: dt.date) -> int:
    """Give deputies what waits for the absent, those who are back what their deputies have, and the holders of today
    what waits for people who left; return how many notices. Can run twice. `since` is the day of the run before.
    """
    return sum(_absences(day, min(since, day - dt.timedelta(days=DAYS_BACK)))) + _leavers()


def _absences(day: dt.date, since: dt.date) -> Iterable[int]:
    deputies = Post.objects.filter(stands_for__isnull=False, valid_from__lte=day)
    deputies = deputies.filter(valid_to__gte=since)
    for deputy in deputies.select_related("user", "stands_for__user"):
        assert deputy.stands_for is not None
        assert deputy.valid_to is not None
        absent = deputy.stands_for.user
        if deputy.valid_to >= day:
            yield _copy(_own(_open(absent), deputy), [deputy.user])
        elif absent.is_active:
            taken_up = _open(deputy.user).filter(first_on__gte=deputy.valid_from)
            yield _copy(_own(taken_up, deputy), [absent])
            if deputy.role == Role.CASE_OFFICER:
                _give_back(deputy, absent)


def _give_back(deputy: Post, absent: User) -> None:
    """Close what the deputy still has open and the one who is back has too, about that officer's cases.

    Who has a post of another kind besides may have got a notice by that one: then only copies of older rows are closed.
    """
    others = posts_in_force().filter(user=deputy.user, county=deputy.county)
    same = {name: OuterRef(name) for name in ("kind", "object_key", "due_on")}
    had = Notice.objects.filter(recipient=absent, closed_at=None, **same)
    if others.exclude(role=Role.CASE_OFFICER).exists():
        had = had.filter(pk__lt=OuterRef("pk"))
    close_rows(_first_eyes(_own(_open(deputy.user), deputy)).filter(Exists(had)))


def _first_eyes(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    for ending in SECOND_EYES:
        rows = rows.exclude(kind__endswith=ending)
    return rows


def _own(rows: QuerySet[Notice], deputy: Post) -> QuerySet[Notice]:
    """Return those about cases of the post: for a case officer the absent one's own, else all of the county."""
    cases = Application.objects.filter(county=deputy.county)
    if deputy.township_code:
        cases = cases.filter(township_code=deputy.township_code)
    if deputy.role == Role.CASE_OFFICER:
        cases = cases.filter(officer=deputy.holder_id)
    return rows.filter(case_number__in=cases.values("number"))


def _leavers() -> int:
    """Move what waits for people without a post that reaches the case to those who hold their post now."""
    case = Application.objects.filter(number=OuterRef("case_number"))
    rows = Notice.objects.filter(closed_at=None).exclude(case_number="").exclude(kind=DIGEST)
    rows = rows.annotate(_county=Subquery(case.values("county")[:1]), _body=Subquery(case.values("organisation")[:1]))
    reaching = posts_in_force().filter(user=OuterRef("recipient"), counter_for="")
    reaching = reaching.filter(
        Q(role=Role.MEMBER, organisation_id=OuterRef("_body")) | ~Q(role=Role.MEMBER) & Q(county=OuterRef("_county"))
    )
    found = rows.filter(~Exists(reaching), _county__isnull=False).select_related("recipient")
    moved = 0
    for row in found.order_by("pk"):
        people = _successors(row)
        if people and row.recipient not in people:
            moved += _copy(Notice.objects.filter(pk=row.pk), people)
            close_rows(Notice.objects.filter(pk=row.pk))
    return moved


def _successors(row: Notice) -> list[User]:
    """Return who holds today what the recipient held last, with regard to the case of the notice."""
    case = Application.objects.select_related("organisation", "officer").get(number=row.case_number)
    held = Post.objects.filter(user=row.recipient_id).order_by("-valid_from", "role")
    for post in held.filter(Q(county=case.county) | Q(organisation_id=case.organisation_id)):
        if post.role == Role.MEMBER and post.organisation_id == case.organisation_id:
            return notices.members(case)
        if post.role == Role.CASE_OFFICER:
            return notices.officers(case)
        if post.role == Role.TOWNSHIP_OFFICER and post.township_code == case.township_code:
            return holders_of(Role.TOWNSHIP_OFFICER, county=case.county, township_code=case.township_code)
        if post.role in MONEY_KEEPERS:
            return holders_of(Role(post.role), county=case.county)
    return []


def _open(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=person, closed_at=None).exclude(case_number="").exclude(kind=DIGEST)


def _copy(rows: QuerySet[Notice], people: list[User]) -> int:
    return sum(
        copy_to(person, row) for row in list(rows) for person in notices.without_conflict(people, row.case_number)
    )
