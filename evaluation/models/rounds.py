from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Organisation
from evaluation.enums import Dimension, Interest, RoundStatus
from miaoli_kaohsiung.accounts.county_field import CountyField
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import roc_date

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    CountedEntry = WithAnnotations["Entry", "Left"]


class Left(TypedDict):
    """What `Round.counted_entries` annotates."""

    judges: int
    submitted: int


# A judge of the association: somebody who was assigned and does not stay away.
COUNTED = ~Q(sheets__interest=Interest.CONFLICT)


class Round(models.Model):
    """A county's yearly evaluation of its associations (M5.4a). Days, cut-offs and how results are rounded are the
    county's: the plan names none.
    """

    county = CountyField(_("縣"))
    year = models.PositiveSmallIntegerField(_("年度（西元）"))
    status = models.CharField(_("狀態"), max_length=10, choices=RoundStatus, default=RoundStatus.SCORING)
    excellent_from = models.PositiveSmallIntegerField(_("績優型最低分"), default=80)
    potential_from = models.PositiveSmallIntegerField(_("潛力型最低分"), default=60)
    decimals = models.PositiveSmallIntegerField(_("結果取到小數幾位"), default=1)
    outlier_points = models.PositiveSmallIntegerField(_("和其他委員差幾分以上要討論"), default=15)
    self_until = models.DateField(_("自評截止"))
    visits_until = models.DateField(_("訪視截止"))
    closes_on = models.DateField(_("評分截止"))
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(_("結束評分日期"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(
                    self_until__gte=models.F("opened_on"),
                    visits_until__gte=models.F("self_until"),
                    closes_on__gte=models.F("visits_until"),
                ),
                name="round_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_county_display()} {self.year}"

    @property
    def roc_year(self) -> int:
        return roc_date.roc_year(self.year)

    def counted_entries(self) -> "models.QuerySet[CountedEntry]":
        """Return its entries, each with how many `judges` it has and how many of them have `submitted` their sheet."""
        submitted = Count("sheets", filter=COUNTED & Q(sheets__submitted_on__isnull=False))
        return Entry.objects.filter(round=self).annotate(judges=Count("sheets", filter=COUNTED), submitted=submitted)

    def unscored(self) -> "models.QuerySet[CountedEntry]":
        """Return the entries that hold up the end of scoring: nobody judges them or a sheet is missing, and nobody has
        said why.
        """
        return self.counted_entries().filter(Q(judges=0) | Q(submitted__lt=models.F("judges")), not_evaluated="")


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
    """An association's part in a round: the difficulties it names (M5.4c), its judges' sheets, and its result once
    published.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evaluation_entries")
    difficulties = models.TextField(_("困難與需要"), blank=True)
    themes = models.JSONField(_("困難的類別"), default=list, blank=True)
    # Of the self-assessment: goes on with every save, and its last day.
    own_edition = models.PositiveIntegerField(default=0)
    assessed_on = models.DateField(_("自評日期"), null=True, blank=True)
    not_evaluated = models.CharField(_("未受評原因"), max_length=200, blank=True)
    # What two people put in the place of the mean after it was talked over; the sheets stay as they are.
    moderated = models.DecimalField(_("討論後的總分"), max_digits=5, decimal_places=2, null=True, blank=True)
    moderation_reason = models.TextField(_("調整的理由"), blank=True)
    total = models.DecimalField(_("總分"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("年度評鑑")
        verbose_name_plural = _("年度評鑑")
        ordering = ["round", "organisation"]
        constraints = [models.UniqueConstraint(fields=["round", "organisation"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.organisation}"
