"""What the law says of the people of a 印領清冊. Each row is judged as a line of a budget with one person and one month, so
rates, hours and the monthly wage are those of the rules; what a person was paid elsewhere is read from all rosters.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grants.compliance.facts import facts_for
from grants.compliance.judging import waived_clauses
from grants.compliance.rulesets import ruleset_for
from grants.enums import EvaluationStage
from grants.models import BudgetLine, RosterRow, SettlementLine
from grants.queries.law.pages import label_of
from grants.rules import engine, rosters, withholding
from grants.rules.facts import Elsewhere, PersonMonth
from grants.rules.findings import DAYS, HOURS, INFO, TWD, Finding
from grants.rules.names import folded
from grants.rules.rosters import PaidPerson
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib import clock, sealed
from miaoli_kaohsiung.lib.fields import format_quantity
from miaoli_kaohsiung.lib.roc_date import format_month, format_roc

# Of the clauses that judge a line of a budget, those about what one person is paid. Shares of the whole budget and
# answers that a roster does not ask for are judged elsewhere.
_RATES = "rate cap"
_WAGE = "statutory.basic_wage.monthly"
_OF_A_PERSON = ("limit", "namesake", "held")


@dataclass(frozen=True)
class RowFinding:
    """What stands beside a cell of a row. `most` is what the row may come to, None if the finding says nothing of money;
    one that is `certain` is a limit, any other asks for a word.
    """

    place: int
    cell: str
    message: str
    clause: str
    arithmetic: str = ""
    most: int | None = None
    certain: bool = True


def row_findings(
    line: SettlementLine,
    rows: Sequence[PaidPerson],
    paid_on: dt.date,
    *,
    apart_from: int | None = None,
    beyond: bool = False,
) -> list[RowFinding]:
    """Return the findings by row. `apart_from` is the roster itself if it is kept already. `beyond` is for the county:
    then a namesake on a roster of another body is named too.
    """
    settlement = line.settlement
    case, day, names = settlement.award.application, clock.today(), rosters.labelled(rows)
    law = ruleset_for(case.scheme, day)
    as_lines = [_as_line(line, row, name, place) for place, (row, name) in enumerate(zip(rows, names, strict=True))]
    facts = facts_for(case, stage=EvaluationStage.SETTLEMENT, on=day, lines=as_lines)
    elsewhere = _elsewhere(line, rows, names, apart_from, beyond=beyond)
    evaluation = engine.evaluate(
        replace(facts, elsewhere=Elsewhere(tuple(elsewhere))), law, trace=True, waived=waived_clauses(case)
    )
    found = [one for finding in evaluation.findings if _of_a_person(finding, law) for one in _placed(finding, law)]
    found += _long_days(line, rows, paid_on, {one.place for one in found if one.cell == "hours"})
    found += _in_advance(line, rows, paid_on)
    return sorted(found, key=lambda one: (one.place, not one.certain))


def kept_findings(line: SettlementLine, voucher: int, *, beyond: bool) -> list[RowFinding]:
    """Return the findings on a roster as it is kept."""
    rows = list(RosterRow.objects.filter(voucher=voucher).select_related("voucher"))
    if not rows:
        return []
    people = [person_of(row) for row in rows]
    return row_findings(line, people, rows[0].voucher.issued_on, apart_from=voucher, beyond=beyond)


def person_of(row: RosterRow) -> PaidPerson:
    return PaidPerson(row.name, row.month, row.count, row.rate, row.hours, row.national_id)


def admissible(pays: Sequence[int], found: Sequence[RowFinding]) -> int:
    """Return how much of these rows the certain limits leave, in whole NT dollars."""
    left = dict(enumerate(pays))
    for one in found:
        if one.certain and one.most is not None:
            left[one.place] = min(left[one.place], one.most)
    return sum(left.values())


def _as_line(line: SettlementLine, row: PaidPerson, name: str, place: int) -> BudgetLine:
    budgeted = line.line.line
    item = line.line.item
    return BudgetLine(
        pk=place,
        item=item,
        description=line.line.description,
        quantities=rosters.quantities_of(item, row, budgeted.quantities),
        unit_price=row.rate,
        requested=rosters.pay_of(item, row),
        person=name,
        month=row.month,
        employment=budgeted.employment,
    )


def _of_a_person(found: Finding, law: RuleSet) -> bool:
    known = law.clauses.get(found.clause)
    about_pay = known is not None and known.kind.startswith(_RATES)
    return found.severity != INFO and found.kind in _OF_A_PERSON and (about_pay or found.unit in (HOURS, DAYS))


def _placed(found: Finding, law: RuleSet) -> Iterator[RowFinding]:
    """Yield the finding beside the cell that it is about, once for each row."""
    cell = "month" if _WAGE in found.parameters else {HOURS: "hours", DAYS: "count"}.get(found.unit or "", "rate")
    for place in sorted({int(key) for key in (*found.lines, found.line) if key is not None}):
        most = int(found.suggested) if found.unit == TWD and found.suggested is not None else None
        label = label_of(found.clause, law)
        yield RowFinding(place, cell, found.message, label, found.arithmetic, most, found.blocks)


def _long_days(line: SettlementLine, rows: Sequence[PaidPerson], on: dt.date, said: set[int]) -> Iterator[RowFinding]:
    """Yield a question for days longer than the act on labour allows, where no clause of the scheme has said so."""
    hours = withholding.hours_on(on)
    if hours.most is None or not rosters.shape_of(line.line.item).by_hour:
        return
    for place, row in enumerate(rows):
        over = (row.hours or Decimal(0)) - hours.most
        if over > 0 and place not in said:
            params = {"title": hours.title, "most": hours.most}
            message = _("%(title)s最多 %(most)d 小時；超過的請說明。") % params
            sums = f"{format_quantity(row.hours or Decimal(0))} − {hours.most} = {format_quantity(over)} 小時"
            yield RowFinding(place, "hours", message, hours.source, sums, certain=False)


def _in_advance(line: SettlementLine, rows: Sequence[PaidPerson], paid_on: dt.date) -> Iterator[RowFinding]:
    """Yield a question for work of a month that had not begun when it was paid; rent is paid in advance."""
    if rosters.shape_of(line.line.item).counted == rosters.MONTHS:
        return
    for place, row in enumerate(rows):
        if row.month > f"{paid_on:%Y-%m}":
            params = {"month": format_month(row.month), "day": format_roc(paid_on)}
            message = _("付款日期%(day)s的時候，%(month)s還沒有到；先付的請說明。") % params
            yield RowFinding(place, "month", message, "", certain=False)


def _elsewhere(
    line: SettlementLine, rows: Sequence[PaidPerson], names: Sequence[str], apart_from: int | None, *, beyond: bool
) -> Iterator[PersonMonth]:
    """Yield what these people were paid in these months by other rosters of the portal. The same number is the same
    person, whoever paid; the same name is, within the body; of another body's it is for the county to find out.
    """
    body = line.settlement.award.application.organisation_id
    for paid in _paid_elsewhere(rows, apart_from):
        case = paid.voucher.settlement.award.application
        for row, name in dict(zip([row.key for row in rows], zip(rows, names, strict=True), strict=True)).values():
            certain = bool(row.national_id) and row.national_id == paid.national_id
            namesake = folded(row.name) == paid.folded and not (row.national_id and paid.national_id)
            own = certain or (namesake and case.organisation_id == body)
            if own or (namesake and beyond):
                number = "" if own else (case.number or "")
                yield PersonMonth(name, paid.month, paid.pay, paid.voucher.line.line.item, case=number)


def _paid_elsewhere(rows: Sequence[PaidPerson], apart_from: int | None) -> QuerySet[RosterRow]:
    months = {row.month for row in rows}
    marks = [mark for row in rows for mark in sealed.marks_of(row.national_id)]
    same = Q(folded__in={folded(row.name) for row in rows}) | Q(id_mark__in=marks)
    found = RosterRow.objects.filter(same, month__in=months)
    if apart_from is not None:
        found = found.exclude(voucher=apart_from)
    return found.select_related("voucher__line__line", "voucher__settlement__award__application")
