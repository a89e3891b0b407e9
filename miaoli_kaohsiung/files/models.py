"""Uploads that passed the gate. The bytes are in private storage; none of them has a public address."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One stored file: `sha256` and `size` (bytes) are those of the stored bytes, after photos were cleaned.

    Never changed: a corrected document is another file. Only `scan` says later what the scanner of viruses answered; it
    is empty while none is configured, and for what the portal itself made. `pages` is known for PDF, `width` and `height` (pixels) for
    pictures.
    """

    class Scan(models.TextChoices):
        NOT_ASKED = "", _("沒有掃毒")
        WAITING = "waiting", _("還在檢查有沒有病毒")
        CLEAN = "clean", _("沒有病毒")
        INFECTED = "infected", _("驗出病毒")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("檔名"), max_length=150)
    content_type = models.CharField(_("格式"), max_length=80)
    size = models.BigIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=120, unique=True)
    purpose = models.CharField(_("用途"), max_length=60, blank=True)
    pages = models.IntegerField(_("頁數"), null=True, blank=True)
    width = models.IntegerField(null=True, blank=True)
    height = models.IntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("上傳者")
    )
    uploaded_at = models.DateTimeField(_("上傳時間"))
    scan = models.CharField(_("掃毒"), max_length=8, choices=Scan, blank=True, default="", db_default="")
    scanned_at = models.DateTimeField(_("掃毒時間"), null=True, blank=True)

    class Meta:
        verbose_name = _("檔案")
        verbose_name_plural = _("檔案")
        ordering = ["uploaded_at", "id"]
        indexes = [models.Index(fields=["uploaded_at"], name="file_waits_for_scan", condition=models.Q(scan="waiting"))]

    def __str__(self) -> str:
        return self.name

    @property
    def closed_words(self) -> str:
        """Why nobody can open the file now, in a word or two; "" if it can be opened."""
        return str(self.Scan(self.scan).label) if self.scan in (self.Scan.WAITING, self.Scan.INFECTED) else ""
