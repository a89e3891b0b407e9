from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.enums import HoursWay
from miaoli_kaohsiung.accounts.models import User

from .people import AssociationPerson
from .registry import Organisation


class VolunteerTeam(models.Model):
    """A team of volunteers of an association (肆五). `door_code` stands in the square code where it serves."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="volunteer_teams")
    name = models.CharField(_("隊名"), max_length=60)
    work = models.CharField(_("服務內容"), max_length=200, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    insured_by = models.CharField(_("保險公司與種類"), max_length=80, blank=True)
    insured_from = models.DateField(_("保險起"), null=True, blank=True)
    insured_until = models.DateField(_("保險迄"), null=True, blank=True)
    ended_on = models.DateField(_("解散日期"), null=True, blank=True)
    door_code = models.CharField(max_length=16, unique=True, editable=False)

    class Meta:
        verbose_name = _("志工隊")
        verbose_name_plural = _("志工隊")
        ordering = ["organisation", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(insured_from=None, insured_until=None) | Q(insured_until__gte=F("insured_from")),
                name="team_insurance_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["insured_until"], name="team_insurance")]

    def __str__(self) -> str:
        return self.name


class Volunteer(models.Model):
    """Somebody in a team, from one day to another. `pass_code` are the six digits for the door."""

    team = models.ForeignKey(VolunteerTeam, on_delete=models.PROTECT, related_name="volunteers")
    person = models.ForeignKey(AssociationPerson, on_delete=models.PROTECT, related_name="volunteering")
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("離隊日期"), null=True, blank=True)
    basic_on = models.DateField(_("基礎訓練完成日"), null=True, blank=True)
    special_on = models.DateField(_("特殊訓練完成日"), null=True, blank=True)
    hours_before = models.DecimalField(_("加入本網站以前的服務時數"), max_digits=7, decimal_places=1, default=0)
    pass_code = models.CharField(_("簽到碼"), max_length=6)

    class Meta:
        verbose_name = _("志工")
        verbose_name_plural = _("志工")
        ordering = ["team", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="volunteer_once_a_team"),
            models.UniqueConstraint(fields=["team", "pass_code"], name="volunteer_pass_code_once"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="volunteer_leaves_after_joining"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.person}"


class ServiceHours(models.Model):
    """Hours of service: of a month as the association writes them, or of one visit with arrival and departure."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="service")
    # The first day of the month, or the day itself.
    day = models.DateField(_("日期"))
    way = models.CharField(_("怎麼登錄的"), max_length=8, choices=HoursWay)
    hours = models.DecimalField(_("時數"), max_digits=5, decimal_places=1, default=0)
    came_at = models.DateTimeField(_("簽到"), null=True, blank=True)
    went_at = models.DateTimeField(_("簽退"), null=True, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("服務時數")
        verbose_name_plural = _("服務時數")
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "day"], condition=Q(way=HoursWay.MONTH), name="service_hours_once_a_month"
            ),
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(way=HoursWay.DOOR, went_at=None),
                name="service_one_open_visit",
            ),
            models.CheckConstraint(condition=Q(hours__gte=0), name="service_hours_not_negative"),
        ]
        indexes = [models.Index(fields=["day"], name="service_hours_day")]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.day}"
