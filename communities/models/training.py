import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities import naming
from communities.enums import CourseKind, CourseStatus, EnrolmentStatus, Presence
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from .people import AssociationPerson

# Days after a course on which its people may still say what they thought of it.
FEEDBACK_DAYS = 30
BEST = 5


class Course(models.Model):
    """A course or an observation visit of the county (伍六, 伍七), on one day, with so many places.

    `tiers` and `townships` say whose associations may enrol; empty is all of the county. `door_code` stands in the square
    code at the door and is drawn when the course is announced.
    """

    county = CountyField(_("縣"))
    kind = models.CharField(_("類別"), max_length=10, choices=CourseKind)
    title = models.CharField(_("名稱"), max_length=80)
    day = models.DateField(_("日期"))
    begins_at = models.TimeField(_("開始時間"))
    ends_at = models.TimeField(_("結束時間"))
    hours = models.DecimalField(_("時數"), max_digits=4, decimal_places=1)
    place = models.CharField(_("地點"), max_length=120)
    places = models.PositiveSmallIntegerField(_("名額"))
    places_each = models.PositiveSmallIntegerField(_("每個協會最多幾人"), null=True, blank=True)
    enrol_until = models.DateField(_("報名截止"))
    tiers = models.JSONField(_("哪些分級可以報名"), default=list)
    townships = models.JSONField(_("哪些鄉鎮市可以報名"), default=list)
    about = models.TextField(_("內容"), blank=True)
    status = models.CharField(_("狀態"), max_length=10, choices=CourseStatus, default=CourseStatus.DRAFT)
    cancelled_because = models.CharField(_("停辦原因"), max_length=200, blank=True)
    door_code = models.CharField(max_length=16, blank=True, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("課程與觀摩")
        verbose_name_plural = _("課程與觀摩")
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="course_ends_after_start"),
            models.CheckConstraint(condition=Q(enrol_until__lte=F("day")), name="course_enrolment_before_day"),
            models.UniqueConstraint(fields=["door_code"], condition=~Q(door_code=""), name="course_door_code_once"),
        ]
        indexes = [models.Index(fields=["county", "status", "day"], name="course_calendar")]

    def __str__(self) -> str:
        return self.title

    @property
    def present_place(self) -> str:
        """Where it takes place, with the names of today; of its own day once that is past."""
        return naming.present(self.place, self.county, min(self.day, clock.today()))

    @property
    def feedback_until(self) -> dt.date:
        return self.day + dt.timedelta(days=FEEDBACK_DAYS)


class Enrolment(models.Model):
    """Somebody of an association in a course. Who waits moves up in the order of the keys.

    `pass_code` are six digits with which the person arrives at the door and says afterwards what it was like.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(AssociationPerson, on_delete=models.PROTECT, related_name="enrolments")
    status = models.CharField(_("狀態"), max_length=10, choices=EnrolmentStatus)
    pass_code = models.CharField(_("報到碼"), max_length=6)
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(_("報名時間"))
    arrived_at = models.DateTimeField(_("報到時間"), null=True, blank=True)
    presence = models.CharField(_("報到方式"), max_length=8, choices=Presence, blank=True)

    class Meta:
        verbose_name = _("報名")
        verbose_name_plural = _("報名")
        ordering = ["course", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"],
                condition=~Q(status=EnrolmentStatus.WITHDRAWN),
                name="enrolment_once_a_course",
            ),
            models.UniqueConstraint(fields=["course", "pass_code"], name="enrolment_pass_code_once"),
        ]
        indexes = [models.Index(fields=["person", "status"], name="enrolment_of_person")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.person}"


class CourseFile(models.Model):
    """Material of a course, for the associations of the county."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="materials")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("名稱"), max_length=80)
    added_on = models.DateField(_("上傳日期"))
    removed_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("課程教材")
        verbose_name_plural = _("課程教材")
        ordering = ["course", "pk"]

    def __str__(self) -> str:
        return self.title


class CourseFeedback(models.Model):
    """What somebody who was there thought of it, from 1 to 5. The county reads it without the name."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="feedback")
    content = models.PositiveSmallIntegerField(
        _("課程內容"), validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )
    arrangement = models.PositiveSmallIntegerField(
        _("講師與安排"), validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )
    useful = models.PositiveSmallIntegerField(
        _("對協會有幫助"), validators=[MinValueValidator(1), MaxValueValidator(BEST)]
    )
    words = models.TextField(_("想說的話"), blank=True)
    given_on = models.DateField(_("填寫日期"))

    class Meta:
        verbose_name = _("課程意見")
        verbose_name_plural = _("課程意見")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.enrolment_id)
