from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation

from .awards import Award
from .settlements import SettlementLine


class PropertyItem(models.Model):
    """Equipment that was bought with a grant and admitted when its account was accepted: a row of the body's 財產清冊.

    The body says where it stands, who keeps it and how many years it lasts. `withdrawn_on`: the acceptance was taken back;
    an item that is written off stays, with the day and the reason.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="property_items")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="property_items")
    line = models.ForeignKey(SettlementLine, on_delete=models.PROTECT, related_name="property_items")
    # The 憑證編號 of the voucher; 0 where the line was accounted for without vouchers of its own.
    voucher = models.PositiveSmallIntegerField(_("憑證編號"), default=0)
    number = models.CharField(_("財產編號"), max_length=24, unique=True)
    name = models.CharField(_("品名"), max_length=120)
    amount = models.BigIntegerField(_("金額（元）"))
    acquired_on = models.DateField(_("取得日期"))
    years = models.PositiveSmallIntegerField(_("使用年限"), null=True, blank=True)
    place = models.CharField(_("放置地點"), max_length=80, blank=True)
    keeper = models.CharField(_("保管人"), max_length=40, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)
    written_off_on = models.DateField(_("報廢日期"), null=True, blank=True)
    written_off_because = models.CharField(_("報廢原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("財產")
        verbose_name_plural = _("財產")
        ordering = ["organisation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["line", "voucher"], name="property_item_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="property_amount_positive"),
            models.CheckConstraint(
                condition=Q(written_off_on=None) | ~Q(written_off_because=""), name="property_written_off_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
