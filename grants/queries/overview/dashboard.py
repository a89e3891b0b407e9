"""A county at a glance, year by year: associations by tier and township, duties done in time, evaluation by dimension, training
and volunteers, money. Each chart is one or two sums of the database, whatever the number of associations.
"""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Expression, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Cast, ExtractYear, Substr
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.enums import EnrolmentStatus, Tier, TierDecisionStatus
from communities.models import Enrolment, ServiceHours, TierDecision
from communities.queries import tier_years, township_map
from grants.duty_kinds import OWED
from grants.enums import BACK, LedgerKind
from grants.models import Duty, MoneySum
from grants.queries.duties import still_owed
from grants.queries.health import IN_TIME
from miaoli_kaohsiung.lib.charts import Chart, Row
from miaoli_kaohsiung.lib.prepared import Prepared
from miaoli_kaohsiung.lib.roc_date import roc_year

# So many years stand in a chart, the newest last.
YEARS = 6
TIERS = (Tier.EXCELLENT, Tier.POTENTIAL, Tier.BASIC)
# In which column of the money each kind of sum counts.
_PLACES: dict[str, int] = {
    MoneySum.Also.APPROVED: 0,
    LedgerKind.PAID: 1,
    **dict.fromkeys(BACK, 1),
    MoneySum.Also.ACCEPTED: 2,
}
DIMENSIONS = ("governance_score", "finance_score", "services_score")


def charts(county: str, today: dt.date) -> list[Chart]:
    """Return the county's charts, in the order of the page."""
    return [
        tiers_by_year(county),
        by_township(county),
        duties_in_time(county, today),
        evaluation(county),
        training(county),
        volunteering(county),
        money(county),
    ]


def _said(year: int) -> str:
    return _("%(year)d 年") % {"year": roc_year(year)}


def _link(name: str, **query: Any) -> str:
    return f"{reverse(name)}?{urlencode(query)}"


def _graded_in(year: int) -> str:
    return _link("communities:registry", tier_year=year)


def _by_year(found: dict[int, Any], url: Any, empty: tuple[Any, ...]) -> list[Row]:
    """Return the rows of the newest YEARS years, without holes between them."""
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - YEARS + 1)
    return [Row(_said(year), found.get(year, empty), url(year)) for year in range(first, last + 1)]


def _confirmed(county: Expression) -> QuerySet[TierDecision]:
    return TierDecision.objects.filter(status=TierDecisionStatus.CONFIRMED, organisation__county=county)


def _tiers(county: Expression) -> QuerySet[TierDecision, Any]:
    last = TierDecision.objects.filter(pk__in=tier_years.newest(_confirmed(county)).values("pk"))
    return last.order_by().values_list("year", "tier").annotate(n=Count("pk"))


def _duties(county: Expression, today: Expression) -> QuerySet[Duty, Any]:
    done = Q(done_on__isnull=False)
    own = still_owed(Duty.objects.filter(county=county, organisation__isnull=False, key__in=OWED))
    rows = own.filter(done | Q(due_on__lt=today)).order_by()
    return rows.values_list(Cast(Substr("period", 1, 4), IntegerField())).annotate(
        good=Count("pk", filter=IN_TIME), late=Count("pk", filter=done & ~IN_TIME), undone=Count("pk", filter=~done)
    )


def _means(county: Expression) -> QuerySet[TierDecision, Any]:
    rows = _confirmed(county).exclude(governance_score=None).order_by().values_list("year")
    return rows.annotate(*(Avg(name) for name in DIMENSIONS))


def _courses(county: Expression) -> QuerySet[Enrolment, Any]:
    was = Enrolment.objects.filter(person__organisation__county=county, status=EnrolmentStatus.ATTENDED).order_by()
    return was.values_list(ExtractYear("course__day")).annotate(hours=Sum("course__hours"))


def _served(county: Expression) -> QuerySet[ServiceHours, Any]:
    served = ServiceHours.objects.filter(volunteer__team__organisation__county=county).order_by()
    return served.values_list(ExtractYear("day")).annotate(hours=Sum("hours"))


def _sums(county: Expression) -> QuerySet[MoneySum, Any]:
    sums = MoneySum.objects.filter(envelope__scheme__county=county, kind__in=_PLACES).order_by()
    return sums.values_list("kind", ExtractYear("period")).annotate(sum=Sum("amount"))


# What each chart adds up of a county.
_TIERS, _DUTIES, _MEANS = Prepared(_tiers), Prepared(_duties), Prepared(_means)
_COURSES, _SERVED, _SUMS = Prepared(_courses), Prepared(_served), Prepared(_sums)


def tiers_by_year(county: str) -> Chart:
    """Count the associations of each tier by year, each once: the registry, to which this leads, shows as many."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for year, tier, number in _TIERS(county=county):
        counts[year][TIERS.index(Tier(tier))] += number
    return Chart(
        "tiers",
        _("各年度分級"),
        _("年度"),
        [str(tier.label) for tier in TIERS],
        _by_year(counts, _graded_in, (0, 0, 0)),
        _("協會數"),
        _("同一年改過分級的協會，算最後的分級。"),
    )


def by_township(county: str) -> Chart:
    """Count the bodies of the directory by township and tier of today."""
    (found,) = township_map.maps([county])
    rows = [
        Row(
            tile.name,
            (tile.excellent, tile.potential, tile.basic, tile.ungraded),
            _link("communities:registry", township=tile.code),
        )
        for tile in found.tiles
    ]
    heads = [*(str(tier.label) for tier in TIERS), _("沒有分級")]
    kinds = found.kinds
    return Chart("townships", _("各%(kinds)s的單位") % {"kinds": kinds}, kinds, heads, rows, _("單位數"))


def duties_in_time(county: str, today: dt.date) -> Chart:
    """Count the duties of associations that were due by today: done in time, late, not done."""
    counts = {year: tuple(numbers) for year, *numbers in _DUTIES(county=county, today=today)}
    heads = [_("準時"), _("逾期"), _("還沒辦")]
    note = _("會員大會、理監事會議、改選、財務報表等，辦了的和期限已過的；照辦理的日期算，和「會務健康」相同。")
    shown = _by_year(counts, lambda year: _link("grants:health_list", year=year), (0, 0, 0))
    return Chart("duties", _("應辦事項準時率"), _("年度"), heads, shown, _("件"), note)


def evaluation(county: str) -> Chart:
    """Return the mean points of each year's evaluation by dimension."""
    means = _MEANS(county=county)
    counts = {year: tuple(round(value or Decimal(0), 1) for value in values) for year, *values in means}
    heads = [_("會務"), _("財務"), _("業務")]
    shown = _by_year(counts, _graded_in, (0, 0, 0))
    return Chart("evaluation", _("評鑑平均分數"), _("年度"), heads, shown, _("分"), side=True)


def training(county: str) -> Chart:
    """Add up hours of courses of the county's associations, by year."""
    counts = {year: (hours,) for year, hours in _COURSES(county=county)}
    shown = _by_year(counts, lambda year: _link("communities:training-hours", year=year), (0,))
    return Chart("training", _("培力課程時數"), _("年度"), [_("時數")], shown, _("小時"))


def volunteering(county: str) -> Chart:
    """Add up the hours of the county's volunteers, by year."""
    counts = {year: (hours,) for year, hours in _SERVED(county=county)}
    shown = _by_year(counts, lambda year: _link("communities:volunteer-totals", year=year), (0,))
    return Chart("volunteers", _("志願服務時數"), _("年度"), [_("時數")], shown, _("小時"))


def money(county: str) -> Chart:
    """Return what was approved, paid less returned, and settled in each year."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for kind, year, amount in _SUMS(county=county):
        found[year][_PLACES[kind]] += -amount if kind in BACK else amount
    shown = _by_year(found, lambda year: _link("grants:money_overview", year=roc_year(year)), (0, 0, 0))
    heads = [_("核定"), _("撥付減繳回"), _("准予核銷")]
    return Chart("money", _("補助經費"), _("年度"), heads, shown, _("元"), side=True)
