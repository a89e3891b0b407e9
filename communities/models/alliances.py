from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.enums import AllianceStatus, CoachKind, MembershipStatus
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .registry import Organisation


class Alliance(models.Model):
    """An agreement of neighbouring associations that an excellent one leads (M4.4), from one day to another.

    It is in force once every chairperson has answered and at least one of the neighbours agreed. `status` is written by
    communities.workflow.alliances alone.
    """

    name = models.CharField(_("結盟名稱"), max_length=80)
    county = CountyField()
    lead = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="alliances_led", verbose_name=_("帶領的協會")
    )
    purpose = models.TextField(_("目的"))
    starts_on = models.DateField(_("期間起"))
    ends_on = models.DateField(_("期間迄"))
    status = models.CharField(_("狀態"), max_length=10, choices=AllianceStatus, default=AllianceStatus.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField(_("提出日期"))
    agreed_on = models.DateField(_("成立日期"), null=True, blank=True)
    ended_on = models.DateField(_("結束日期"), null=True, blank=True)
    ended_because = models.CharField(_("結束原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("社區結盟")
        verbose_name_plural = _("社區結盟")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="alliance_ends_after_start")
        ]
        indexes = [models.Index(fields=["county", "status"], name="alliance_county_status")]

    def __str__(self) -> str:
        return self.name


class AllianceMember(models.Model):
    """An association in an alliance, the lead among them: invited, then agreed or declined by its chairperson."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="alliance_memberships")
    status = models.CharField(_("狀態"), max_length=10, choices=MembershipStatus, default=MembershipStatus.INVITED)
    invited_on = models.DateField(_("邀請日期"))
    answered_on = models.DateField(_("答覆日期"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What the association brings or wants to learn, or why it does not join.
    answer = models.CharField(_("答覆內容"), max_length=300, blank=True)
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    left_because = models.CharField(_("退出原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("結盟的協會")
        verbose_name_plural = _("結盟的協會")
        ordering = ["alliance", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["alliance", "organisation"], name="alliance_member_once"),
            models.CheckConstraint(
                condition=Q(status=MembershipStatus.INVITED) | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="alliance_member_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alliance_id} {self.organisation}"


class AllianceCoach(models.Model):
    """Somebody of the coaching team (M5.3): of the lead, of the county, or a mentor from outside. Never public."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="coaches")
    kind = models.CharField(_("身分"), max_length=8, choices=CoachKind)
    name = models.CharField(_("姓名"), max_length=40)
    post = models.CharField(_("單位與職稱"), max_length=80, blank=True)
    field = models.CharField(_("輔導什麼"), max_length=120, blank=True)
    starts_on = models.DateField(_("開始日期"))
    ended_on = models.DateField(_("結束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("輔導團成員")
        verbose_name_plural = _("輔導團成員")
        ordering = ["alliance", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on")), name="coach_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name


class MentorVisit(models.Model):
    """A visit of the coaching team to one association of the alliance, with its notes and photos."""

    member = models.ForeignKey(AllianceMember, on_delete=models.PROTECT, related_name="mentor_visits")
    coach = models.ForeignKey(AllianceCoach, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField(_("日期"))
    notes = models.TextField(_("輔導內容"))
    next_step = models.CharField(_("下次以前要做什麼"), max_length=300, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta:
        verbose_name = _("結盟輔導訪視")
        verbose_name_plural = _("結盟輔導訪視")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"


class VisitPhoto(models.Model):
    """A photo of a mentor's visit, for the alliance and the county."""

    visit = models.ForeignKey(MentorVisit, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("照片說明"), max_length=80)

    class Meta:
        verbose_name = _("輔導照片")
        verbose_name_plural = _("輔導照片")
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return self.words


class LearningEntry(models.Model):
    """What an association of the alliance learned, in its own words (M4.4b), and what it does with it."""

    member = models.ForeignKey(AllianceMember, on_delete=models.PROTECT, related_name="learning")
    day = models.DateField(_("日期"))
    learned = models.TextField(_("學到什麼"))
    applied = models.TextField(_("回來以後怎麼做"), blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField()

    class Meta:
        verbose_name = _("學習紀錄")
        verbose_name_plural = _("學習紀錄")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}"
