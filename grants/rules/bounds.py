"""What every rule works with: the facts and both sides of the law, exact caps, and findings in plain Chinese.

The band rule: within the strict side there is no finding; between strict and lenient the reviewer decides (warning);
beyond the lenient side is an error. `suggested` is the strict side, so that it passes every reading.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any

from grants.rules.catalogue import Item, items, items_of, quantities
from grants.rules.facts import Case, Line, Project
from grants.rules.findings import (
    ERROR,
    INFO,
    TWD,
    UNIT_WORDS,
    WARNING,
    Exact,
    Finding,
    Limit,
    Meter,
    Totals,
)
from grants.rules.ruleset import Day, RuleSet
from miaoli_kaohsiung.lib.money import floor_div

# One side of the law on a day; a bound in dollars under that side; the sentence of a limit and its arithmetic.
Values = Mapping[str, Any]
Bound = Callable[[Values], Exact]
Tell = Callable[[Values], tuple[str, str]]


class Traced(dict[str, Any]):
    """One side of the law that remembers which parameters were read."""

    __slots__ = ("read", "side")
    read: dict[str, None]
    side: Day

    def __getitem__(self, name: str) -> Any:
        self.read[name] = None
        return self.side[name]


class Context:
    """One evaluation: the case, both sides of the day's values, sums over lines. Rules read it and change nothing."""

    strict: Values
    lenient: Values

    def __init__(self, case: Case, ruleset: RuleSet, trace: bool = False) -> None:
        sides = ruleset.on(case.submitted_on)
        self.case, self.ruleset, self.tracing = case, ruleset, trace
        self.project, self.organisation, self.answers = case.project, case.organisation, case.project.answers
        self.strict, self.lenient = sides.strict, sides.lenient
        self.limits: list[Limit] = []
        self._meters: list[Meter] = []
        self._all: dict[str, None] = {}
        self._now: dict[str, None] = {}
        if trace:
            self.strict, self.lenient = self._remember(sides.strict), self._remember(sides.lenient)
        self.items = items_of(ruleset.data)
        self.sums = sums(case, self.items)

    def _remember(self, side: Day) -> Traced:
        traced = Traced()
        traced.side, traced.read = side, self._now
        return traced

    def of(self, *codes: str) -> list[Line]:
        """Return the lines of these items, in order."""
        return [line for line in self.case.lines if line.item in codes]

    def asked(self, code: str) -> int:
        """Return the sum requested under an item; blanks add nothing (they have their own finding)."""
        return self.sums.by_item.get(code, 0)

    def statutory(self, kind: str, month: str) -> int:
        """Return the basic wage (monthly or hourly) of a service month."""
        name = f"statutory.basic_wage.{kind}"
        if self.tracing:
            self._now[name] = None
        wage: int = self.ruleset.in_month(name, month)
        return wage

    def traced(self, found: Iterable[Finding]) -> list[Finding]:
        """Return the findings with the parameters that the rule has read so far."""
        traced = [replace(f, parameters=tuple(self._now)) for f in found]
        self._all.update(self._now)
        self._now.clear()
        return traced

    def parameters_read(self) -> tuple[str, ...]:
        self._all.update(self._now)
        return tuple(sorted(self._all))

    def keep(self, clause: str, line: Line | None, requested: int, allowed: int, arithmetic: str) -> None:
        """Remember a bound for the screen (traced evaluations only)."""
        self.limits.append(Limit(clause, line.id if line else None, requested, allowed, arithmetic))

    def meter(self, meter: Meter) -> None:
        self._meters.append(meter)

    def totals(self) -> Totals:
        return replace(self.sums, meters=tuple(self._meters)) if self._meters else self.sums


def project_months(project: Project) -> tuple[str, ...]:
    """Return the calendar months that the project touches, as "2010-03"; empty while its dates are blank or reversed."""
    if project.starts_on is None or project.ends_on is None:
        return ()
    first = project.starts_on.year * 12 + project.starts_on.month - 1
    last = project.ends_on.year * 12 + project.ends_on.month - 1
    return tuple(f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(first, last + 1))


def sums(case: Case, known: Mapping[str, Item]) -> Totals:
    """Return totals of the lines, by items as the law describes them; a blank amount adds nothing."""
    requested = own = other = 0
    by_item: dict[str, int] = {}
    by_group: dict[str, int] = {}
    for line in case.lines:
        amount = line.requested or 0
        requested += amount
        own += line.own_funds
        other += line.other_funds
        by_item[line.item] = by_item.get(line.item, 0) + amount
        group = known[line.item].group
        by_group[group] = by_group.get(group, 0) + amount
    return Totals(requested, own, other, by_item, by_group)


def line_cost(line: Line) -> int | None:
    """Return what the line costs in whole dollars by its unit price, rounded down; None if price or quantity is blank."""
    item = items()[line.item]
    # An item without quantities in its clause costs its price, times a number if one is given.
    count = line.number("quantity")
    values: list[Exact | None] = (
        [1 if count is None else count] if item.cost is None else [line.number(key) for key in item.cost]
    )
    amount: Exact | None = line.unit_price
    for value in values:
        if amount is None or value is None:
            return None
        amount *= value
    if amount is None:
        return None
    if "children" in item.needed.split():
        # The text prices each paid child's hour (A12).
        amount *= max(1, sum(not child.own for child in line.children or ()))
    return int(amount // item.cost_per)


# Numbers


def whole(values: Values, amount: Exact) -> int:
    """Return an exact amount as whole dollars, by the reading of A4 (floor unless the county rules otherwise)."""
    if type(amount) is int:
        return amount
    exact = Fraction(amount)
    if values["rounding.cap"] == "half_up":
        exact += Fraction(1, 2)
    return floor_div(exact.numerator, exact.denominator)


def number(value: Exact | Decimal) -> str:
    """Return 12345 as 12,345; halves and other fractions as people write them."""
    if isinstance(value, int):
        return f"{value:,d}"
    exact = Fraction(value)
    return f"{exact.numerator:,d}" if exact.denominator == 1 else f"{float(exact):,g}"


# Findings


def blank(clauses: Sequence[str], line: Line | None, *labels: str, fact: str | None = None) -> list[Finding]:
    """Return findings for a missing quantity: a blank never passes a cap."""
    message = f"請填「{'、'.join(labels)}」" + ("，填了才能檢查上限。" if line else "。")
    return [
        Finding(clause, ERROR, message, line=line.id if line else None, requested=line.requested if line else None,
                kind="blank", fact=fact)
        for clause in clauses
    ]  # fmt: skip


def error(clause: str, message: str, **more: Any) -> Finding:
    return Finding(clause, ERROR, message, **more)


def warning(clause: str, message: str, **more: Any) -> Finding:
    return Finding(clause, WARNING, message, **more)


def info(clause: str, message: str, **more: Any) -> Finding:
    return Finding(clause, INFO, message, kind="notice", **more)


def listed(names: Iterable[str]) -> str:
    return "、".join(names)


def missing(line: Line, *fields: str) -> list[str]:
    """Return the labels of the needed fields that are blank on the line, including the amount itself."""
    known = quantities()
    gaps = [known[f].label for f in fields if line.quantities.get(f) is None]
    return gaps if line.requested is not None else [*gaps, "申請補助金額"]


def money_cap(
    ctx: Context, clauses: Sequence[str], line: Line, bound: Bound, tell: Tell, fixed: bool = False
) -> list[Finding] | None:
    """Judge the line's subsidy by `bound(values)` dollars under the band rule, once for each twin clause.

    `tell(values)` gives the sentence of the limit and its arithmetic. Under reading A34 the cap may bind the whole pay,
    own and other funds included. `fixed` marks the amounts that reading A9 may take as neither more nor less.
    """
    asked = line.requested
    assert asked is not None
    low = _bound(ctx.strict, line, bound)
    if ctx.tracing:
        ctx.keep(clauses[0], line, asked, low, tell(ctx.strict)[1])
    if asked <= low:
        if fixed and asked < low and ctx.strict["reading.fixed_or_maximum"] == "fixed":
            return [_less(clause, line, low) for clause in clauses]
        return None
    high = max(low, _bound(ctx.lenient, line, bound))
    severity, allowed = (ERROR, high) if asked > high else (WARNING, low)
    sentence, arithmetic = tell(ctx.lenient if severity == ERROR else ctx.strict)
    message = over_limit(sentence, arithmetic, asked - allowed, TWD, severity, band(low, high, TWD))
    return [
        Finding(
            clause, severity, message, line=line.id,
            person=line.person, month=line.month, requested=asked, allowed=allowed, over=asked - allowed, unit=TWD,
            suggested=low, arithmetic=arithmetic, basis=_basis(ctx, line, tell, low), two_limits=high > low,
        )
        for clause in clauses
    ]  # fmt: skip


def _basis(ctx: Context, line: Line, tell: Tell, low: int) -> str:
    """Return 「外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元」, with what is left if own funds count."""
    sentence, arithmetic = tell(ctx.strict)
    message = f"{sentence}：{arithmetic}" if arithmetic else sentence
    if ctx.strict["reading.cap_on"] == "pay" and line.own_funds + line.other_funds:
        message += f"，扣除自籌和其他補助後最多 {number(low)} 元"
    return message if f"{number(low)} 元" in message else f"{message}，最多 {number(low)} 元"


def _bound(values: Values, line: Line, bound: Bound) -> int:
    cap = whole(values, bound(values))
    if values["reading.cap_on"] == "pay":
        cap -= line.own_funds + line.other_funds
    return max(0, cap)


def _less(clause: str, line: Line, fixed: int) -> Finding:
    assert line.requested is not None
    message = f"條文是定額，應為 {fixed:,d} 元；目前少 {fixed - line.requested:,d} 元，請說明。"
    return warning(clause, message, line=line.id, requested=line.requested, allowed=fixed, over=0, unit=TWD, suggested=fixed,
                 basis=f"條文是定額 {fixed:,d} 元")  # fmt: skip


def rate(
    ctx: Context,
    clauses: Sequence[str],
    line: Line,
    each: str | Bound,
    fields: Sequence[str],
    sentence: str,
    units: Sequence[str],
    fixed: bool = False,
) -> list[Finding] | None:
    """Judge the line by a cap of so many dollars for each unit of the quantities: the commonest rule of chapter 肆.

    `each` is the parameter of the rate, or returns the rate when called with the values; `fields` are multiplied;
    `units` are their words; `sentence` says the limit, with {} for the rate.
    """
    gaps = missing(line, *fields)
    if gaps:
        return blank(clauses, line, *gaps)
    amount: Exact = 1
    for field in fields:
        amount *= line.given(field)
    price: Bound = each if callable(each) else itemgetter(each)

    def tell(values: Values) -> tuple[str, str]:
        dollars = price(values)
        parts = " × ".join(f"{number(line.given(f))} {unit}" for f, unit in zip(fields, units, strict=True))
        total = number(whole(values, amount * dollars))
        return sentence.format(number(dollars)), f"{parts} × {number(dollars)} = {total} 元"

    return money_cap(ctx, clauses, line, lambda values: amount * price(values), tell, fixed)


def over_limit(sentence: str, arithmetic: str, over: Exact, unit: str, severity: str, between: str = "") -> str:
    """Return 「外聘講師鐘點費每小時最高 1,600 元：6 小時 × 1,600 = 9,600 元，超出 600 元。」

    `between` (of `band`) names both limits if there are two.
    """
    message = f"{sentence}：{arithmetic}，" if arithmetic else f"{sentence}，"
    message += f"超出 {number(over)} {UNIT_WORDS[unit]}"
    return f"{message}。{between}" if severity == ERROR else f"{message}，請說明理由。{between}"


def band(strict: Exact, lenient: Exact, unit: str, whys: tuple[str, str] = ("", "")) -> str:
    """Return both limits with what each of them means, and the reason if `whys` gives one; "" if there is only one
    limit.
    """
    if strict == lenient:
        return ""
    word = UNIT_WORDS[unit]
    limits = ((number(limit), f"（{why}）" if why else "") for limit, why in zip((strict, lenient), whys, strict=True))
    low, high = (f"{limit} {word}{why}以內" for limit, why in limits)
    return f"{low}不必說明，{high}要說明，再多不補助。" if strict else f"{high}要說明，再多不補助。"


def at_most(
    clauses: Sequence[str],
    value: Exact,
    strict: Exact,
    lenient: Exact,
    unit: str,
    sentence: str,
    line: Line | None = None,
    arithmetic: str = "",
    suggested: Exact | None = None,
    **more: Any,
) -> list[Finding] | None:
    """Judge a count against a maximum under the band rule, once for each twin clause."""
    if value <= strict:
        return None
    severity, allowed = (ERROR, lenient) if value > lenient else (WARNING, strict)
    over = value - allowed
    message = over_limit(sentence, arithmetic, over, unit, severity, band(strict, lenient, unit))
    return [
        Finding(
            clause, severity, message, line=line.id if line else None,
            requested=value, allowed=allowed, over=over, unit=unit, suggested=strict if suggested is None else suggested,
            arithmetic=arithmetic, two_limits=strict != lenient, **more,
        )
        for clause in clauses
    ]  # fmt: skip


def at_least(
    clause: str,
    value: Exact,
    least: Exact,
    unit: str,
    sentence: str,
    severity: str = ERROR,
    suggested: Exact | None = None,
    **more: Any,
) -> list[Finding] | None:
    """Judge a count against a minimum; `over` is the shortfall."""
    if value >= least:
        return None
    lacking = least - value
    message = f"{sentence}，目前 {number(value)} {UNIT_WORDS[unit]}，還差 {number(lacking)} {UNIT_WORDS[unit]}"
    message += "。" if severity == ERROR else "，請說明。"
    return [
        Finding(
            clause, severity, message, requested=value, allowed=least, over=lacking, unit=unit,
            suggested=least if suggested is None else suggested, **more,
        )
    ]  # fmt: skip
