"""The +20 % of 參、二、3 and 三、3 that each month of a 結報 adds, by the law of the day it is accepted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from grants.compliance.judging import waived_clauses
from grants.compliance.rulesets import ruleset_for
from grants.enums import Verdict
from grants.models import Settlement, SettlementMonth
from grants.queries.settlements.surcharges import Part, admitted_of, approved_of, months_of, parts_of, rows_of
from grants.rules import payments
from grants.rules.findings import WARNING, Finding
from grants.rules.ruleset import RuleSet, load
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount, share_floor
from miaoli_kaohsiung.lib.roc_date import format_month


class Attendance(NamedTuple):
    """What the association says of a month; None is a blank. `cost` is in whole NT dollars."""

    attendees: int | None = None
    payers: int | None = None
    cost: int | None = None
    average: Decimal | None = None
    explanation: str = ""


# The figures of each month, as the trail keeps them.
Months = dict[str, list[int | str | None]]


@dataclass(frozen=True)
class Extra:
    """A month that was filled in, with the amount it adds."""

    part: Part
    row: SettlementMonth
    surcharge: payments.Surcharge

    @property
    def month(self) -> str:
        return format_month(self.row.month)


@dataclass(frozen=True)
class Shortfall:
    """A month in which fewer people came than 參、三、2 asks for. `memo` is a waiver of the clause for the case."""

    row: SettlementMonth
    found: Finding
    memo: str = ""

    @property
    def month(self) -> str:
        return format_month(self.row.month)

    @property
    def explainable(self) -> bool:
        """Whether an explanation helps: it does for a warning; if the county ruled 15 throughout, only a waiver does."""
        return self.found.severity == WARNING

    @property
    def settled(self) -> bool:
        return bool(self.memo) or (self.explainable and self.row.verdict == Verdict.ACCEPTED)

    @property
    def to_explain(self) -> bool:
        """Whether the association still has to write why, or to write it again."""
        return not self.memo and (not self.row.explanation.strip() or self.row.verdict == Verdict.REFUSED)


def extras(settlement: Settlement) -> list[Extra]:
    """Return each month with its figures and arithmetic; before finance has checked, from what the association says."""
    day = settlement.accepted_on or clock.today()
    ruleset = ruleset_for(settlement.award.application.scheme, day)
    return [
        Extra(part, row, _surcharge(settlement, part, row, ruleset, day))
        for part in parts_of(settlement)
        for row in rows_of(settlement, part)
        if row.cost is not None
    ]


def total(settlement: Settlement) -> int:
    """Return what all months add, in whole NT dollars."""
    return sum(extra.surcharge.extra for extra in extras(settlement))


def attendance(settlement: Settlement) -> tuple[Finding, ...]:
    """Return findings for the months in which fewer people came than 參、三、2 asks for."""
    day = settlement.accepted_on or clock.today()
    averages = {
        row.month: row.average
        for part in parts_of(settlement)
        if part.average
        for row in rows_of(settlement, part)
        if row.average is not None
    }
    if not averages:
        return ()
    return payments.attendance_findings(averages, ruleset_for(settlement.award.application.scheme, day), day)


def shortfalls(settlement: Settlement) -> list[Shortfall]:
    """Return each of these months with the association's explanation and the officer's answer."""
    found = {one.month: one for one in attendance(settlement)}
    if not found:
        return []
    case = settlement.award.application
    memo = waived_clauses(case).get(load(case.scheme.ruleset).cite("attendance"), "")
    rows = [row for part in parts_of(settlement) if part.average for row in rows_of(settlement, part)]
    return [Shortfall(row, found[row.month], memo) for row in rows if row.month in found]


def judge(user: User, settlement: Settlement, verdicts: Mapping[int, tuple[str, str]]) -> dict[str, str]:
    """Keep the officer's answers to the explanations: (verdict, note) by the row's id. Returns the new answers in words
    for the trail.
    """
    kept: dict[str, str] = {}
    for short in shortfalls(settlement):
        row, (verdict, note) = short.row, verdicts.get(short.row.pk, ("", ""))
        if not verdict or (row.verdict, row.verdict_note) == (verdict, note.strip()):
            continue
        if verdict == Verdict.ACCEPTED and not (short.explainable and row.explanation.strip()):
            raise Refused(_("%(month)s：沒有可以接受的說明，請退回補正。") % {"month": short.month})
        if verdict == Verdict.REFUSED and not note.strip():
            raise Refused(_("%(month)s：不接受說明時，請寫理由。") % {"month": short.month})
        row.verdict, row.verdict_note, row.verdict_by = verdict, note.strip(), user
        row.save(update_fields=["verdict", "verdict_note", "verdict_by"])
        kept[row.month] = "：".join(filter(None, (str(Verdict(verdict).label), row.verdict_note)))
    return kept


def write(settlement: Settlement, attendance: Mapping[tuple[str, str], Attendance]) -> tuple[Months, Months]:
    """Save the months and return before and after for the trail. A month outside the award's period is not written."""
    before: Months = {}
    after: Months = {}
    for part in parts_of(settlement):
        for row in rows_of(settlement, part):
            new = attendance.get((part.code, row.month))
            held = Attendance(row.attendees, row.payers, row.cost, row.average, row.explanation)
            if new is None or new == held:
                continue
            if new.payers is not None and new.payers > (new.attendees or 0):
                raise Refused(_("%(month)s：收費人數不能多於總人數。") % {"month": format_month(row.month)})
            row.attendees, row.payers, row.cost, row.average, row.explanation = new
            row.admitted = None
            if (new.average, new.explanation) != (held.average, held.explanation):
                row.verdict, row.verdict_note, row.verdict_by = Verdict.PENDING, "", None
            row.save()
            key = f"{part.code}_{row.month}"
            before[key], after[key] = _plain(held), _plain(new)
    return before, after


def admit(settlement: Settlement, admitted: Mapping[int, tuple[int, str]]) -> dict[str, int]:
    """Keep what finance admits of each month's cost: (amount, reason) by the row's id, together at most what it
    admitted of the part's lines. Returns the amounts for the trail.
    """
    amounts: dict[str, int] = {}
    for part in parts_of(settlement):
        rows = [row for row in rows_of(settlement, part) if row.cost is not None]
        for row in rows:
            amounts[f"{part.code}_{row.month}"] = _admit(row, row.cost or 0, admitted.get(row.pk))
        most, asked = admitted_of(settlement, part), sum(row.admitted or 0 for row in rows)
        if asked > most:
            words = {"part": part.label, "asked": format_amount(asked), "most": format_amount(most)}
            raise Refused(_("%(part)s：各月費用合計 %(asked)s 元，不能超過核銷金額 %(most)s 元。") % words)
    return amounts


def _admit(row: SettlementMonth, cost: int, admitted: tuple[int, str] | None) -> int:
    place = {"month": format_month(row.month)}
    if admitted is None or admitted[0] > cost:
        raise Refused(_("%(month)s：核定的費用不能超過單位填的當月費用。") % place)
    if admitted[0] < cost and not admitted[1].strip():
        raise Refused(_("%(month)s：費用和單位填的不同，請寫理由。") % place)
    row.admitted, row.reason = admitted[0], admitted[1].strip()
    row.save(update_fields=["admitted", "reason"])
    return row.admitted


def _surcharge(
    settlement: Settlement, part: Part, row: SettlementMonth, ruleset: RuleSet, day: dt.date
) -> payments.Surcharge:
    cost = row.cost if row.admitted is None else row.admitted
    assert cost is not None
    planned = share_floor(approved_of(settlement, part), 1, len(months_of(settlement.award)))
    return payments.surcharge(row.attendees or 0, row.payers or 0, cost, ruleset, day, planned)


def _plain(attendance: Attendance) -> list[int | str | None]:
    return [*attendance[:3], None if attendance.average is None else str(attendance.average), attendance.explanation]
