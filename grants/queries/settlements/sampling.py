"""A county's rule of sampling, and what it says of a settlement. The rows are the confirmed changes (kind NAME)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grants.models import Settlement
from grants.queries.settlements.vouchers import rows_of
from grants.rules.sampling import NUMBERS, draw, is_drawn
from miaoli_kaohsiung.changes.queries import in_force
from miaoli_kaohsiung.lib.money import format_amount

NAME = "county.sampling"


@dataclass(frozen=True)
class SamplingRule:
    """`percent` of the cases up to `up_to` (whole NT dollars, included) are looked at whole; `seed` is published."""

    percent: int
    up_to: int
    seed: str
    starts_on: dt.date | None = None


@dataclass(frozen=True)
class Sampled:
    """What the rule says of a settlement: whether each voucher is looked at, and why, in words."""

    rule: SamplingRule
    whole: bool
    words: str


def rule_of(county: str, on: dt.date) -> SamplingRule | None:
    """Return what holds in the county on the day; None: everything is looked at."""
    row = in_force(NAME, county, on)
    return made_of(row.data, row.starts_on) if row else None


def made_of(data: dict[str, Any], starts_on: dt.date | None = None) -> SamplingRule | None:
    return SamplingRule(data["percent"], data["up_to"], data["seed"], starts_on) if data else None


def sampled(settlement: Settlement) -> Sampled | None:
    """Return what the rule of the day on which it was sent says; None if there was none, if it was not sent yet, or if
    there is no voucher to look at.
    """
    if settlement.submitted_on is None or not rows_of(settlement):
        return None
    if (rule := rule_of(settlement.award.county, settlement.submitted_on)) is None:
        return None
    if why := _risk(settlement, rule):
        return Sampled(rule, True, _("逐張核對：%(why)s") % {"why": why})
    params = {"number": draw(rule.seed, settlement.number), "most": rule.percent * NUMBERS // 100}
    if is_drawn(rule.seed, settlement.number, rule.percent):
        return Sampled(rule, True, _("抽中，逐張核對（抽籤號 %(number)d，小於 %(most)d）") % params)
    return Sampled(rule, False, _("沒有抽中（抽籤號 %(number)d，不小於 %(most)d），可以一次核完單據") % params)


def _risk(settlement: Settlement, rule: SamplingRule) -> str:
    """Return why the case is not one of low risk, "" if it is."""
    if settlement.award.total > rule.up_to:
        return _("核定超過 %(most)s 元") % {"most": format_amount(rule.up_to)}
    if settlement.late:
        return _("逾期結報")
    rows = rows_of(settlement)
    if any(row.same_reason for row in rows):
        return _("有和別張相同的單據")
    return _("有單據沒有照片") if any(not row.photo_id for row in rows) else ""
