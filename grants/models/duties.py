from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from grants import duty_kinds
from grants.enums import EntryStage
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .applications.cases import Application
from .awards import Award


class Duty(models.Model):
    """Something that a clause of enforcement M wants done and recorded by a day; kept until it is done.

    `key` is a kind of `grants.rules.tasks`; `period` the month ("2010-05"), the year, "once", or an event's number
    ("2", "2010/2"). It belongs to a case, to an association (`organisation`), or to the county. What an association
    records is checked by the county (`checked_on`). An occasion has a `title` as soon as it has a day.
    """

    key = models.CharField(_("種類"), max_length=30)
    clause = models.CharField(_("條文"), max_length=20)
    county = CountyField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="duties"
    )
    title = models.CharField(_("名稱"), max_length=60, blank=True)
    period = models.CharField(_("期間"), max_length=10)
    due_on = models.DateField(_("期限"))
    opened_on = models.DateField()
    invitation = models.TextField(_("通知內容"), blank=True)
    held_on = models.DateField(_("辦理日期"), null=True, blank=True)
    figures = models.JSONField(_("數字"), default=dict, blank=True)
    note = models.TextField(_("紀錄"), blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(_("登錄日期"), null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_on = models.DateField(_("確認日期"), null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("應辦事項")
        verbose_name_plural = _("應辦事項")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key", "period"],
                condition=Q(application__isnull=False),
                name="duty_once_a_period",
            ),
            models.UniqueConstraint(
                fields=["county", "key", "period"],
                condition=Q(application__isnull=True, organisation__isnull=True),
                name="duty_of_county_once_a_period",
            ),
            models.UniqueConstraint(
                fields=["organisation", "key", "period"],
                condition=Q(organisation__isnull=False),
                name="duty_of_association_once_a_period",
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=True) | Q(organisation__isnull=True), name="duty_of_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True) | Q(done_on__isnull=False, checked_by__isnull=False),
                name="duty_checked_when_done",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_by__isnull=False, held_on__isnull=False),
                name="duty_done_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="duty_open")]

    def __str__(self) -> str:
        return self.title or duty_kinds.in_words(self.key, self.period, None)

    @property
    def case(self) -> Application:
        """The case that the duty belongs to. Duties of an association or a county have none."""
        assert self.application is not None
        return self.application


class DutyEntry(models.Model):
    """What is recorded about one association at an occasion: that the county named it, its mentoring, its result with the
    `grade` of a national selection, who attended.
    """

    class Grade(models.TextChoices):
        """What the national selection of communities gave (M5.2)."""

        FEATURE = "feature", _("單項特色獎")
        THIRD = "third", _("甲等獎")
        SECOND = "second", _("優等獎")
        FIRST = "first", _("卓越獎")
        GOLD = "gold", _("金卓越獎")
        NONE = "none", _("沒有獲獎")

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="duty_entries", verbose_name=_("社區")
    )
    stage = models.CharField(_("項目"), max_length=10, choices=EntryStage)
    on = models.DateField(_("日期"))
    people = models.PositiveSmallIntegerField(_("人數"), default=0)
    grade = models.CharField(_("獎項"), max_length=8, choices=Grade, blank=True)
    note = models.TextField(_("紀錄"), blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("社區紀錄")
        verbose_name_plural = _("社區紀錄")
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "organisation", "stage"],
                condition=~Q(stage=EntryStage.MENTORED),
                name="duty_entry_once_but_mentoring",
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(stage=EntryStage.RESULT), name="duty_entry_grade_of_result"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_stage_display()}"


class EntryPaper(models.Model):
    """A paper of a nomination, a mentoring or a result."""

    entry = models.ForeignKey(DutyEntry, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(_("名稱"), max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("參選文件")
        verbose_name_plural = _("參選文件")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
