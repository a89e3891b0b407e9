"""Writes of a round: opening, its days, why an association is not judged, what associations tell."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from communities.models import Organisation
from communities.services.merging.parts import Part, register
from evaluation import actions, permissions
from evaluation.defaults import INDICATORS
from evaluation.models import Entry, Indicator, Round
from evaluation.queries.rounds import registered_later
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.roc_date import format_roc


class RoundError(access.Refused):
    """A round that cannot be opened."""


@dataclass(frozen=True)
class Days:
    """The last days of a round: of the self-assessments, of the visits, of scoring."""

    self_until: dt.date
    visits_until: dt.date
    closes_on: dt.date


@dataclass(frozen=True)
class Terms:
    """What a county decides about a round: its days, cut-offs, and to how many decimals results are rounded."""

    days: Days
    excellent_from: int = 80
    potential_from: int = 60
    decimals: int = 1
    outlier_points: int = 15


COLUMNS = ("self_until", "visits_until", "closes_on")


def open_round(
    user: User,
    county: str,
    year: int,
    terms: Terms,
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
                "excellent_from": terms.excellent_from,
                "potential_from": terms.potential_from,
                "decimals": terms.decimals,
                "outlier_points": terms.outlier_points,
                **{name: getattr(terms.days, name) for name in COLUMNS},
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
        Entry.objects.bulk_create(
            Entry(round=round_, organisation=one, not_evaluated=_founded_after(round_, one))
            for one in registered_later(round_)
        )
        after = trail.snapshot(round_, "county", "year", "excellent_from", "potential_from", "decimals", *COLUMNS)
        after["indicators"] = list(round_.indicators.order_by("position").values_list("dimension", "name", "points"))
        trail.record(actions.OPEN, round_, after=after)
    return round_


def _founded_after(round_: Round, organisation: Organisation) -> str:
    """Return why an association is not judged that did not exist in the year of the round; "" for the others."""
    day = organisation.registered_on
    return _("%(day)s才立案") % {"day": format_roc(day)} if day and day.year > round_.year else ""


def set_days(user: User, round_: Round, days: Days) -> Round:
    """Change the last days of an open round. Raises access.Refused."""
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=round_.county)):
        round_ = Round.objects.select_for_update().get(pk=round_.pk)
        access.require(permissions.may_arrange(user, round_))
        before = trail.snapshot(round_, *COLUMNS)
        for name in COLUMNS:
            setattr(round_, name, getattr(days, name))
        old, new = trail.changes(before, trail.snapshot(round_, *COLUMNS))
        if new:
            round_.save(update_fields=COLUMNS)
            trail.record(actions.DAYS, round_, before=old, after=new)
    return round_


def excuse(user: User, entry: Entry, reason: str) -> None:
    """Keep why an association is not judged, or take that back with an empty reason. Raises access.Refused."""
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=entry.round.county)):
        entry = locked(entry)
        access.require(permissions.may_arrange(user, entry.round))
        excuse_as(entry, reason)


def excuse_as(entry: Entry, reason: str) -> None:
    """Keep the reason, within the caller's unit of work."""
    before, entry.not_evaluated = entry.not_evaluated, reason
    if before != reason:
        entry.save(update_fields=["not_evaluated"])
        trail.record(actions.EXCUSE, entry, before={"not_evaluated": before}, after={"not_evaluated": reason})


def add_entry(user: User, round_: Round, organisation: Organisation) -> Entry:
    """Take in an association that was registered after the round had been opened. Raises access.Refused."""
    with trail.unit_of_work(actor(user, Role.CASE_OFFICER, county=round_.county)):
        round_ = Round.objects.select_for_update().get(pk=round_.pk)
        access.require(permissions.may_arrange(user, round_))
        if not registered_later(round_).filter(pk=organisation.pk).exists():
            raise access.Refused(_("這個單位已經在這一輪，或不是本縣正常運作的社區發展協會。"))
        entry = Entry.objects.create(round=round_, organisation=organisation)
        trail.record(actions.ADD, entry, after={"organisation": organisation.name})
    return entry


def tell_difficulties(user: User, entry: Entry, text: str, themes: Sequence[str] = ()) -> None:
    """Keep what the association names as its difficulties, and what they are about (M5.4c). Raises access.Refused."""
    with trail.unit_of_work(actor(user, Role.MEMBER, organisation_id=entry.organisation_id)):
        entry = locked(entry)
        access.require(permissions.may_tell_difficulties(user, entry))
        entry.difficulties, entry.themes = text, list(themes)
        entry.save(update_fields=["difficulties", "themes"])
        trail.record(actions.DIFFICULTIES, entry, after={"difficulties": text, "themes": entry.themes})


def locked(entry: Entry) -> Entry:
    """Return the locked entry. Its round is locked first, as closing does, so that nothing comes after the result."""
    Round.objects.select_for_update().get(pk=entry.round_id)
    return Entry.objects.select_for_update(of=("self",)).select_related("round", "organisation").get(pk=entry.pk)


def _both_evaluated(kept: Organisation, merged: Organisation) -> list[str]:
    """Return why two records cannot become one: in a round a body has one result."""
    rounds = Round.objects.filter(entries__organisation=kept).filter(pk__in=merged.evaluation_entries.values("round"))
    words = _("兩筆都在%(year)d年度的評鑑裡，同一個單位只能有一個結果，不能合併。")
    return [words % {"year": one.roc_year} for one in rounds]


MERGING = register(Part("evaluation.entry", _both_evaluated))
