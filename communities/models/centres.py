from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities import naming
from communities.enums import CentreCondition
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock

from .registry import Organisation, Township


class ActivityCentre(models.Model):
    """A community's activity centre (伍九): the township keeps its record, an association may run it. Nothing personal."""

    county = CountyField(_("縣"))
    township = models.ForeignKey(
        Township, on_delete=models.PROTECT, related_name="activity_centres", verbose_name=_("鄉鎮市")
    )
    name = models.CharField(_("名稱"), max_length=60)
    address = models.CharField(_("地址"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="activity_centres",
        verbose_name=_("管理的協會"),
    )
    built_in = models.PositiveSmallIntegerField(_("啟用年度（民國）"), null=True, blank=True)
    area = models.PositiveIntegerField(_("樓地板面積（平方公尺）"), null=True, blank=True)
    used_for = models.CharField(_("平常的用途"), max_length=200, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("社區活動中心")
        verbose_name_plural = _("社區活動中心")
        ordering = ["county", "township__position", "name"]
        constraints = [models.UniqueConstraint(fields=["township", "name"], name="activity_centre_once_a_township")]

    def __str__(self) -> str:
        return self.name

    @property
    def present_address(self) -> str:
        """The address with the names that county and township have today."""
        return naming.present(self.address, self.county, clock.today(), self.township_id)


class CentreItem(models.Model):
    """A thing that stands in a centre, so that what is asked for can be compared with what is there."""

    centre = models.ForeignKey(ActivityCentre, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(_("品名"), max_length=60)
    quantity = models.PositiveSmallIntegerField(_("數量"), default=1)
    bought_in = models.PositiveSmallIntegerField(_("購置年度（民國）"), null=True, blank=True)
    condition = models.CharField(_("狀況"), max_length=8, choices=CentreCondition, default=CentreCondition.GOOD)
    gone_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("活動中心的設備")
        verbose_name_plural = _("活動中心的設備")
        ordering = ["centre", "pk"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="centre_item_is_there")]

    def __str__(self) -> str:
        return self.name


class CentreRecord(models.Model):
    """What somebody of the office saw at a centre on a day, with a picture."""

    centre = models.ForeignKey(ActivityCentre, on_delete=models.PROTECT, related_name="records")
    day = models.DateField(_("日期"))
    condition = models.CharField(_("狀況"), max_length=8, choices=CentreCondition)
    note = models.CharField(_("看到什麼"), max_length=200, blank=True)
    picture = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("活動中心的紀錄")
        verbose_name_plural = _("活動中心的紀錄")
        ordering = ["centre", "-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.centre} {self.day}"
