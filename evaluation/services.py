"""Writes of an evaluation."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.enums import OrganisationKind, OrganisationStatus, Tier, TierBasis
from communities.models import Organisation
from communities.services.merging.parts import Part, register
from communities.services.tiers import record_tier
from grants.services.duties import records
from miaoli_kaohsiung.accounts.audiences import SCORERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.notices.services import notify

from . import actions, permissions, queries, workflow
from .defaults import INDICATORS
from .enums import Dimension
from .models import Entry, Indicator, Round, Score


class RoundError(access.Refused):
    """A round that cannot be opened."""


def open_round(
    user: User,
    county: str,
    year: int,
    *,
    excellent_from: int,
    potential_from: int,
    indicators: Iterable[tuple[str, Any, int]] = INDICATORS,
) -> Round:
    """Open the county's evaluation of `year` (AD) for all its active associations.

    `indicators` are (dimension, name, points), together 100 points with some for each dimension.
    """
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=county)):
        round_, made = Round.objects.get_or_create(
            county=county,
            year=year,
            defaults={
                "excellent_from": excellent_from,
                "potential_from": potential_from,
                "opened_by": user,
                "opened_on": clock.today(),
            },
        )
        if not made:
            raise RoundError(_("這個年度的評鑑已經開辦了。"))
        Indicator.objects.bulk_create(
            Indicator(round=round_, dimension=dimension, name=str(name), points=points, position=position)
            for position, (dimension, name, points) in enumerate(indicators, start=1)
        )
        associations = Organisation.objects.filter(
            county=county, kind=OrganisationKind.COMMUNITY_ASSOCIATION, status=OrganisationStatus.ACTIVE
        )
        Entry.objects.bulk_create(Entry(round=round_, organisation=association) for association in associations)
        after = trail.snapshot(round_, "county", "year", "excellent_from", "potential_from")
        after["indicators"] = list(round_.indicators.order_by("position").values_list("dimension", "name", "points"))
        trail.record(actions.OPEN, round_, after=after)
    return round_


def score(user: User, entry: Entry, points: Mapping[int, int | None], *, comment: str, not_evaluated: str) -> None:
    """Keep points by indicator; None removes a score, so that scoring may stop anywhere. Raises access.Refused."""
    with trail.unit_of_work(actor(user, SCORERS, county=entry.round.county)):
        entry = _locked(entry)
        access.require(permissions.may_score(user, entry))
        before = _shown(entry)
        entry.comment, entry.not_evaluated = comment, not_evaluated
        entry.save(update_fields=["comment", "not_evaluated"])
        for indicator, given in points.items():
            if given is None:
                Score.objects.filter(entry=entry, indicator_id=indicator).delete()
            else:
                values = {"points": given, "by": user}
                Score.objects.update_or_create(entry=entry, indicator_id=indicator, defaults=values)
        old, new = trail.changes(before, _shown(entry))
        if old or new:
            trail.record(actions.SCORE, entry, before=old, after=new)


def tell_difficulties(user: User, entry: Entry, text: str) -> None:
    """Keep what the association names as its difficulties (M5.4c). Raises access.Refused."""
    with trail.unit_of_work(actor(user, Role.MEMBER, organisation_id=entry.organisation_id)):
        entry = _locked(entry)
        access.require(permissions.may_tell_difficulties(user, entry))
        entry.difficulties = text
        entry.save(update_fields=["difficulties"])
        trail.record(actions.DIFFICULTIES, entry, after={"difficulties": text})


def publish(user: User, round_: Round) -> Round:
    """Fix the totals, propose the tiers in the opener's name, notify the associations. Raises access.Refused, TierError."""
    with trail.unit_of_work(actor(user, Role.APPROVER, county=round_.county)):
        round_ = workflow.publish(round_.pk, user)
        for entry in queries.entries(round_).filter(not_evaluated=""):
            entry.total = entry.points
            entry.save(update_fields=["total"])
            _propose(round_, entry)
            _notify(round_, entry)
        evaluated = round_.entries.filter(not_evaluated="").count()
        records.note_evaluation(user, round_.county, round_.year, evaluated)
    return round_


def tier_of(round_: Round, total: int) -> Tier:
    """Return the tier by the round's cut-offs; each includes its own number."""
    if total >= round_.excellent_from:
        return Tier.EXCELLENT
    return Tier.POTENTIAL if total >= round_.potential_from else Tier.BASIC


def _locked(entry: Entry) -> Entry:
    """Return the locked entry. Its round is locked first, as publishing does, so that no points come after the total."""
    Round.objects.select_for_update().get(pk=entry.round_id)
    return Entry.objects.select_for_update(of=("self",)).select_related("round", "organisation").get(pk=entry.pk)


def _propose(round_: Round, entry: Entry) -> None:
    points, total = queries.by_dimension(entry), entry.total or 0
    governance, finance, services = (points[dimension.value] for dimension in Dimension)
    reason = _("%(year)d年度評鑑總分%(total)d分（會務%(governance)d、財務%(finance)d、業務%(services)d）。") % {
        "year": round_.roc_year,
        "total": total,
        "governance": governance,
        "finance": finance,
        "services": services,
    }
    record_tier(
        round_.opened_by,
        entry.organisation,
        year=round_.year,
        tier=tier_of(round_, total),
        basis=TierBasis.EVALUATION,
        reason=reason,
        what_would_lift=_lift(round_, total),
        scores=(governance, finance, services),
    )


def _lift(round_: Round, total: int) -> str:
    above = {
        Tier.BASIC: (Tier.POTENTIAL, round_.potential_from),
        Tier.POTENTIAL: (Tier.EXCELLENT, round_.excellent_from),
    }
    if (tier := tier_of(round_, total)) not in above:
        return ""
    name, needed = above[tier]
    return _("總分再增加%(points)d分，可以列為%(tier)s。") % {"points": needed - total, "tier": name.label}


def _notify(round_: Round, entry: Entry) -> None:
    subject = _("%(year)d年度評鑑結果已經公布") % {"year": round_.roc_year}
    body = _("%(name)s的總分是%(total)d分。分級要等主管確認後才生效。") % {
        "name": entry.organisation.name,
        "total": entry.total,
    }
    url = reverse("evaluation:entry", args=[entry.pk])
    for member in holders_of(Role.MEMBER, organisation_id=entry.organisation_id):
        notify(member, "evaluation.published", f"entry:{entry.pk}", clock.today(), subject, body, url)


def _shown(entry: Entry) -> dict[str, object]:
    """Return comment and points as the trail keeps them."""
    points = Score.objects.filter(entry=entry).values_list("indicator__name", "points")
    return {"comment": entry.comment, "not_evaluated": entry.not_evaluated, **dict(points)}


def _both_evaluated(kept: Organisation, merged: Organisation) -> list[str]:
    """Return why two records cannot become one: in a round a body has one result."""
    rounds = Round.objects.filter(entries__organisation=kept).filter(pk__in=merged.evaluation_entries.values("round"))
    words = _("兩筆都在%(year)d年度的評鑑裡，同一個單位只能有一個結果，不能合併。")
    return [words % {"year": one.roc_year} for one in rounds]


MERGING = register(Part("evaluation.entry", _both_evaluated))
