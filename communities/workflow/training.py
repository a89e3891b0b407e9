"""The moves of a course and of an enrolment. The only writer of either status.

Course: 籌備中 → 已公告 → 已辦理; 籌備中 and 已公告 → 停辦.
Enrolment: 候補 → 已報名 → 已出席 or 沒有出席, which a clerk corrects into each other; 候補 and 已報名 → 已取消.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from communities import actions
from communities.enums import OPEN_ENROLMENT, CourseStatus, EnrolmentStatus
from communities.models import Course, Enrolment
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import require_lock

COURSE_MOVES = {
    CourseStatus.ANNOUNCED: (actions.ANNOUNCE_COURSE, (CourseStatus.DRAFT,)),
    CourseStatus.CANCELLED: (actions.CANCEL_COURSE, (CourseStatus.DRAFT, CourseStatus.ANNOUNCED)),
    CourseStatus.HELD: (actions.HOLD_COURSE, (CourseStatus.ANNOUNCED,)),
}
ENROLMENT_MOVES = {
    EnrolmentStatus.ENROLLED: (actions.MOVE_UP, (EnrolmentStatus.WAITING,)),
    EnrolmentStatus.WITHDRAWN: (actions.WITHDRAW_ENROLMENT, OPEN_ENROLMENT),
    EnrolmentStatus.ATTENDED: (actions.NOTE_PRESENCE, (*OPEN_ENROLMENT, EnrolmentStatus.ABSENT)),
    EnrolmentStatus.ABSENT: (actions.NOTE_ABSENCE, (EnrolmentStatus.ENROLLED, EnrolmentStatus.ATTENDED)),
}


def move_course(course: Course, to: CourseStatus, **columns: Any) -> None:
    """Change the status of a locked course with the columns that belong to it. Raises Refused."""
    require_lock(course)
    action, start = COURSE_MOVES[to]
    if course.status not in start:
        words = _("這門課程現在是「%(status)s」，不能這樣辦；請重新整理這一頁。")
        raise Refused(words % {"status": course.get_status_display()})
    before = course.status
    course.status = to
    _set(course, columns)
    trail.record(action, course, before={"status": before}, after={"status": to, **trail.snapshot(course, *columns)})


def move_enrolment(enrolment: Enrolment, to: EnrolmentStatus, **columns: Any) -> None:
    """Change the status of an enrolment whose course is locked. Raises Refused."""
    require_lock(enrolment.course)
    action, start = ENROLMENT_MOVES[to]
    if enrolment.status not in start:
        words = _("%(name)s現在是「%(status)s」，不能這樣辦；請重新整理這一頁。")
        raise Refused(words % {"name": enrolment.person.name, "status": enrolment.get_status_display()})
    before = enrolment.status
    enrolment.status = to
    _set(enrolment, columns)
    trail.record(action, enrolment, before={"status": before}, after={"status": to, "course": enrolment.course_id})


def _set(row: Course | Enrolment, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *columns])
