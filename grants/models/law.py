from django.db import models
from django.utils.translation import gettext_lazy as _


class LawText(models.Model):
    """The law files by which a case was judged, kept so that its evaluation can be made again. Never changed.

    `sha256` is RuleSet.text_sha256, which the kept texts must reproduce; `files` is file name → text.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    slug = models.CharField(_("規則集"), max_length=30)
    files = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("法規條文檔")
        verbose_name_plural = _("法規條文檔")
        ordering = ["slug", "kept_at"]

    def __str__(self) -> str:
        return f"{self.slug} {self.sha256[:12]}"
