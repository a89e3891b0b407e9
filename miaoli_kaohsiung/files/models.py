"""Uploads that passed the gate. The bytes are in private storage; none of them has a public address."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One stored file: `sha256` and `size` (bytes) are those of the stored bytes, after photos were cleaned.

    Never changed: a corrected document is another file. `pages` is known for PDF, `width` and `height` (pixels) for
    pictures.
    """

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

    class Meta:
        verbose_name = _("檔案")
        verbose_name_plural = _("檔案")
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return self.name
