from django.db import models
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.changes.models import Change


class DisposalList(models.Model):
    """A list of personal data whose term is over (銷毀清冊), drawn up by the daily jobs; one of a county is open at a time.

    An officer looks at it, leaves out what is still needed, and puts it to another person (`change`); it is carried out when
    that person confirms.
    """

    county = CountyField(_("縣"))
    made_on = models.DateField(_("編製日期"))
    change = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    carried_out_on = models.DateField(_("銷毀日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("個人資料銷毀清冊")
        verbose_name_plural = _("個人資料銷毀清冊")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county"], condition=models.Q(carried_out_on=None), name="disposal_list_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class DisposalItem(models.Model):
    """A row on the list: the term that is over, and which record. It names the record, never what stands in it."""

    disposal_list = models.ForeignKey(DisposalList, on_delete=models.CASCADE, related_name="items")
    term = models.CharField(_("期限"), max_length=30)
    key = models.BigIntegerField()
    title = models.CharField(_("紀錄"), max_length=160)
    left_out = models.CharField(_("還要留的理由"), max_length=200, blank=True)
    carried_out = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("銷毀清冊的一列")
        verbose_name_plural = _("銷毀清冊的各列")
        ordering = ["disposal_list", "term", "key"]
        constraints = [models.UniqueConstraint(fields=["disposal_list", "term", "key"], name="disposal_item_once")]

    def __str__(self) -> str:
        return self.title
