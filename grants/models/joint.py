from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Alliance, Organisation
from miaoli_kaohsiung.accounts.models import User

from .applications.cases import Application
from .settlements import Voucher


class JointCase(models.Model):
    """A case that an alliance files together, in the name of its lead (M4.4, M5.3)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="joint")
    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="joint_cases")
    joined_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    joined_on = models.DateField()

    class Meta:
        verbose_name = _("結盟的申請案")
        verbose_name_plural = _("結盟的申請案")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.alliance_id}"


class JointShare(models.Model):
    """What one association of the alliance is to have of the money: as asked for, and of the award where it was divided
    anew (else in the same proportion).
    """

    joint = models.ForeignKey(JointCase, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joint_shares")
    requested = models.BigIntegerField(_("申請的分攤（元）"))
    awarded = models.BigIntegerField(_("核定後的分攤（元）"), null=True, blank=True)

    class Meta:
        verbose_name = _("結盟的分攤")
        verbose_name_plural = _("結盟的分攤")
        ordering = ["joint", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["joint", "organisation"], name="joint_share_once"),
            models.CheckConstraint(
                condition=Q(requested__gte=0) & (Q(awarded=None) | Q(awarded__gte=0)), name="joint_share_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joint_id} {self.organisation_id}"


class JointVoucher(models.Model):
    """Which association of the alliance spent what a voucher says."""

    voucher = models.OneToOneField(Voucher, on_delete=models.CASCADE, related_name="joint")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="joint_vouchers")

    class Meta:
        verbose_name = _("結盟的單據")
        verbose_name_plural = _("結盟的單據")
        ordering = ["voucher"]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.organisation_id}"
