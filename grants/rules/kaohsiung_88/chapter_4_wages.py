"""肆、一、3(5) and 肆、一、4: what a person may be paid in a month, over all lines and applications."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from grants.rules.bounds import Context, blank, number, project_months
from grants.rules.catalogue import items
from grants.rules.facts import Line, PersonMonth
from grants.rules.findings import ERROR, TWD, WARNING, Exact, Finding
from grants.rules.kaohsiung_88.chapter_4_sums import about, only
from grants.rules.names import folded
from grants.rules.registry import case_rule
from miaoli_kaohsiung.lib.money import floor_div
from miaoli_kaohsiung.lib.roc_date import format_month

# The kinds of pay that each clause caps by person and month; lecturers' and experts' fees are not among them (A11).
PAY_CLAUSES = {
    "disability_aide": "K4.1.3.5a",
    "elder_aide": "K4.1.3.5a",
    "child_carer": "K4.1.3.5a",
    "after_school_tutor": "K4.1.3.5a",
    "casual_pay": "K4.1.4",
}
_FEES = ("lecturer_fee", "expert_fee", "script_fee")


@dataclass(slots=True)
class _Pay:
    """What one person is paid in one month under one clause: by this case's lines, and with the body's other cases."""

    person: str
    lines: list[Line] = field(default_factory=list)
    here: Fraction = Fraction(0)
    clause_total: Fraction = Fraction(0)


@dataclass(slots=True)
class _Over:
    """A month in which a person is paid more than the wage: the total, and how much of this case's share may stay."""

    pay: _Pay
    month: str
    severity: str
    total: Fraction
    wage: int
    spare: Fraction


def shares(line: Line) -> list[tuple[str, str, str, Fraction]]:
    """Return (folded name, name as typed, month, dollars) for each person and month of a line whose people are all
    named.
    """
    if not (line.named and line.in_months and line.requested):
        return []
    each = Fraction(line.requested, len(line.names) * len(line.in_months))
    return [(folded(name), name, month, each) for name in line.names for month in line.in_months]


@case_rule("K4.1.3.5a", "K4.1.4")
def monthly_wage(ctx: Context) -> Iterator[Finding]:
    """「每人每月最高不得超過法定基本工資」: more under one clause is an error, more pay of all clauses together is for the reviewer
    (A11); the wage is that of the month of service. Several people or months of one line are paid equally.
    """
    paid, together = _paid_here(ctx)
    for other in ctx.case.elsewhere.person_months:
        key, clause = (folded(other.person), other.month), PAY_CLAUSES.get(other.item or "")
        if other.case or not _is_pay(other) or key not in together:
            continue
        together[key] += other.share
        if clause is not None and (clause, *key) in paid:
            paid[(clause, *key)].clause_total += other.share
    over: dict[tuple[str, Any], list[_Over]] = {}
    for (clause, person, month), pay in paid.items():
        pay.clause_total += pay.here
        found = _over(ctx, pay, month, together[(person, month)])
        if found:
            over.setdefault((clause, only(pay.lines) or (person, month)), []).append(found)
    for (clause, _), months in over.items():
        yield _of_month(clause, months[0]) if len(months) == 1 else _of_line(clause, months)


def _paid_here(ctx: Context) -> tuple[dict[tuple[str, str, str], _Pay], dict[tuple[str, str], Fraction]]:
    """Return _Pay by (clause, person, month), and the person's pay of the month under all clauses."""
    paid: dict[tuple[str, str, str], _Pay] = {}
    together: dict[tuple[str, str], Fraction] = {}
    for line in ctx.case.lines:
        if line.item not in PAY_CLAUSES:
            continue
        for person, name, month, each in shares(line):
            pay = paid.setdefault((PAY_CLAUSES[line.item], person, month), _Pay(name))
            pay.lines.append(line)
            pay.here += each
            together[(person, month)] = together.get((person, month), Fraction(0)) + each
    for line in ctx.of("hired_labour"):
        for person, _, month, each in shares(line):
            if (person, month) in together:
                together[(person, month)] += each
    return paid, together


def _is_pay(other: PersonMonth) -> bool:
    return other.item not in _FEES and (other.item is None or items()[other.item].pay)


def _over(ctx: Context, pay: _Pay, month: str, together: Fraction) -> _Over | None:
    wage = ctx.statutory("monthly", month)
    totals = [
        together if v["reading.monthly_cap"] == "together" else pay.clause_total for v in (ctx.strict, ctx.lenient)
    ]
    if totals[0] <= wage:
        return None
    severity, total = (ERROR, totals[1]) if totals[1] > wage else (WARNING, totals[0])
    return _Over(pay, month, severity, total, wage, max(Fraction(0), wage - (totals[0] - pay.here)))


def _up(amount: Exact) -> int:
    """Return a share of dollars rounded up to the next whole dollar."""
    return -floor_div(-Fraction(amount).numerator, Fraction(amount).denominator)


def _down(amount: Exact) -> int:
    return floor_div(Fraction(amount).numerator, Fraction(amount).denominator)


def _end(severity: str) -> str:
    return "。" if severity == ERROR else "（不同項目合計）；請說明。"


def _of_month(clause: str, over: _Over) -> Finding:
    pay, month, total, wage = over.pay, over.month, _up(over.total), over.wage
    message = f"{pay.person} {format_month(month)}酬勞合計 {total:,d} 元，超過當月基本工資 {wage:,d} 元，超出 {total - wage:,d} 元"
    spare = _down(over.spare * _months(pay))
    return Finding(
        clause,
        over.severity,
        message + _end(over.severity),
        person=pay.person,
        month=month,
        requested=total,
        allowed=wage,
        over=total - wage,
        unit=TWD,
        suggested=spare,
        **about(pay.lines),
        arithmetic=f"{total:,d} − {wage:,d} = {total - wage:,d} 元",
        basis=f"{pay.person} {format_month(month)}酬勞不得超過基本工資 {wage:,d} 元，這一列最多 {spare:,d} 元",
    )


def _months(pay: _Pay) -> int:
    """Return how many shares the only line of a payment is divided into."""
    line = pay.lines[0]
    return len(line.names) * len(line.in_months) if len(pay.lines) == 1 else 1


def _of_line(clause: str, months: list[_Over]) -> Finding:
    """Return one finding for a line whose people and months are over, at the tightest of them."""
    line, worst = months[0].pay.lines[0], min(months, key=lambda one: one.spare)
    severity = ERROR if any(one.severity == ERROR for one in months) else WARNING
    asked, parts = line.requested or 0, _months(worst.pay)
    suggested = min(asked, _down(worst.spare * parts))
    message = (
        f"{len(line.names)} 人 × {len(line.in_months)} 個月，平均每人每月 {_up(Fraction(asked, parts)):,d} 元；"
        f"{worst.pay.person} {format_month(worst.month)}酬勞合計 {_up(worst.total):,d} 元，超過當月基本工資 {worst.wage:,d} 元，"
        f"這一列最多 {suggested:,d} 元，超出 {asked - suggested:,d} 元"
    )
    return Finding(
        clause,
        severity,
        message + _end(severity),
        line=line.id,
        requested=asked,
        allowed=suggested,
        over=asked - suggested,
        unit=TWD,
        suggested=suggested,
        arithmetic=f"{asked:,d} − {suggested:,d} = {asked - suggested:,d} 元",
        basis=f"每人每月酬勞不得超過基本工資 {worst.wage:,d} 元，{parts} 人月最多 {suggested:,d} 元",
    )


@case_rule("K4.1.3.5a", "K4.1.4")
def namesakes(ctx: Context) -> Iterator[Finding]:
    """「每人每月」 over the cases of other bodies: the same name may be another person, so the officer checks."""
    others = [other for other in ctx.case.elsewhere.person_months if other.case and _is_pay(other)]
    if not others:
        return
    paid, together = _paid_here(ctx)
    for (clause, person, month), pay in paid.items():
        same = [other for other in others if (folded(other.person), other.month) == (person, month)]
        wage, theirs = ctx.statutory("monthly", month), sum(other.share for other in same)
        ours = together[(person, month)] + sum(
            other.share
            for other in ctx.case.elsewhere.person_months
            if not other.case and _is_pay(other) and (folded(other.person), other.month) == (person, month)
        )
        if not same or ours + theirs <= wage:
            continue
        numbers = "、".join(dict.fromkeys(other.case for other in same))
        message = (
            f"{pay.person} {format_month(month)}：其他單位的申請案 {numbers} 也有同名的人，酬勞 {_up(theirs):,d} 元；若是同一人，"
            f"合計 {_up(ours + theirs):,d} 元，超過當月基本工資 {wage:,d} 元，請查明是不是同一人。"
        )
        yield Finding(
            clause,
            WARNING,
            message,
            person=pay.person,
            month=month,
            requested=_up(ours + theirs),
            allowed=wage,
            over=_up(ours + theirs) - wage,
            unit=TWD,
            kind="namesake",
            **about(pay.lines),
        )


@case_rule("K4.1.3.5a", "K4.1.4")
def monthly_wage_unnamed(ctx: Context) -> Iterator[Finding]:
    """Pay without a name or a month: no more than heads × the wages of the months that it may be for; all lines of a
    named person without a month count together.
    """
    groups: dict[tuple[Any, ...], list[Line]] = {}
    for line in ctx.case.lines:
        clause = PAY_CLAUSES.get(line.item)
        if clause and line.requested and not (line.named and line.in_months):
            names = tuple(sorted(folded(name) for name in line.names))
            groups.setdefault((clause, names) if line.named else (clause, None, line.id), []).append(line)
    for (clause, *_), lines in groups.items():
        line, asked = lines[0], sum(line.requested or 0 for line in lines)
        months = line.in_months or project_months(ctx.project)
        if not months:
            yield from blank((clause,), line, "服務月份")
            continue
        people = max(len(line.names), line.number("persons") or 1)
        most = people * sum(ctx.statutory("monthly", month) for month in months)
        if asked <= most:
            continue
        certain = line.named or line.item in ("elder_aide", "disability_aide", "child_carer")
        sums = f"{number(people)} 人 × {len(months)} 個月的基本工資合計 {most:,d} 元"
        message = f"每人每月酬勞不得超過基本工資：{sums}，超出 {asked - most:,d} 元"
        message += "。" if certain else "；請填每個人的姓名和月份。"
        yield Finding(
            clause,
            ERROR if certain else WARNING,
            message,
            person=line.person,
            month=line.month,
            requested=asked,
            allowed=most,
            over=asked - most,
            unit=TWD,
            suggested=most,
            basis=f"每人每月酬勞不得超過基本工資：{sums}",
            **about(lines),
        )
