"""Who goes to a course: enrolled while there are places, else in line; arrived at the door or noted from the paper list."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from communities import actions
from communities.enums import ATTENDED_COURSES, CourseStatus, EnrolmentStatus, Presence
from communities.models import Course, CourseFeedback, Enrolment, Organisation
from communities.permissions import may_keep_courses, may_keep_people
from communities.queries import training
from communities.services.roster import person_of
from communities.workflow.training import move_enrolment
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock

from . import announcing

PASS_CODE_DIGITS = 6


def enrol(user: User, course: Course, organisation: Organisation, names: Sequence[str]) -> list[Enrolment]:
    """Enrol these people of the association; those for whom no place is left wait in line. Raises Refused and then
    enrols nobody.
    """
    require(may_keep_people(user, organisation))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = lock(Course.objects.all(), pk=course.pk)
        # As it stands now: its tier may have changed since the page was read.
        organisation = Organisation.objects.get(pk=organisation.pk)
        require(training.open_to(row, organisation))
        officer = post_with(user, Role.CASE_OFFICER, county=row.county) is not None
        require(training.takes_people(row, officer=officer))
        _require_room(row, organisation, len(names))
        return [_enrolled(user, row, organisation, name) for name in names]


def _require_room(course: Course, organisation: Organisation, more: int) -> None:
    rows = Enrolment.objects.filter(course=course, person__organisation=organisation)
    there = rows.exclude(status=EnrolmentStatus.WITHDRAWN).count()
    if course.places_each and there + more > course.places_each:
        words = _("每個協會最多%(most)d人，貴會已報名%(there)d人。")
        raise Refused(words % {"most": course.places_each, "there": there})


def _enrolled(user: User, course: Course, organisation: Organisation, name: str) -> Enrolment:
    person = person_of(organisation, name)
    taken, waiting = training.places_held(course)
    free = taken < course.places and not waiting
    row = Enrolment(
        course=course,
        person=person,
        status=EnrolmentStatus.ENROLLED if free else EnrolmentStatus.WAITING,
        pass_code=_pass_code(course),
        enrolled_by=user,
        enrolled_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as twice:
        raise Refused(_("%(name)s已經報名了。") % {"name": person.name}) from twice
    trail.record(actions.ENROL, row, after={"person": person.name, "status": row.status, "course": course.pk})
    return row


def _pass_code(course: Course) -> str:
    """Draw six digits that nobody else in the course has."""
    used = set(Enrolment.objects.filter(course=course).values_list("pass_code", flat=True))
    while True:
        drawn = f"{secrets.randbelow(10**PASS_CODE_DIGITS):0{PASS_CODE_DIGITS}}"
        if drawn not in used:
            return drawn


def withdraw(user: User, enrolment: Enrolment) -> Enrolment:
    """Give the place back; the first in line gets it. Raises Refused."""
    require(may_keep_people(user, enrolment.person.organisation))
    with trail.unit_of_work(actor(user, ASSOCIATION_OR_OFFICER)):
        row = _locked(enrolment)
        if row.course.status != CourseStatus.ANNOUNCED or clock.today() > row.course.day:
            raise Refused(_("課程已經辦理或停辦，不能再取消報名。"))
        move_enrolment(row, EnrolmentStatus.WITHDRAWN)
        move_up(row.course)
        return row


def move_up(course: Course) -> list[Enrolment]:
    """Give the free places of a locked course to those who wait longest, and notify their associations."""
    taken, waiting = training.places_held(course)
    free = min(course.places - taken, waiting)
    if free <= 0 or clock.today() > course.day:
        return []
    rows = Enrolment.objects.filter(course=course, status=EnrolmentStatus.WAITING)
    moved = list(rows.select_related("person").order_by("pk")[:free])
    for row in moved:
        row.course = course
        move_enrolment(row, EnrolmentStatus.ENROLLED)
    bodies = {row.person.organisation_id for row in moved}
    subject = _("候補的人有名額了：%(title)s") % {"title": course.title}
    announcing.about(course, bodies, "moved_up", (subject, announcing.when_and_where(course)), at_once=True)
    return moved


def arrive(code: str, pass_codes: Sequence[str]) -> tuple[Course, int]:
    """Note at the door that the people with these pass_codes are there; return the course and how many were noted now.

    Whoever was noted before stays so. Raises Refused and then notes nobody.
    """
    with trail.unit_of_work(Actor.system("courses.door")):
        course = lock(Course.objects.all(), door_code=code)
        if course.status != CourseStatus.ANNOUNCED or course.day != clock.today():
            raise Refused(_("這個方塊碼只有上課當天可以報到。"))
        rows = {row.pass_code: row for row in _of(course).filter(pass_code__in=pass_codes)}
        if unknown := [pass_code for pass_code in pass_codes if pass_code not in rows]:
            words = _("找不到報到碼 %(codes)s，請看報名頁上的 6 位數字，或到簽到桌。")
            raise Refused(words % {"codes": "、".join(unknown)})
        fresh = [row for row in rows.values() if row.status != EnrolmentStatus.ATTENDED]
        for row in fresh:
            if row.status != EnrolmentStatus.ENROLLED:
                words = _("報到碼 %(code)s 是「%(status)s」，請到簽到桌。")
                raise Refused(words % {"code": row.pass_code, "status": row.get_status_display()})
            row.course = course
            _note(row, Presence.DOOR)
        return course, len(fresh)


def note(user: User, course: Course, keys: Sequence[int], *, present: bool) -> int:
    """Note from the paper list who was there, or who was not after all; return how many changed. Raises Refused."""
    require(may_keep_courses(user, course.county))
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=course.county)):
        row = lock(Course.objects.all(), pk=course.pk)
        if row.status not in ATTENDED_COURSES or clock.today() < row.day:
            raise Refused(_("上課當天起才能登錄出席。"))
        wanted = EnrolmentStatus.ATTENDED if present else EnrolmentStatus.ABSENT
        changing = list(_of(row).filter(pk__in=keys).exclude(status=wanted))
        for enrolment in changing:
            enrolment.course = row
            if present:
                _note(enrolment, Presence.LIST)
            else:
                move_enrolment(enrolment, EnrolmentStatus.ABSENT, arrived_at=None, presence="")
        return len(changing)


def give_feedback(course: Course, pass_code: str, *, words: str, **marks: int) -> CourseFeedback:
    """Keep what somebody who was there thought of it, once. Raises Refused."""
    with trail.unit_of_work(Actor.system("courses.feedback")):
        if not course.day <= clock.today() <= course.feedback_until:
            raise Refused(_("意見在上課當天起30天內填寫。"))
        row = _of(course).filter(pass_code=pass_code, status=EnrolmentStatus.ATTENDED).first()
        if row is None:
            raise Refused(_("找不到這個報到碼的出席紀錄，請看報名頁上的 6 位數字。"))
        given = CourseFeedback(enrolment=row, words=words, given_on=clock.today(), **marks)
        try:
            with transaction.atomic():
                given.save()
        except IntegrityError as twice:
            raise Refused(_("這個報到碼已經填過意見了，謝謝您。")) from twice
        trail.record(actions.GIVE_FEEDBACK, course, after={"course": course.pk})
        return given


def _of(course: Course) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(course=course).select_related("person").order_by("pk")


def _locked(enrolment: Enrolment) -> Enrolment:
    course = lock(Course.objects.all(), pk=enrolment.course_id)
    row = Enrolment.objects.select_related("person").get(pk=enrolment.pk)
    row.course = course
    return row


def _note(enrolment: Enrolment, presence: Presence) -> None:
    move_enrolment(enrolment, EnrolmentStatus.ATTENDED, arrived_at=clock.now(), presence=presence)
