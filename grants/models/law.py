from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.rules.laws import Version, file_law, name_in
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.changes.models import Change


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


class FiledLaw(models.Model):
    """A version of a law that a county filed as data: its files as two people confirmed them. Never changed.

    `files` is file name → text (`law.toml`, …). The version holds from `starts_on` on, of one day the one filed last.
    """

    slug = models.CharField(_("規則集"), max_length=30)
    county = CountyField(_("縣"))
    starts_on = models.DateField(_("適用起日"))
    files = models.JSONField()
    change = models.OneToOneField(Change, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("以資料建檔的法規")
        verbose_name_plural = _("以資料建檔的法規")
        ordering = ["slug", "starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.slug} {self.starts_on}"


# slug → the newest row that this process has read.
_read: dict[str, int] = {}


def read_filed_laws() -> None:
    """Make every law that counties have filed known to the rules of this process."""
    found: dict[str, list[FiledLaw]] = {}
    for row in FiledLaw.objects.all():
        found.setdefault(row.slug, []).append(row)
    for slug, rows in found.items():
        _read[slug] = max(row.pk for row in rows)
        versions = [
            Version(row.starts_on, {name_in(slug, name): text for name, text in row.files.items()}) for row in rows
        ]
        file_law(slug, tuple(versions))


def newest_version(slug: str) -> int:
    """Return which row of a law is the newest, 0 if nobody filed it as data."""
    newest: int | None = FiledLaw.objects.filter(slug=slug).aggregate(newest=models.Max("pk"))["newest"]
    return newest or 0


def require_version(slug: str, newest: int) -> None:
    """Read the filed laws if this process has another version as its newest; else no query."""
    if newest and _read.get(slug) != newest:
        read_filed_laws()
