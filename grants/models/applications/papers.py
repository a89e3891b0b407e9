"""Scans of signed papers that an office uploads at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile

from .cases import Application, Document


class PaperBatch(models.Model):
    """Scans of signed papers, uploaded at once by an office; each page found its case by its square code, or waits."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("上傳日期"))

    class Meta:
        verbose_name = _("整批掃描")
        verbose_name_plural = _("整批掃描")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.file}"


class PaperPart(models.Model):
    """Pages of a batch that belong together: the paper of a case, or, without a case, pages whose code was not read.

    `pages` are page numbers with how far each must be turned: [[3, 90], [4, 0]]. With a `document` they are attached;
    else `problem` says why not.
    """

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="parts")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40, blank=True)
    contents = models.CharField(max_length=16, blank=True)
    pages = models.JSONField()
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("整批掃描的一份")
        verbose_name_plural = _("整批掃描的各份")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.kind} {self.pages}"

    @property
    def numbers(self) -> list[int]:
        return [number for number, _turn in self.pages]

    @property
    def page_numbers(self) -> str:
        return "、".join(map(str, self.numbers))
