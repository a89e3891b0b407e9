"""What each kind of cap does: a row of `[[cap]]` becomes findings, as a rule in Python would give them.

`exclusive` in a row means that the limit itself does not pass any more (未滿); `severity = "warning"` that whatever is
above it must be explained and is decided by the officer (為原則).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grants.rules.bounds import Context, Values, band, blank, number, over_limit, whole
from grants.rules.catalogue import quantities_of
from grants.rules.facts import Line
from grants.rules.filed.tables import Row
from grants.rules.findings import COUNT, DAYS, ERROR, HOURS, PERSONS, TWD, WARNING, Exact, Finding, Found, Meter
from grants.rules.names import folded
from miaoli_kaohsiung.lib.roc_date import format_month, roc_year

UNITS = {"人": PERSONS, "小時": HOURS, "日": DAYS, "次": COUNT}
# The quantity that the kinds with a unit of their own multiply by.
OF_KIND = {"per_day": ("days",), "per_head": ("persons",)}
ALL_ITEMS = "申請補助合計"


@dataclass(frozen=True, slots=True)
class Sum:
    """Money judged by a row: what is asked, both limits in dollars, the sentence and the arithmetic at a limit."""

    used: int
    strict: int
    lenient: int
    sentence: Callable[[Values], str]
    arithmetic: Callable[[Values], str]


def applies(ctx: Context, row: Row) -> bool:
    """Return whether a row is for the case: for its programme and for its kind of applicant."""
    programmes, kinds = row.get("programmes"), row.get("applicants")
    return (not programmes or ctx.project.programme in programmes) and (not kinds or ctx.organisation.kind in kinds)


def lines_of(ctx: Context, row: Row) -> list[Line]:
    """Return the case's lines of the row's items, or all its lines."""
    wanted = row.get("items")
    return [line for line in ctx.case.lines if not wanted or line.item in wanted]


def most(row: Row, limit: Exact, values: Values) -> int:
    """Return the highest whole amount that the limit lets pass: below it if the limit itself does not pass."""
    bound = whole(values, limit)
    return max(0, bound - 1) if row.get("exclusive") and bound == limit else max(0, bound)


def said(row: Row, usual: str, limit: Exact, **words: str) -> str:
    """Return the sentence of a limit, the row's own or the usual one, with its amount in place."""
    sentence = row.get("message") or (
        usual.replace("最高", "須未滿").replace("最多", "須未滿") if row.get("exclusive") else usual
    )
    for key, word in {"limit": number(limit), **words}.items():
        sentence = sentence.replace("{" + key + "}", word)
    return str(sentence)


def money(ctx: Context, row: Row, found: Sum, lines: Sequence[Line], **more: Any) -> list[Finding]:
    """Judge a sum under the band rule; the finding stands at its line if there is only one."""
    only = lines[0] if len(lines) == 1 else None
    if ctx.tracing:
        ctx.keep(row["clause"], only, found.used, found.strict, found.arithmetic(ctx.strict))
    if found.used <= found.strict:
        return []
    softly = row.get("severity") == WARNING
    above = found.used > found.lenient and not softly
    severity, allowed = (ERROR, found.lenient) if above else (WARNING, found.strict)
    values = ctx.lenient if above else ctx.strict
    sentence, arithmetic = found.sentence(values), found.arithmetic(values)
    between = "" if softly else band(found.strict, found.lenient, TWD)
    message = over_limit(sentence, arithmetic, found.used - allowed, TWD, severity, between)
    finding = Finding(
        row["clause"],
        severity,
        message,
        line=only.id if only else None,
        requested=found.used,
        allowed=allowed,
        over=found.used - allowed,
        unit=TWD,
        suggested=found.strict,
        arithmetic=arithmetic,
        lines=() if only else tuple(line.id for line in lines),
        basis=_basis(found, ctx.strict),
        two_limits=not softly and found.strict != found.lenient,
        **more,
    )
    return [finding]


def _basis(found: Sum, values: Values) -> str:
    """Return the reason of a cut to the limit, which names the amount once."""
    basis, most_of_it = f"{found.sentence(values)}：{found.arithmetic(values)}", f"{number(found.strict)} 元"
    return basis if basis.endswith(most_of_it) else f"{basis}，最多 {most_of_it}"


def names(ctx: Context, row: Row) -> str:
    """Return the items of a row in words."""
    wanted = row.get("items", ())
    return "、".join(ctx.items[code].name for code in wanted) if wanted else ALL_ITEMS


def quantity_words(ctx: Context, key: str) -> tuple[str, str]:
    """Return (label, unit) of a quantity, as the law's own text or else the portal has it."""
    known = quantities_of(ctx.ruleset.data)[key]
    return known.label, known.unit


def _gaps(ctx: Context, row: Row, line: Line, keys: Sequence[str]) -> list[Finding] | None:
    """Return the findings for quantities that are blank; None if the row can be judged."""
    wanted = [*row.get("where", {}), *keys]
    lacking = [quantity_words(ctx, key)[0] for key in wanted if line.quantities.get(key) is None]
    return blank((row["clause"],), line, *lacking) if lacking else None


def _elsewhere(row: Row, line: Line) -> bool:
    """Return whether the line is of a sort that the row is not for."""
    given = {key: line.quantities.get(key) for key in row.get("where", {})}
    return any(value is not None and value != row["where"][key] for key, value in given.items())


def per_unit(ctx: Context, row: Row, line: Line) -> Found:
    """So many dollars for each unit: an hour, a copy, a head and a day."""
    keys = OF_KIND.get(row["kind"], ()) or tuple(row["per"])
    if not applies(ctx, row) or _elsewhere(row, line):
        return None
    gaps = _gaps(ctx, row, line, keys)
    if gaps or line.requested is None:
        return gaps
    amount: Exact = Fraction(1, row.get("count", 1))
    for key in keys:
        amount *= line.given(key)
    units = [quantity_words(ctx, key)[1] for key in keys]
    each = (
        "".join(f"每{unit or '單位'}" for unit in units) if row.get("count", 1) == 1 else f"每{row['count']}{units[0]}"
    )
    usual = f"{ctx.items[line.item].name}{each}最高 {{limit}} 元"
    name = row["parameter"]

    def arithmetic(values: Values) -> str:
        parts = [f"{number(line.given(key))} {unit}".strip() for key, unit in zip(keys, units, strict=True)]
        divided = f" ÷ {row['count']}" if row.get("count", 1) > 1 else ""
        product = number(whole(values, amount * values[name]))
        return f"{' × '.join(parts)}{divided} × {number(values[name])} = {product} 元"

    low, high = (most(row, amount * values[name], values) for values in (ctx.strict, ctx.lenient))
    found = Sum(line.requested, low, max(low, high), lambda values: said(row, usual, values[name]), arithmetic)
    return money(ctx, row, found, [line], person=line.person, month=line.month)


def quantity(ctx: Context, row: Row, line: Line) -> Found:
    """A number of the line, not its money: so many hours a day, so many copies."""
    key, name = row["quantity"], row["parameter"]
    if not applies(ctx, row) or _elsewhere(row, line):
        return None
    gaps = _gaps(ctx, row, line, (key,))
    if gaps:
        return gaps
    label, unit = quantity_words(ctx, key)
    value, strict, lenient = line.given(key), ctx.strict[name], ctx.lenient[name]

    def beyond(limit: Exact) -> bool:
        return value >= limit if row.get("exclusive") else value > limit

    if not beyond(strict):
        return None
    hard = beyond(lenient) and row.get("severity") != WARNING
    severity, allowed = (ERROR, lenient) if hard else (WARNING, strict)
    usual = f"{ctx.items[line.item].name}的{label}最多 {{limit}} {unit}".rstrip()
    message = f"{said(row, usual, allowed)}，目前 {number(value)} {unit}".rstrip() + (
        "。" if hard else "，請說明理由。"
    )
    return [
        Finding(
            row["clause"],
            severity,
            message,
            line=line.id,
            requested=value,
            allowed=allowed,
            over=value - allowed,
            unit=UNITS.get(unit, COUNT),
            suggested=strict,
        )
    ]


def percentage(ctx: Context, row: Row) -> Found:
    """A share of all that is asked for, of the other items or of the whole cost; the sum counts in its own base."""
    lines = lines_of(ctx, row)
    if not applies(ctx, row) or not lines:
        return None
    used = sum(line.requested or 0 for line in lines)
    rest = ctx.sums.requested - used
    if row["of"] == "cost":
        rest += ctx.sums.own_funds + ctx.sums.other_funds
    return _share(ctx, row, lines, rest)


def share_of_line(ctx: Context, row: Row, line: Line) -> Found:
    """A share of what the line itself costs: the subsidy of an equipment is at most 80 % of its price."""
    if not applies(ctx, row) or _elsewhere(row, line) or line.requested is None:
        return None
    return _share(ctx, row, [line], line.own_funds + line.other_funds)


# What a share is of, in words, and what is counted beside the sum itself.
BASES = {
    "asked": ("申請補助合計", "其他項目申請"),
    "others": ("其他項目申請補助", "其他項目申請"),
    "cost": ("總經費", "自籌、其他補助和其他項目"),
    "line": ("這一列的經費", "這一列自籌和其他補助"),
}


def _share(ctx: Context, row: Row, lines: Sequence[Line], rest: int) -> Found:
    used = sum(line.requested or 0 for line in lines)
    (whole_of, beside), name = BASES[row["of"]], row["parameter"]

    def limit(values: Values) -> Exact:
        top, bottom = values[name]
        if row["of"] == "others":
            return Fraction(top * rest, bottom)
        # The sum counts in its base: a twentieth of all is a nineteenth of the rest.
        return Fraction(top * rest, bottom - top) if top < bottom else used

    def bound(values: Values) -> int:
        return most(row, limit(values), values)

    def sentence(values: Values) -> str:
        top, bottom = values[name]
        share = f"{number(Fraction(top * 100, bottom))}%"
        return said(row, f"{names(ctx, row)}最多占{whole_of}的 {{share}}", limit(values), share=share)

    def arithmetic(values: Values) -> str:
        return f"{beside} {number(rest)} 元時，最多 {number(bound(values))} 元"

    low = bound(ctx.strict)
    high = max(low, bound(ctx.lenient))
    if len(row.get("items", ())) == 1 and row["of"] != "line":
        ctx.meter(Meter(row["clause"], names(ctx, row), used, low, high, arithmetic(ctx.strict), row["items"][0]))
    return money(ctx, row, Sum(used, low, high, sentence, arithmetic), lines)


def per_case(ctx: Context, row: Row) -> Found:
    """So much for the case, or for some of its items together."""
    lines = lines_of(ctx, row)
    if not applies(ctx, row) or not lines:
        return None
    used, name = sum(line.requested or 0 for line in lines), row["parameter"]
    usual = f"{names(ctx, row) if row.get('items') else '每案'}最高補助 {{limit}} 元"
    low, high = (most(row, values[name], values) for values in (ctx.strict, ctx.lenient))
    found = Sum(
        used, low, max(low, high), lambda values: said(row, usual, values[name]), lambda _: f"申請 {number(used)} 元"
    )
    return money(ctx, row, found, lines)


def per_year_of_applicant(ctx: Context, row: Row) -> Found:
    """So much in a year for one applicant, its other applications of the year counted in."""
    if not applies(ctx, row):
        return None
    here, other, name = ctx.sums.requested, ctx.organisation.asked_this_year, row["parameter"]
    year = roc_year(ctx.case.submitted_on.year)
    usual = f"同一單位{year}年最高補助 {{limit}} 元"

    def arithmetic(_: Values) -> str:
        return f"今年其他案件 {number(other)} 元＋本案 {number(here)} 元 = {number(here + other)} 元"

    low, high = (max(0, most(row, values[name], values) - other) for values in (ctx.strict, ctx.lenient))
    found = Sum(here, low, max(low, high), lambda values: said(row, usual, values[name]), arithmetic)
    return money(ctx, row, found, ctx.case.lines)


def per_person_month(ctx: Context, row: Row) -> Found:
    """So much for one person in one month, over all lines and the applicant's other applications."""
    if not applies(ctx, row):
        return []
    lines = [line for line in lines_of(ctx, row) if line.requested]
    unnamed = [line for line in lines if not (line.named and line.in_months)]
    found = [one for line in unnamed for one in blank((row["clause"],), line, "姓名", "服務月份")]
    paid: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.named and line.in_months:
            for key in ((folded(name), month) for name in line.names for month in line.in_months):
                paid.setdefault(key, []).append(line)
    # One finding for a group of lines, at the person and month with the least room.
    worst: dict[tuple[str, ...], Finding] = {}
    for (person, month), held in paid.items():
        for finding in _of_month(ctx, row, person, month, held):
            ids = tuple(line.id for line in held)
            if ids not in worst or finding.suggested < worst[ids].suggested:
                worst[ids] = finding
    return [*found, *worst.values()]


def _of_month(ctx: Context, row: Row, person: str, month: str, lines: list[Line]) -> list[Finding]:
    others = [one for one in ctx.case.elsewhere.person_months if (folded(one.person), one.month) == (person, month)]
    other = sum((one.share for one in others if not one.case and _paid_by(row, one.item)), Fraction(0))
    parts = [len(line.names) * len(line.in_months) for line in lines]
    here = sum((Fraction(line.requested or 0, count) for line, count in zip(lines, parts, strict=True)), Fraction(0))
    name, shares = row["parameter"], parts[0] if len(lines) == 1 else 1

    def limit(values: Values) -> Exact:
        each: Exact = ctx.statutory("monthly", month) if name == "statutory.basic_wage.monthly" else values[name]
        return each

    def bound(values: Values) -> int:
        return max(0, int((most(row, limit(values), values) - other) * shares // 1))

    used = -int(-here * shares // 1)
    who = next(known for line in lines for known in line.names if folded(known) == person)

    def arithmetic(values: Values) -> str:
        beside = f"其他案件 {number(_up(other))} 元＋" if other else ""
        total = f"{who} {format_month(month)}：{beside}本案 {number(_up(here))} 元"
        return f"{total}，{shares} 人月最多 {number(bound(values))} 元" if shares > 1 else total

    low, high = bound(ctx.strict), bound(ctx.lenient)
    usual = f"{names(ctx, row)}每人每月最高 {{limit}} 元"
    found = Sum(used, low, max(low, high), lambda values: said(row, usual, limit(values)), arithmetic)
    return money(ctx, row, found, lines, person=who, month=month)


def _paid_by(row: Row, item: str | None) -> bool:
    return not row.get("items") or item in row["items"]


def _up(amount: Fraction) -> int:
    return -int(-amount // 1)


OF_LINES: Mapping[str, Callable[[Context, Row, Line], Found]] = {
    "per_unit": per_unit,
    "per_day": per_unit,
    "per_head": per_unit,
    "quantity": quantity,
}
OF_CASES: Mapping[str, Callable[[Context, Row], Found]] = {
    "percentage": percentage,
    "per_case": per_case,
    "per_person_month": per_person_month,
    "per_year_of_applicant": per_year_of_applicant,
}
