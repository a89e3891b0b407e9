"""Keeping what a comparison of reviewers with applicants found, and taking such a reviewer out of the case."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import BEFORE_FILING, OVER, UNSUCCESSFUL, ConflictGround
from grants.models import Application, Conflict, ReviewAssignment, ReviewerDetails
from grants.queries.panels.interests import Found, found_in
from grants.services import notices
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of, post_with, posts_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import close_rows

FIND = actions.register("application.find_interest", _l("比對出利害關係"))
DETAILS = actions.register("reviewer.details", _l("更新審查委員資料"))
# The columns that a reviewer fills in.
FIELDS = ("tax_id", "address", "phone", "bank_account")


def look(cases: Sequence[Application], people: Sequence[User]) -> int:
    """Compare these people with the applicants and keep what is found, within the caller's unit of work; return how many
    interests are new.
    """
    found = found_in(cases, people)
    known = set(Conflict.holding.filter(application__in=cases).values_list("application", "person", "ground"))
    count = 0
    for case in cases:
        for one in found.get(case.pk, ()):
            if (case.pk, one.person_id, one.ground) not in known:
                _keep(case, one)
                count += 1
    return count


def declared(case: Application, person: User, note: str) -> Conflict:
    """Keep what a reviewer declared of themselves."""
    row, _new = Conflict.objects.get_or_create(
        application=case,
        person=person,
        ground=ConflictGround.DECLARED,
        defaults={"words": note, "found_on": clock.today()},
    )
    close_for(case, person)
    return row


def close_for(case: Application, person: User) -> None:
    """Close the person's open notices about the case: it is hidden now."""
    close_rows(Notice.objects.filter(recipient=person, case_number=case.number, closed_at=None))


def look_everywhere() -> int:
    """Compare all reviewers with all cases that are not over, piece by piece; return how many interests are new."""
    return sum(_look_in(county, holders_of(Role.REVIEWER, county=county)) for county in counties.slugs())


def save_details(user: User, values: Mapping[str, str]) -> ReviewerDetails:
    """Keep what a reviewer tells of themselves, and compare it at once."""
    post = post_with(user, Role.REVIEWER)
    if post is None:
        raise Refused(_("這一頁由審查委員自己填寫。"))
    with trail.unit_of_work(Actor(user, post.label)):
        row, _new = ReviewerDetails.objects.update_or_create(
            reviewer=user, defaults={**{name: values[name] for name in FIELDS}, "updated_on": clock.today()}
        )
        # What they are is nobody's business but the portal's: the trail only says which were given.
        trail.record(DETAILS, row, after={name: bool(values[name]) for name in FIELDS})
        for county in {post.county for post in posts_of(user) if post.role == Role.REVIEWER}:
            _look_in(county, [user])
        return row


def _look_in(county: str, people: list[User]) -> int:
    if not people:
        return 0
    return trail.in_pieces(_running(county).iterator(trail.PIECE), lambda cases: look(cases, people))


def _running(county: str) -> QuerySet[Application]:
    rows = Application.objects.filter(county=county, first_filed_on__isnull=False)
    rows = rows.exclude(status__in=(*BEFORE_FILING, *UNSUCCESSFUL)).exclude(award__status__in=OVER)
    return rows.select_related("organisation").defer("search").order_by("pk")


def _keep(case: Application, found: Found) -> None:
    values = {"words": found.words[:200], "found_on": clock.today(), "by_name": found.by_name, "lifted_on": None}
    # One that was lifted comes back if more than the name is the same by now.
    row, _new = Conflict.objects.update_or_create(
        application=case, person_id=found.person_id, ground=found.ground, defaults=values
    )
    trail.record(FIND, row, after={"reviewer": str(row.person), "reason": row.reason}, case=case.number)
    close_for(case, row.person)
    asked = ReviewAssignment.objects.filter(application=case, reviewer=row.person)
    asked = asked.exclude(interest=ReviewAssignment.Interest.CONFLICT)
    if asked.update(interest=ReviewAssignment.Interest.CONFLICT, interest_note=row.reason[:200]):
        subject = _("審查委員有利害關係，請另派")
        body = f"{row.person}：{row.reason}"
        notices.about_case(case, notices.officers(case), f"conflict-{row.pk}", subject, body)
