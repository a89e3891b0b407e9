"""A course or visit that took place does what the law wants of the county in that year (M5.6, M5.7)."""

from django.utils.translation import gettext as _

from communities.enums import WAS_THERE, CourseKind
from communities.models import Course
from communities.services.training.courses import when_held
from grants.models import Duty
from grants.services.duties.records import Record, note_yearly
from miaoli_kaohsiung.accounts.models import User

KEYS = {CourseKind.COURSE: "training_event", CourseKind.VISIT: "observation_visit"}


@when_held
def note(user: User, course: Course) -> None:
    """Close the county's reminder of the year, unless an occasion was set for it."""
    rows = Duty.objects.filter(county=course.county, key=KEYS[CourseKind(course.kind)], title="")
    people = course.enrolments.filter(status__in=WAS_THERE).count()
    done = Record(course.day, {"people": people}, _("「%(title)s」已辦理。") % {"title": course.title})
    note_yearly(user, rows.filter(period=str(course.day.year)), done)
