"""Who reviews what, and who must not: conflicts of interest, and what the portal compares to find them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities import naming
from grants.enums import ConflictGround
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock

from .applications.cases import Application
from .schemes import Programme, Scheme


class ReviewerRemit(models.Model):
    """Which cases of a county a reviewer is asked about: programmes and townships by code, none of a kind for all of it."""

    county = CountyField(_("縣"))
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="remits")
    programmes = models.ManyToManyField(Programme, blank=True, related_name="+", verbose_name=_("補助類別"))
    townships = models.JSONField(_("鄉鎮市"), default=list, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_on = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("審查範圍")
        verbose_name_plural = _("審查範圍")
        constraints = [models.UniqueConstraint(fields=["county", "reviewer"], name="remit_once_a_county")]

    def __str__(self) -> str:
        return f"{self.county} {self.reviewer_id}"

    def covers(self, case: Application) -> bool:
        """Return whether the case is one that the reviewer is asked about; `programmes` are prefetched for many."""
        programmes = {one.pk for one in self.programmes.all()}
        place = not self.townships or case.township_code in self.townships
        return place and (not programmes or case.programme_id in programmes)


class ReviewerDetails(models.Model):
    """What a reviewer tells of themselves, to be compared with the applicants. Nobody else reads it, only what it matched."""

    reviewer = models.OneToOneField(User, on_delete=models.PROTECT, related_name="reviewer_details")
    tax_id = models.CharField(_("服務單位統一編號"), max_length=8, blank=True)
    address = models.CharField(_("住址"), max_length=120, blank=True)
    phone = models.CharField(_("其他聯絡電話"), max_length=30, blank=True)
    bank_account = models.CharField(_("領取審查費的帳號"), max_length=16, blank=True)
    updated_on = models.DateField()

    class Meta:
        verbose_name = _("審查委員資料")
        verbose_name_plural = _("審查委員資料")

    def __str__(self) -> str:
        return str(self.reviewer)


class HoldingConflicts(models.Manager["Conflict"]):
    """The interests that hide a case: all but those that two people lifted."""

    def get_queryset(self) -> models.QuerySet["Conflict"]:
        return super().get_queryset().filter(lifted_on=None)


class Conflict(models.Model):
    """A person's interest in a case, declared by the person or found by the portal. It hides the case from the person in
    every post except the association's own, and it stays, whatever becomes of the data that it was found by. One that was
    found `by_name` alone is lifted if two people see that it is somebody else of that name.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    ground = models.CharField(_("理由"), max_length=10, choices=ConflictGround)
    words = models.CharField(_("說明"), max_length=200, blank=True)
    found_on = models.DateField(_("日期"))
    by_name = models.BooleanField(_("只是姓名相同"), default=False)
    lifted_on = models.DateField(_("解除日期"), null=True, blank=True)

    objects = models.Manager()
    holding = HoldingConflicts()

    class Meta:
        verbose_name = _("利害關係")
        verbose_name_plural = _("利害關係")
        ordering = ["-application_id", "person", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "person", "ground"], name="conflict_once"),
            models.CheckConstraint(
                condition=models.Q(lifted_on=None) | models.Q(by_name=True), name="conflict_lifted_of_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.person_id} {self.ground}"

    @property
    def reason(self) -> str:
        """The reason as an officer reads it."""
        return "：".join(part for part in (str(self.get_ground_display()), self.words) if part)


class PresentationSession(models.Model):
    """A meeting at which associations present their plans to the panel. It is planned, then invited to (its letters are
    drafted), then recorded; one that does not take place is cancelled. Each of these is a day, or empty.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="presentations")
    meeting = models.CharField(_("會議名稱"), max_length=60)
    held_on = models.DateField(_("日期"))
    begins_at = models.TimeField(_("開始時間"))
    place = models.CharField(_("地點"), max_length=80)
    minutes_each = models.PositiveSmallIntegerField(_("每件幾分鐘"), default=20)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField(_("排定日期"))
    invited_on = models.DateField(_("邀請日期"), null=True, blank=True)
    cancelled_on = models.DateField(_("取消日期"), null=True, blank=True)
    cancel_reason = models.CharField(_("取消的原因"), max_length=200, blank=True)
    chair = models.CharField(_("主持人"), max_length=40, blank=True)
    minutes = models.TextField(_("會議紀錄"), blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_on = models.DateField(_("記錄日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("簡報審查會")
        verbose_name_plural = _("簡報審查會")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cancelled_on=None) | ~models.Q(cancel_reason=""),
                name="session_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(recorded_on=None) | models.Q(invited_on__isnull=False, cancelled_on=None),
                name="session_recorded_after_invitation",
            ),
        ]

    def __str__(self) -> str:
        return self.meeting

    @property
    def county(self) -> str:
        return self.scheme.county

    @property
    def present_place(self) -> str:
        """Where it takes place, with the names of today; of its own day once that is past."""
        return naming.present(self.place, self.county, min(self.held_on, clock.today()))

    @property
    def state(self) -> str:
        if self.cancelled_on:
            return str(_("已取消"))
        if self.recorded_on:
            return str(_("已記錄"))
        return str(_("已邀請") if self.invited_on else _("排定中"))


class SessionMember(models.Model):
    """A reviewer who is invited to a session; `came` is empty until it is recorded."""

    session = models.ForeignKey(PresentationSession, on_delete=models.CASCADE, related_name="members")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField(_("出席"), null=True, blank=True)

    class Meta:
        ordering = ["session", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "reviewer"], name="session_member_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.reviewer_id}"


class AgendaItem(models.Model):
    """A case on the agenda of a session, in its turn, with who came and what was said."""

    session = models.ForeignKey(PresentationSession, on_delete=models.CASCADE, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agenda_items")
    turn = models.PositiveSmallIntegerField(_("順序"))
    came = models.BooleanField(_("到場"), null=True, blank=True)
    speakers = models.CharField(_("到場的人"), max_length=100, blank=True)
    notes = models.TextField(_("紀錄"), blank=True)

    class Meta:
        ordering = ["session", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["session", "application"], name="agenda_case_once"),
            models.UniqueConstraint(fields=["session", "turn"], name="agenda_turn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.turn} {self.application_id}"
