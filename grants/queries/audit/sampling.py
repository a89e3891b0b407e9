"""The frame of an auditor's sample: the cases of a county that were approved in a year, in layers; and who drew what."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from communities.enums import Tier
from grants.models import Application, AuditSample, Award
from grants.queries import scope
from grants.rules.sampling import draw, lowest
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib.money import format_amount


@dataclass(frozen=True)
class Plan:
    """What is drawn: `per` cases of each layer; amounts in whole NT dollars, `small` and `large` included in their bands."""

    county: str
    year: int
    by: str
    small: int
    large: int
    per: int
    seed: str


@dataclass(frozen=True)
class Framed:
    """A case of the frame as it is today; `place` sorts the layers."""

    number: str
    place: tuple[str, int]
    label: str
    requested: int
    approved: int


def counties_of(user: User) -> list[str]:
    """Return the counties that the user audits, in the order of the portal."""
    own = {post.county for post in posts_of(user) if post.role == Role.AUDITOR}
    return [slug for slug in counties.slugs() if slug in own]


def years_of(county: str) -> list[int]:
    """Return the years in which the county approved cases, the newest first."""
    days = (
        Award.objects.filter(county=county).order_by("-approved_on__year").values_list("approved_on__year", flat=True)
    )
    return list(days.distinct())


def samples_of(user: User) -> QuerySet[AuditSample]:
    """Return what was drawn in the user's counties by whomever, the newest first."""
    rows = AuditSample.objects.filter(county__in=counties_of(user))
    return rows.select_related("drawn_by").defer("frame").order_by("-pk")


def frame_of(plan: Plan) -> list[tuple[str, list[Framed]]]:
    """Return the layers with all their cases, by case number. It is the same for whoever asks, an interest or not."""
    rows = Award.objects.filter(county=plan.county, approved_on__year=plan.year)
    rows = rows.select_related("application__scheme", "application__programme", "application__organisation")
    layers: dict[str, list[Framed]] = defaultdict(list)
    for award in rows.order_by("number").defer("application__search", "application__organisation__search"):
        framed = _framed(award, plan)
        layers[framed.label].append(framed)
    return sorted(layers.items(), key=lambda pair: min(row.place for row in pair[1]))


def drawn_of(plan: Plan, rows: list[Framed]) -> list[tuple[str, int, int, int]]:
    """Return the cases of a layer that the seed draws: number, draw, requested, approved."""
    found = {row.number: row for row in rows}
    return [
        (number, draw(plan.seed, number), found[number].requested, found[number].approved)
        for number in lowest(plan.seed, found, plan.per)
    ]


def _framed(award: Award, plan: Plan) -> Framed:
    case = award.application
    if plan.by == AuditSample.By.TIER:
        tier = case.organisation.current_tier
        order = Tier.values.index(tier) if tier else len(Tier.values)
        place, label = ("", order), str(Tier(tier).label) if tier else _("沒有分級")
    else:
        name = case.scheme.name if plan.by == AuditSample.By.SCHEME else case.programme.name
        band, words = _band(award.total, plan)
        place, label = (name, band), f"{name}，{words}"
    return Framed(award.number, place, label, case.requested_total, award.total)


def _band(total: int, plan: Plan) -> tuple[int, str]:
    small, large = format_amount(plan.small), format_amount(plan.large)
    if total <= plan.small:
        return 0, _("%(small)s 元以下") % {"small": small}
    if total <= plan.large:
        return 1, _("超過 %(small)s 元到 %(large)s 元") % {"small": small, "large": large}
    return 2, _("超過 %(large)s 元") % {"large": large}


def cases_of(user: User, sample: AuditSample) -> dict[str, Application]:
    """Return the drawn cases by number; one in which the user has an interest is not among them."""
    numbers = [row[0] for stratum in sample.strata for row in stratum["drawn"]]
    rows = scope.cases(user).filter(number__in=numbers).select_related("organisation", "programme", "award__settlement")
    return {case.number: case for case in rows.defer("search", "organisation__search")}
