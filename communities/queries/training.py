"""Reads of courses: the calendar, who is enrolled, hours of people and of associations. Each figure is counted here alone."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from communities import queries
from communities.enums import HOLDS_A_PLACE, PUBLIC_COURSES, CourseStatus, EnrolmentStatus, OrganisationStatus, Tier
from communities.models import AssociationPerson, Course, CourseFeedback, Enrolment, Organisation
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS, COUNTY_READERS, OFFICE_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, deny
from miaoli_kaohsiung.lib.roc_date import format_roc

NO_HOURS = Decimal(0)
TAKEN = Count("enrolments", filter=Q(enrolments__status__in=HOLDS_A_PLACE))
IN_LINE = Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.WAITING))
PRESENT = Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.ATTENDED))


def counted(rows: QuerySet[Course]) -> QuerySet[Any]:
    """Add `taken` places, people `in_line` and `present`."""
    return rows.annotate(taken=TAKEN, in_line=IN_LINE, present=PRESENT)


def calendar(county: str = "") -> QuerySet[Any]:
    """Return what the public sees: announced, held and cancelled courses, with their counts."""
    rows = counted(Course.objects.filter(status__in=PUBLIC_COURSES))
    return rows.filter(county=county) if county else rows


def seen_by(user: User) -> QuerySet[Course]:
    """Return the courses of the counties of one's posts; whoever works in no office sees announced ones alone."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role in OFFICE_READERS:
            seen |= Q(county=post.county)
        elif post.role in AWARD_READERS:
            seen |= Q(county=post.county, status__in=PUBLIC_COURSES)
    return Course.objects.filter(seen)


def people_of(user: User, course: Course) -> QuerySet[Enrolment]:
    """Return the enrolments that an office may read: the county's all, a township's those of its associations."""
    rows = Enrolment.objects.filter(course=course).select_related("person__organisation__township", "course")
    posts = [post for post in posts_of(user) if post.county == course.county]
    if any(post.role in COUNTY_READERS for post in posts):
        return rows
    codes = [post.township_code for post in posts if post.role == Role.TOWNSHIP_OFFICER]
    return rows.filter(person__organisation__township__in=codes)


def open_to(course: Course, organisation: Organisation) -> Answer:
    """Return whether people of the association may go there, with the reason if not."""
    if course.county != organisation.county:
        return deny(_("這是別縣的課程。"))
    if organisation.status == OrganisationStatus.DISSOLVED:
        return deny(_("協會已解散，不能報名。"))
    if course.tiers and organisation.current_tier not in course.tiers:
        names = "、".join(str(Tier(tier).label) for tier in course.tiers)
        return deny(_("這門課程只開放%(tiers)s的協會報名。") % {"tiers": names})
    if course.townships and organisation.township_id not in course.townships:
        return deny(_("這門課程只開放%(places)s的協會報名。") % {"places": township_words(course)})
    return ALLOW


def township_words(course: Course) -> str:
    return "、".join(queries.township_name(code) for code in course.townships)


def takes_people(course: Course, *, officer: bool) -> Answer:
    """Return whether somebody may be enrolled today; the county's officer may until the day itself."""
    if course.status != CourseStatus.ANNOUNCED:
        return deny(_("這門課程現在不能報名。"))
    last = course.day if officer else course.enrol_until
    if clock.today() > last:
        return deny(_("報名到%(day)s截止；還想參加，請打電話給縣府承辦人。") % {"day": format_roc(last)})
    return ALLOW


def places_held(course: Course) -> tuple[int, int]:
    """Return how many places are taken and how many people wait. Lock the course first if something rests on it."""
    found = counted(Course.objects.filter(pk=course.pk)).values("taken", "in_line").get()
    return found["taken"], found["in_line"]


def of_association(course: Course, organisation: Organisation) -> list[Enrolment]:
    """Return its people in the course, withdrawn ones last; each that waits with `.line`, its place among all who wait."""
    rows = Enrolment.objects.filter(course=course)
    waiting = list(rows.filter(status=EnrolmentStatus.WAITING).order_by("pk").values_list("pk", flat=True))
    own = list(rows.filter(person__organisation=organisation).select_related("person", "course", "feedback"))
    for row in own:
        row.line = waiting.index(row.pk) + 1 if row.pk in waiting else 0  # type: ignore[attr-defined]  # for its row
    return sorted(own, key=lambda row: row.status == EnrolmentStatus.WITHDRAWN)


def free_people(course: Course, organisation: Organisation) -> QuerySet[AssociationPerson]:
    """Return the association's known people who are not in the course."""
    there = Enrolment.objects.filter(course=course).exclude(status=EnrolmentStatus.WITHDRAWN)
    return organisation.people.exclude(pk__in=there.values("person")).order_by("name", "pk")


def courses_for(organisation: Organisation) -> list[Course]:
    """Return the coming courses of the county that are open to it, the next one first, with `.own`, its people there."""
    rows = counted(Course.objects.filter(county=organisation.county, status=CourseStatus.ANNOUNCED))
    mine = Q(enrolments__person__organisation=organisation)
    own = Count("enrolments", filter=mine & ~Q(enrolments__status=EnrolmentStatus.WITHDRAWN))
    found = rows.filter(day__gte=clock.today()).annotate(own=own).order_by("day", "pk")
    return [course for course in found if open_to(course, organisation)]


def attended_by(organisation: Organisation) -> list[Enrolment]:
    """Return where its people were, the newest first."""
    rows = Enrolment.objects.filter(person__organisation=organisation, status=EnrolmentStatus.ATTENDED)
    return list(rows.select_related("person", "course").order_by("-course__day", "person__name"))


def courses_of(organisation_id: int) -> QuerySet[Any]:
    """Return the courses where its people were, the newest first, with the number of its `people` there."""
    was = Q(enrolments__person__organisation=organisation_id, enrolments__status=EnrolmentStatus.ATTENDED)
    rows = Course.objects.filter(was).annotate(people=Count("enrolments", distinct=True))
    return rows.order_by("-day", "-pk")


def hours_by_person(organisation: Organisation) -> QuerySet[Any]:
    """Return its people who were at courses, with `hours` of training in all and `times`."""
    was = Q(enrolments__status=EnrolmentStatus.ATTENDED)
    rows = organisation.people.annotate(
        hours=Sum("enrolments__course__hours", filter=was), times=Count("enrolments", filter=was)
    )
    return rows.filter(times__gt=0).order_by("-hours", "name", "pk")


def with_training(rows: QuerySet[Organisation], year: int) -> QuerySet[Any]:
    """Add of each association the `trained` people, their `training_hours` and the `courses` of a year (AD)."""
    was = Enrolment.objects.filter(
        person__organisation=OuterRef("pk"), status=EnrolmentStatus.ATTENDED, course__day__year=year
    )
    sums = was.order_by().values("person__organisation")
    return rows.annotate(
        trained=Coalesce(Subquery(sums.values(n=Count("person", distinct=True))), 0),
        courses=Coalesce(Subquery(sums.values(n=Count("course", distinct=True))), 0),
        training_hours=Coalesce(Subquery(sums.values(n=Sum("course__hours"))), NO_HOURS),
    )


def feedback_of(course: Course) -> dict[str, Any]:
    """Return how many answered, the mean of each question and what was written, without anybody's name."""
    rows = CourseFeedback.objects.filter(enrolment__course=course)
    found = rows.aggregate(
        count=Count("pk"), content=Avg("content"), arrangement=Avg("arrangement"), useful=Avg("useful")
    )
    # In the order of the words themselves, so that their place says nothing about who wrote them.
    return found | {"words": sorted(rows.exclude(words="").values_list("words", flat=True))}


def bodies_in(course: Course, statuses: Iterable[str]) -> list[int]:
    """Return the associations that have people of these statuses in the course."""
    rows = Enrolment.objects.filter(course=course, status__in=list(statuses)).order_by()
    return list(rows.values_list("person__organisation", flat=True).distinct())


def bodies_for(course: Course) -> list[int]:
    """Return the associations whose people may go there."""
    rows = queries.listed().filter(county=course.county)
    if course.tiers:
        rows = rows.filter(current_tier__in=course.tiers)
    if course.townships:
        rows = rows.filter(township__in=course.townships)
    return list(rows.order_by().values_list("pk", flat=True))


def at_hand(day: dt.date) -> list[Course]:
    """Return the announced courses of `day` and of the day after."""
    days = (day, day + dt.timedelta(days=1))
    return list(Course.objects.filter(status=CourseStatus.ANNOUNCED, day__range=days).order_by("day", "pk"))
