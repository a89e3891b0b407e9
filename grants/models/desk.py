from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User


class Handover(models.Model):
    """What passed from one holder of a post to the next, as it stood on that day: a list of cases from officer to
    officer, or, with an organisation, all of an association's from chairperson to chairperson.

    `content` holds the rows by section, as plain data, so that the list is printed again as it was. Without `giver` the
    cases had no officer, or a chairperson had no account. `received_on` is the day on which the taker signed for it.
    """

    county = CountyField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    giver = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    giver_name = models.CharField(_("移交人"), max_length=60, blank=True)
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_taken")
    taker_name = models.CharField(_("接收人"), max_length=60)
    reason = models.CharField(_("原因"), max_length=200)
    content = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("移交日期"))
    received_on = models.DateField(_("接收日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("移交清冊")
        verbose_name_plural = _("移交清冊")
        ordering = ["-made_on", "-id"]
        indexes = [models.Index(fields=["county", "-made_on", "-id"], name="handover_county")]

    def __str__(self) -> str:
        return f"{self.giver_name} → {self.taker_name}"
