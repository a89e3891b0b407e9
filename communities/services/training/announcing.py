"""Who is notified about a course: the people who hold an office of an association."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from communities.models import Course
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import posts_in_force
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import notify


def thread_of(course: Course) -> str:
    return f"course:{course.pk}"


def was_sent(course: Course, kind: str, on: dt.date) -> bool:
    """Return whether anybody was sent the notice of that day."""
    return Notice.objects.filter(kind=f"course.{kind}", object_key=thread_of(course), due_on=on).exists()


def about(
    course: Course,
    bodies: Iterable[int],
    kind: str,
    words: tuple[str, str],
    *,
    at_once: bool,
    on: dt.date | None = None,
) -> int:
    """Send everybody in office of these associations the same notice, dated today or `on`; its link leads to the
    association's page of the course. Returns how many were sent.
    """
    subject, body = words
    posts = posts_in_force().filter(role=Role.MEMBER, counter_for="", organisation_id__in=list(bodies))
    found = list(posts.select_related("user").order_by("user_id").distinct("user_id"))
    for post in found:
        notify(
            post.user,
            f"course.{kind}",
            thread_of(course),
            on or clock.today(),
            subject,
            body,
            reverse("communities:association-course", args=[post.organisation_id, course.pk]),
            at_once=at_once,
        )
    return len(found)


def when_and_where(course: Course) -> str:
    return f"{format_roc(course.day)} {course.begins_at:%H:%M}–{course.ends_at:%H:%M}　{course.present_place}"
