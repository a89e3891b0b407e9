from django.db import models
from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User


class AuditSample(models.Model):
    """Cases that an auditor drew to look at. Never changed: drawing again makes another row, which everybody sees.

    A case is of the year in which it was approved. `strata` is a list of {label, size, drawn}, where `drawn` has (case
    number, its draw, requested, approved) as they were that day; `frame` is the list of all case numbers of each of them.
    `turn` counts the draws of this county and year.
    """

    class By(models.TextChoices):
        PROGRAMME = "programme", _("補助類別和金額")
        SCHEME = "scheme", _("補助方案和金額")
        TIER = "tier", _("協會的分級")

    county = CountyField()
    year = models.PositiveSmallIntegerField(_("核定年度"))
    turn = models.PositiveSmallIntegerField(_("第幾次抽樣"))
    by = models.CharField(_("分層"), max_length=10, choices=By)
    small = models.BigIntegerField(_("小額到（元）"))
    large = models.BigIntegerField(_("中額到（元）"))
    per = models.PositiveSmallIntegerField(_("每層抽幾件"))
    seed = models.CharField(_("種子"), max_length=60)
    strata = models.JSONField(_("各層和抽中的案件"))
    frame = models.JSONField(_("全部案件"))
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("抽樣的人"))
    drawn_on = models.DateField(_("抽樣日期"))
    drawn_at = models.DateTimeField(_("抽樣時間"))

    class Meta:
        verbose_name = _("稽核抽樣")
        verbose_name_plural = _("稽核抽樣")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "turn"], name="audit_sample_turn_once"),
            models.CheckConstraint(condition=models.Q(large__gt=models.F("small")), name="audit_sample_bands_rise"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.year} {self.turn}"

    @property
    def size(self) -> int:
        """How many cases it was drawn from."""
        return sum(stratum["size"] for stratum in self.strata)

    @property
    def count(self) -> int:
        """How many cases were drawn."""
        return sum(len(stratum["drawn"]) for stratum in self.strata)
