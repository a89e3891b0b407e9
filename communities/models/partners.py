from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.enums import HelpWay, PartnerKind
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User

from .registry import Organisation


class Partner(models.Model):
    """Somebody who helps: a contact of the county (肆一), or with `organisation` an association's own partner (肆二).

    Whom to ask and the telephone are read by the offices alone, of an own partner also by the association.
    """

    county = CountyField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="partners"
    )
    kind = models.CharField(_("類別"), max_length=12, choices=PartnerKind)
    name = models.CharField(_("名稱"), max_length=80)
    offers = models.CharField(_("可以幫什麼"), max_length=300)
    # Codes of townships; none is the whole county.
    townships = ArrayField(models.CharField(max_length=8), verbose_name=_("服務的鄉鎮市"), default=list, blank=True)
    contact_name = models.CharField(_("聯絡人（不公開）"), max_length=60, blank=True)
    contact_phone = models.CharField(_("聯絡電話（不公開）"), max_length=30, blank=True)
    entered_on = models.DateField(_("登錄日期"))
    ended_on = models.DateField(_("不再往來的日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("協力夥伴")
        verbose_name_plural = _("協力夥伴")
        ordering = ["county", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("entered_on")), name="partner_ends_after_start"
            )
        ]
        indexes = [models.Index(fields=["county", "organisation"], name="partner_whose")]

    def __str__(self) -> str:
        return self.name


class PartnerHelp(models.Model):
    """Help that a partner promised or gave, on a day; for a contact of the county also for which association."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="help")
    way = models.CharField(_("承諾或提供"), max_length=8, choices=HelpWay)
    day = models.DateField(_("日期"))
    what = models.CharField(_("什麼幫助"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="help_received"
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("夥伴的幫助")
        verbose_name_plural = _("夥伴的幫助")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["partner", "way", "day"], name="partner_help_last")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.day}"
