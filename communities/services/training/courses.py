"""A course of the county: prepared, announced, changed, cancelled or held; its materials."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.enums import (
    CHANGEABLE_COURSES,
    HOLDS_A_PLACE,
    OPEN_ENROLMENT,
    WAS_THERE,
    CourseStatus,
    EnrolmentStatus,
)
from communities.models import Course, CourseFile, Enrolment
from communities.permissions import may_keep_courses
from communities.queries import training
from communities.workflow.training import move_course, move_enrolment
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import Checked, Held, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close

from . import announcing
from .enrolments import move_up

# What people who are enrolled must know if it changes.
SAID_ON = ("day", "begins_at", "ends_at", "place")
DOOR_CODE_BYTES = 9
TOMORROW = "tomorrow"

# What a room above does once a course took place.
Act = Callable[[User, Course], object]
_ACTS: list[Act] = []


def when_held(act: Act) -> Act:
    """Let the act follow each course that took place, in its unit of work."""
    _ACTS.append(act)
    return act


def make(user: User, county: str, **columns: Any) -> Course:
    """Prepare a course of the county; nobody sees it before it is announced. Raises Refused."""
    require(may_keep_courses(user, county))
    with trail.unit_of_work(_by(user, county)):
        course = Course.objects.create(county=county, made_by=user, **columns)
        trail.record(actions.MAKE_COURSE, course, after=trail.snapshot(course, *columns))
        return course


def change(user: User, course: Course, **columns: Any) -> Course:
    """Change a course that is not over. Whoever is enrolled is notified of another day, time or place; more places are
    filled from the line. Raises Refused.
    """
    require(may_keep_courses(user, course.county))
    with trail.unit_of_work(_by(user, course.county)):
        row = lock(Course.objects.all(), pk=course.pk)
        if row.status not in CHANGEABLE_COURSES:
            raise Refused(_("已辦理或停辦的課程不能再修改。"))
        taken, _waiting = training.places_held(row)
        if columns["places"] < taken:
            raise Refused(_("已經有%(taken)d人報名，名額不能比這個少。") % {"taken": taken})
        before = trail.snapshot(row, *columns)
        for name, value in columns.items():
            setattr(row, name, value)
        old, new = trail.changes(before, trail.snapshot(row, *columns))
        if new:
            row.save(update_fields=list(columns))
            trail.record(actions.CHANGE_COURSE, row, before=old, after=new)
        if row.status == CourseStatus.ANNOUNCED:
            if set(SAID_ON) & set(new):
                subject = _("課程時間或地點有變：%(title)s") % {"title": row.title}
                words = (subject, announcing.when_and_where(row))
                announcing.about(row, training.bodies_in(row, OPEN_ENROLMENT), "changed", words, at_once=True)
            move_up(row)
        return row


def announce(user: User, course: Course) -> Course:
    """Show the course to everybody and notify the associations that may enrol. Raises Refused."""
    require(may_keep_courses(user, course.county))
    with trail.unit_of_work(_by(user, course.county)):
        row = lock(Course.objects.all(), pk=course.pk)
        if row.enrol_until < clock.today():
            raise Refused(_("報名截止日已經過了，請先修改日期再公告。"))
        move_course(row, CourseStatus.ANNOUNCED, door_code=secrets.token_urlsafe(DOOR_CODE_BYTES))
        subject = _("開放報名：%(title)s") % {"title": row.title}
        body = _("%(when)s\n名額%(places)d人，%(until)s截止報名。") % {
            "when": announcing.when_and_where(row),
            "places": row.places,
            "until": format_roc(row.enrol_until),
        }
        announcing.about(row, training.bodies_for(row), "announced", (subject, body), at_once=False)
        return row


def cancel(user: User, course: Course, reason: str) -> Course:
    """Cancel it and notify the associations with people in it. Raises Refused."""
    require(may_keep_courses(user, course.county))
    with trail.unit_of_work(_by(user, course.county)):
        row = lock(Course.objects.all(), pk=course.pk)
        move_course(row, CourseStatus.CANCELLED, cancelled_because=reason)
        close([announcing.thread_of(row)])
        subject = _("課程停辦：%(title)s") % {"title": row.title}
        words = (subject, _("停辦原因：%(reason)s") % {"reason": reason})
        announcing.about(row, training.bodies_in(row, OPEN_ENROLMENT), "cancelled", words, at_once=True)
        return row


def hold(user: User, course: Course) -> Course:
    """Say that the course took place: whoever did not arrive was absent, the others may say what it was like. Raises
    Refused before its day.
    """
    require(may_keep_courses(user, course.county))
    with trail.unit_of_work(_by(user, course.county)):
        row = lock(Course.objects.all(), pk=course.pk)
        if clock.today() < row.day:
            raise Refused(_("課程在%(day)s，辦理後才能登錄。") % {"day": format_roc(row.day)})
        move_course(row, CourseStatus.HELD)
        missing = Enrolment.objects.filter(course=row, status=EnrolmentStatus.ENROLLED).select_related("person")
        for enrolment in missing:
            enrolment.course = row
            move_enrolment(enrolment, EnrolmentStatus.ABSENT)
        close([announcing.thread_of(row)])
        subject = _("研習證明可以下載：%(title)s") % {"title": row.title}
        words = (subject, _("出席的時數已經登錄。請出席的人填課程意見，幾題就好。"))
        announcing.about(row, training.bodies_in(row, WAS_THERE), "held", words, at_once=False)
        for act in _ACTS:
            act(user, row)
        return row


def remind(day: dt.date) -> int:
    """Remind the associations of the courses of the next day, and of today's if nothing ran yesterday; return how many
    people. Safe to repeat.
    """
    sent = 0
    for course in training.at_hand(day):
        if course.day == day and announcing.was_sent(course, TOMORROW, day - dt.timedelta(days=1)):
            continue
        subject = _("今天上課：%(title)s") if course.day == day else _("明天上課：%(title)s")
        words = (subject % {"title": course.title}, announcing.when_and_where(course))
        bodies = training.bodies_in(course, HOLDS_A_PLACE)
        sent += announcing.about(course, bodies, TOMORROW, words, at_once=True, on=course.day - dt.timedelta(days=1))
    return sent


def add_material(user: User, course: Course, title: str, upload: Checked | Held) -> CourseFile:
    """Put a file on the course's page. Raises Refused."""
    require(may_keep_courses(user, course.county))
    by = _by(user, course.county)
    with trail.unit_of_work(by):
        stored = store(upload, actor=by, purpose=f"course:{course.pk}")
        row = CourseFile.objects.create(
            course=course, file=stored, title=title or stored.name[:80], added_on=clock.today()
        )
        trail.record(actions.ADD_MATERIAL, row, after={"title": row.title, "sha256": stored.sha256})
        return row


def remove_material(user: User, row: CourseFile) -> None:
    """Show the file no longer. Raises Refused."""
    require(may_keep_courses(user, row.course.county))
    with trail.unit_of_work(_by(user, row.course.county)):
        if CourseFile.objects.filter(pk=row.pk, removed_on=None).update(removed_on=clock.today()):
            trail.record(actions.REMOVE_MATERIAL, row, before={"title": row.title})


def _by(user: User, county: str) -> Actor:
    return actor(user, Role.CASE_OFFICER, county=county)
