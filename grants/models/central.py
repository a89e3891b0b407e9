from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User

from .applications.cases import Application


class CentralProgramme(models.Model):
    """A programme of the central government for which a county forwards requests (M5.1), as the county entered it."""

    county = CountyField()
    ministry = models.CharField(_("主管機關"), max_length=40)
    name = models.CharField(_("計畫名稱"), max_length=80)
    item = models.CharField(_("補助項目"), max_length=80, blank=True)
    most = models.BigIntegerField(_("每案最高（元）"), null=True, blank=True)
    closes_on = models.DateField(_("縣府收件截止"), null=True, blank=True)
    words = models.TextField(_("要準備什麼"), blank=True)
    active = models.BooleanField(_("受理中"), default=True)
    confirmed_on = models.DateField()

    class Meta:
        verbose_name = _("中央補助計畫")
        verbose_name_plural = _("中央補助計畫")
        ordering = ["county", "ministry", "name"]
        constraints = [models.UniqueConstraint(fields=["county", "name", "item"], name="central_programme_once")]

    def __str__(self) -> str:
        return f"{self.name}　{self.item}" if self.item else self.name


class CentralRequest(models.Model):
    """What an association asks of a central programme: forwarded by the county with its opinion, then decided there.

    `data` are the association's facts of the day on which it asked, carried from the registry; nobody types them again.
    """

    class Result(models.TextChoices):
        """What the ministry decided."""

        GRANTED = "granted", _("核定補助")
        REFUSED = "refused", _("未獲補助")

    programme = models.ForeignKey(CentralProgramme, on_delete=models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="central_requests")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="central_requests"
    )
    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    title = models.CharField(_("計畫名稱"), max_length=80)
    text = models.TextField(_("內容"), blank=True)
    amount = models.BigIntegerField(_("申請金額（元）"))
    data = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField(_("提出日期"))
    opinion = models.TextField(_("縣府意見"), blank=True)
    dispatch_number = models.CharField(_("函轉文號"), max_length=60, blank=True)
    forwarded_on = models.DateField(_("函轉日期"), null=True, blank=True)
    forwarded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(_("結果"), max_length=8, choices=Result, blank=True)
    granted = models.BigIntegerField(_("核定金額（元）"), default=0)
    result_number = models.CharField(_("核定文號"), max_length=60, blank=True)
    result_on = models.DateField(_("核定日期"), null=True, blank=True)
    result_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("中央補助申請")
        verbose_name_plural = _("中央補助申請")
        ordering = ["-asked_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="central_amount_positive"),
            models.CheckConstraint(condition=Q(granted=0) | Q(result="granted"), name="central_granted"),
            models.CheckConstraint(
                condition=Q(forwarded_on__isnull=True) | (Q(forwarded_by__isnull=False) & ~Q(dispatch_number="")),
                name="central_forwarded_with_number",
            ),
            models.CheckConstraint(
                condition=Q(result="")
                | Q(result_on__isnull=False, result_by__isnull=False, forwarded_on__isnull=False),
                name="central_result_after_forwarding",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.result:
            return str(self.get_result_display())
        return str(_("已函轉，等結果")) if self.forwarded_on else str(_("等縣府函轉"))
