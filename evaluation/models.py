from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import Count, Q, Value
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import roc_date

from .enums import Dimension, RoundStatus

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedEntry = WithAnnotations["Entry", "Left"]


class Left(TypedDict):
    """What `Round.counted_entries` annotates."""

    left: int


class Round(models.Model):
    """A county's yearly evaluation of its associations (M5.4a). The cut-offs are the county's: the plan names none."""

    county = CountyField(_("縣"))
    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    status = models.CharField(_("狀態"), max_length=10, choices=RoundStatus, default=RoundStatus.SCORING)
    excellent_from = models.PositiveSmallIntegerField(_("績優型最低分"), default=80)
    potential_from = models.PositiveSmallIntegerField(_("潛力型最低分"), default=60)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_on = models.DateField(_("公布日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("評鑑")
        verbose_name_plural = _("評鑑")
        ordering = ["-year", "county"]
        constraints = [
            models.UniqueConstraint(fields=["county", "year"], name="round_once_a_year"),
            models.CheckConstraint(
                condition=Q(excellent_from__gt=models.F("potential_from")) & Q(excellent_from__lte=100),
                name="round_cut_offs_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_county_display()} {self.year}"

    @property
    def roc_year(self) -> int:
        return roc_date.roc_year(self.year)

    def counted_entries(self) -> "models.QuerySet[CountedEntry]":
        """Return its entries, each with how many indicators are `left` to score."""
        indicators = Indicator.objects.filter(round=self).count()
        return Entry.objects.filter(round=self).annotate(left=Value(indicators) - Count("scores"))

    def unscored(self) -> "models.QuerySet[CountedEntry]":
        """Return the entries that hold up publication: points are missing and nobody has said why."""
        return self.counted_entries().filter(left__gt=0, not_evaluated="")


class Indicator(models.Model):
    """One indicator and the points it carries; the points of a round add up to 100 (default 會務 20, 財務 20, 業務 60)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="indicators")
    dimension = models.CharField(_("面向"), max_length=12, choices=Dimension)
    name = models.CharField(_("指標"), max_length=60)
    points = models.PositiveSmallIntegerField(_("配分"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["round", "position"]
        constraints = [models.CheckConstraint(condition=Q(points__gt=0), name="indicator_has_points")]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """An association's part in a round: its own account, the difficulties it names (M5.4c), and its result once
    published.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evaluation_entries")
    difficulties = models.TextField(_("困難與需要"), blank=True)
    comment = models.TextField(_("評語"), blank=True)
    not_evaluated = models.CharField(_("未受評原因"), max_length=200, blank=True)
    total = models.PositiveSmallIntegerField(_("總分"), null=True, blank=True)

    class Meta:
        verbose_name = _("年度評鑑")
        verbose_name_plural = _("年度評鑑")
        ordering = ["round", "organisation"]
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.organisation}"


class Score(models.Model):
    """The points that one scorer gave an association for one indicator."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField(_("得分"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry", "indicator__position"]
        constraints = [models.UniqueConstraint(fields=["entry", "indicator"], name="entry_score_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.indicator_id} {self.points}"
