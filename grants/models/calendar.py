from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.roc_date import format_roc

from .duties import Duty
from .payments import Deadline
from .reviews import ReviewAssignment


class CalendarYear(models.Model):
    """A year whose office calendar was entered as a whole: what it does not name is an ordinary day of the week. An empty
    `county` means all of them.
    """

    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    county = CountyField(_("縣"), blank=True)
    source = models.CharField(_("依據"), max_length=200)

    class Meta:
        ordering = ["year", "county"]
        constraints = [models.UniqueConstraint(fields=["year", "county"], name="calendar_year_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.county}"


class CalendarDay(models.Model):
    """A day that was entered: a day off, a make-up workday, or an ordinary day that the published calendar has otherwise."""

    on = models.DateField(_("日期"))
    county = CountyField(_("縣"), blank=True)
    works = models.BooleanField(_("上班"))
    name = models.CharField(_("名稱"), max_length=60, blank=True)
    source = models.CharField(_("依據"), max_length=200)

    class Meta:
        ordering = ["on", "county"]
        constraints = [models.UniqueConstraint(fields=["on", "county"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{format_roc(self.on)} {self.name}"


class Closure(models.Model):
    """A day on which the offices of a county, or of some of its townships, were closed at short notice (停班停課).

    One officer declares it, which has its effects at once; another person of the county looks at it afterwards. Without
    `townships` it is the whole county.
    """

    county = CountyField(_("縣"))
    on = models.DateField(_("日期"))
    townships = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    reason = models.CharField(_("原因"), max_length=200)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField(_("登錄日期"))
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_on = models.DateField(_("核對日期"), null=True, blank=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_on = models.DateField(_("取消日期"), null=True, blank=True)
    taken_back_why = models.CharField(_("取消的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("停班停課")
        verbose_name_plural = _("停班停課")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "on", "townships"], condition=Q(taken_back_on=None), name="closure_once"
            ),
            models.CheckConstraint(
                condition=Q(seen_by=None) | ~Q(seen_by=F("declared_by")), name="closure_seen_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{format_roc(self.on)} {self.reason}"


class DueMove(models.Model):
    """A deadline, a duty or a review whose day moved to the next workday, because of a closure or of a change of the
    calendar. `undone_on` says that it moved back.
    """

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, null=True, related_name="moves")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, related_name="+")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, related_name="moves")
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, null=True, related_name="moves")
    assignment = models.ForeignKey(ReviewAssignment, on_delete=models.PROTECT, null=True, related_name="moves")
    due_before = models.DateField(_("原來的期限"))
    due_after = models.DateField(_("新的期限"))
    moved_on = models.DateField()
    undone_on = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closure=None, change__isnull=False) | Q(closure__isnull=False, change=None),
                name="due_move_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=False, duty=None, assignment=None)
                | Q(deadline=None, duty__isnull=False, assignment=None)
                | Q(deadline=None, duty=None, assignment__isnull=False),
                name="due_move_one_subject",
            ),
            models.CheckConstraint(condition=Q(due_after__gt=F("due_before")), name="due_move_later"),
        ]

    def __str__(self) -> str:
        return f"{self.due_before} → {self.due_after}"
