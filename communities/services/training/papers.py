"""What is printed for a course: the list to sign at the door, and the certificate of somebody who was there."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from communities.enums import ON_THE_LIST, CourseStatus, EnrolmentStatus
from communities.models import Course, Enrolment
from communities.permissions import may_keep_courses, may_keep_people
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, pdf, qr
from miaoli_kaohsiung.lib.access import Refused, require


def picture_of(path: str, side_mm: int, title: str) -> tuple[str, SafeString]:
    """Return the whole address of a path of the portal, and its square code."""
    address = f"{settings.PORTAL_URL}{path}"
    return address, qr.svg(address, side_mm, title=title)


def door_of(course: Course, side_mm: int) -> tuple[str, SafeString]:
    """Return the address at which people arrive, and its square code."""
    path = reverse("communities:course-door", args=[course.door_code])
    return picture_of(path, side_mm, _("報到用的方塊碼"))


def sign_in_list(user: User, course: Course) -> bytes:
    """Return the list to sign on paper, by association, those in line last. Raises Refused, and lib.pdf's errors."""
    require(may_keep_courses(user, course.county))
    if not course.door_code:
        raise Refused(_("公告後才能印簽到表。"))
    rows = Enrolment.objects.filter(course=course, status__in=ON_THE_LIST)
    people = list(rows.select_related("person__organisation"))
    people.sort(key=lambda row: (row.status == EnrolmentStatus.WAITING, row.person.organisation.name, row.pk))
    context = {
        "course": course,
        "people": people,
        "office": _office(course),
        "door": door_of(course, 30)[1],
    }
    return pdf.render(render_to_string("communities/training/sign_in_list.html", context))


def certificate(user: User, enrolment: Enrolment) -> bytes:
    """Return the certificate of somebody who was there. Raises Refused, and lib.pdf's errors."""
    require(may_keep_people(user, enrolment.person.organisation))
    course = enrolment.course
    if course.status != CourseStatus.HELD or enrolment.status != EnrolmentStatus.ATTENDED:
        raise Refused(_("縣府登錄課程已辦理、這個人有出席，才有研習證明。"))
    context = {
        "course": course,
        "person": enrolment.person,
        "organisation": enrolment.person.organisation,
        "office": _office(course),
        "today": clock.today(),
    }
    return pdf.render(render_to_string("communities/training/certificate.html", context))


def _office(course: Course) -> str:
    return particulars(course.county, course.day).office
