from django.db import models
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User

from .enums import RowState


class SavedView(models.Model):
    """A list as somebody wants to see it again: `query` is what stands behind its address, with filters, columns and order.

    `county` is that of the colleagues with whom it is shared, empty for the owner alone.
    """

    listing = models.CharField(max_length=40)
    name = models.CharField(_("名稱"), max_length=30)
    query = models.CharField(max_length=1000)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    county = CountyField(_("縣"), blank=True)

    class Meta:
        verbose_name = _("儲存的檢視")
        verbose_name_plural = _("儲存的檢視")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "listing", "name"], name="saved_view_once")]
        indexes = [models.Index(fields=["listing", "county"], name="saved_view_shared")]

    def __str__(self) -> str:
        return self.name


class ListLook(models.Model):
    """How a person wants the rows of lists: whoever has none gets them dense."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="list_look")
    roomy = models.BooleanField(_("列距寬鬆"), default=False)

    class Meta:
        verbose_name = _("清單的列距")
        verbose_name_plural = _("清單的列距")

    def __str__(self) -> str:
        return str(self.user)


class BulkRun(models.Model):
    """One act on several rows of a list: chosen, then confirmed, then done row by row by a worker. `kind` is the name of a
    registered `bulk.kinds.Kind`, `options` what was filled in when it was confirmed, `back` the address of the list.
    """

    kind = models.CharField(max_length=40)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="bulk_runs")
    requested_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    options = models.JSONField(default=dict)
    back = models.CharField(max_length=1200)

    class Meta:
        verbose_name = _("整批作業")
        verbose_name_plural = _("整批作業")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(confirmed_at__isnull=False, finished_at__isnull=True),
                name="bulk_run_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class BulkRow(models.Model):
    """One row of a run and what became of it; `words` say what was done, or why it was not."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    key = models.BigIntegerField()
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("整批作業的一列")
        verbose_name_plural = _("整批作業的一列")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="bulk_row_once")]

    def __str__(self) -> str:
        return self.label
