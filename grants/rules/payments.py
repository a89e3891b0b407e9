"""柒 and 捌 as arithmetic: instalments, settlement, bans, the +20 %, the year's envelope, the settlement date.

Money is whole NT dollars. `on` is the day whose law applies. Nothing here reads a clock or a calendar: working days
come as a function from day to bool. Wrong input (a negative amount) raises ValueError.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from grants.rules.findings import ERROR, TWD, WARNING, Exact, Finding
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib.money import floor_div, share_floor
from miaoli_kaohsiung.lib.roc_date import format_month, roc_year

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Instalments:
    """First and second payment at approval. If everything is paid after settlement, both are 0 and `two_stage` is
    False. `clause` and `second_clause` are the clauses of each, "" if the law has none.
    """

    first: int
    second: int
    two_stage: bool
    arithmetic: str
    clause: str
    note: str = ""
    second_clause: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is still to be paid, and what is to be returned, each 0 or more; `accepted` is what the county bears."""

    payable: int
    refund: int
    accepted: int
    arithmetic: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sanction:
    """A ban with both days included, or a bar of the next application filed."""

    clause: str
    barred_from: dt.date | None = None
    barred_to: dt.date | None = None
    next_application: bool = False


@dataclass(frozen=True, slots=True)
class Surcharge:
    extra: int
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Due:
    """The last day; with `morning_only` only its morning, because a Saturday moved to Monday."""

    on: dt.date
    morning_only: bool


def instalments(approved: int, ruleset: RuleSet, on: dt.date) -> Instalments:
    """Return the instalments of 柒、一: 100,000 and over in two stages, half first, rounded down, the rest in the second
    (A3, A4).
    """
    _money(approved)
    if "instalment.threshold" not in ruleset.parameters:
        # A law that names no instalments pays once, after the account.
        return Instalments(0, 0, False, "執行完畢核銷後一次撥付", ruleset.cite("single_payment"))
    threshold = ruleset.value("instalment.threshold", on, "lenient")
    top, bottom = ruleset.value("instalment.first_share", on, "lenient")
    at = ruleset.value("instalment.at_threshold", on, "lenient") == "two_stage"
    if approved < threshold or (approved == threshold and not at):
        message = f"核定 {approved:,d} 元，{threshold // 10000} 萬元以下於執行完畢核銷後一次撥付"
        return Instalments(0, 0, False, message, ruleset.cite("single_payment"))
    if ruleset.value("rounding.instalment", on, "lenient") == "half_up":
        first = floor_div(approved * top * 2 + bottom, bottom * 2)
    else:
        first = share_floor(approved, top, bottom)
    message = f"{approved:,d} 元 × {top * 100 / bottom:g}% = 第一期 {first:,d} 元；第二期 {approved - first:,d} 元"
    note = "剛好在門檻上，兩句條文都包含，待函釋。" if approved == threshold else ""
    clauses = ruleset.cite("first_instalment"), ruleset.cite("second_instalment")
    return Instalments(first, approved - first, True, message, clauses[0], note, clauses[1])


def settlement(
    approved: int,
    paid: int,
    eligible: int,
    executed: bool = True,
    disallowed: int = 0,
    returned: int = 0,
    *,
    ruleset: RuleSet,
) -> Settlement:
    """Return the settlement of 柒、一、三: the county bears min(approved, accepted spending), and what was paid beyond it is
    returned. A project not carried out returns everything. `disallowed` was spent against the plan and is not borne;
    `returned` is the part of `paid` that has come back already.
    """
    for amount in (approved, paid, eligible, disallowed, returned, paid - returned):
        _money(amount)
    held = paid - returned
    back = f" − 已繳回 {returned:,d} 元" if returned else ""
    if not executed:
        message = f"計畫未執行，已撥付 {paid:,d} 元全數繳回"
        message = f"{message}{back} = 應繳回 {held:,d} 元" if returned else message
        return Settlement(0, held, 0, message, _cited(ruleset, "not_executed"))
    accepted = min(approved, max(0, eligible - disallowed))
    payable, refund = max(0, accepted - held), max(0, held - accepted)
    message = f"核定 {approved:,d} 元與{_spent(eligible, disallowed)}取較小者 {accepted:,d} 元"
    if refund:
        message = f"已撥付 {paid:,d} 元{back} − {message} = 應繳回 {refund:,d} 元"
    else:
        message += f" − 已撥付 {paid:,d} 元{back.replace('−', '＋')} = 應撥付 {payable:,d} 元"
    roles = ["accepted_account", *(["refund"] if refund else []), *(["misused"] if disallowed else [])]
    return Settlement(payable, refund, accepted, message, _cited(ruleset, *roles))


def _cited(ruleset: RuleSet, *roles: str) -> tuple[str, ...]:
    return tuple(clause for role in roles if (clause := ruleset.cite(role)))


def _spent(eligible: int, disallowed: int) -> str:
    if not disallowed:
        return f"核實支出 {eligible:,d} 元"
    left = max(0, eligible - disallowed)
    return f"核實支出 {eligible:,d} 元扣除支用不當 {disallowed:,d} 元後的 {left:,d} 元"


def sanction(
    event: str, approved_end: dt.date | None, decided_on: dt.date | None, ruleset: RuleSet, on: dt.date
) -> Sanction:
    """Return the sanction of 柒、三: `event` is not_executed (two years from the year after, never before the decision) or
    misuse (the next application filed). Readings A28 and A29 are the lenient, that is the county's present, side.
    """
    if event == "not_executed":
        decided_on, approved_end = _known(decided_on), _known(approved_end)
        decision = ruleset.value("reading.ban_year", on, "lenient") == "decision"
        year = decided_on.year if decision else approved_end.year
        years = ruleset.value("ban.years", on, "lenient")
        first = max(dt.date(year + 1, 1, 1), decided_on)
        return Sanction(ruleset.cite("ban_not_executed"), first, dt.date(year + years, 12, 31))
    if event == "misuse":
        if ruleset.value("reading.next_application", on, "lenient") == "whole_year":
            year = _known(decided_on).year + 1
            return Sanction(ruleset.cite("ban_misused"), dt.date(year, 1, 1), dt.date(year, 12, 31))
        return Sanction(ruleset.cite("ban_misused"), next_application=True)
    raise ValueError(f"unknown event {event!r}")


def _known(day: dt.date | None) -> dt.date:
    if day is None:
        raise ValueError("a day is needed")
    return day


def surcharge(
    attendees: int, payers: int, monthly_cost: int, ruleset: RuleSet, on: dt.date, planned_cost: int | None = None
) -> Surcharge:
    """Return 參、二、3: +20 % of the month's approved cost if payers are at least half of those who came (A22)."""
    _money(monthly_cost)
    if ruleset.value("reading.surcharge_base", on, "lenient") == "planned" and planned_cost is not None:
        monthly_cost = planned_cost
    top, bottom = ruleset.value("surcharge.payers_share", on, "lenient")
    if attendees <= 0 or payers * bottom < attendees * top:
        return Surcharge(0, f"{attendees} 人中 {payers} 人付費，未達 {top}/{bottom}，不增加補助")
    part, whole = ruleset.value("surcharge.extra_share", on, "lenient")
    extra = share_floor(monthly_cost, part, whole)
    message = f"{attendees} 人中 {payers} 人付費，達 {top}/{bottom}：{monthly_cost:,d} 元 × {part * 100 / whole:g}% = {extra:,d} 元"
    return Surcharge(extra, message)


def envelope(
    year: int,
    approved_so_far: int,
    total: int,
    ruleset: RuleSet,
    on: dt.date | None = None,
    entered: int | None = None,
) -> tuple[Finding, ...]:
    """Return findings of 捌、二: what is approved in the year (AD) against its 30,000,000; equal passes. `on` is the day
    of the decision. 「預計」: the sum that the county has `entered` for the year replaces the text's sum.
    """
    _money(approved_so_far)
    _money(total)
    day = on or dt.date(year, 12, 31)
    opened = ruleset.parameter("envelope.yearly").values[0].starts_on.year
    if not opened <= year <= ruleset.value("envelope.last_year", day, "lenient"):
        message = f"{roc_year(year)}年沒有編列這個方案的經費，不能核定。"
        cited = ruleset.cite("year_closed")
        return (Finding(cited, ERROR, message, requested=total, allowed=0, over=total, unit=TWD, suggested=0),)
    yearly = ruleset.value("envelope.yearly", min(day, dt.date(year, 12, 31)), "lenient")
    most = yearly if entered is None else _money(entered)
    together = approved_so_far + total
    if together <= most:
        return ()
    hard = ruleset.value("reading.envelope", day, "lenient") == "hard"
    arithmetic = f"已核定 {approved_so_far:,d} 元＋本案 {total:,d} 元 = {together:,d} 元"
    message = f"{roc_year(year)}年度經費 {most:,d} 元：{arithmetic}，超出 {together - most:,d} 元"
    message += "，不能核定。" if hard else "；核定時請附簽文號。"
    return (
        Finding(ruleset.cite("year_money"), ERROR if hard else WARNING, message, requested=together, allowed=most, over=together - most, unit=TWD,
                suggested=max(0, most - approved_so_far), arithmetic=arithmetic),
    )  # fmt: skip


def unit_envelope(budget: int, approved_so_far: int, total: int, ruleset: RuleSet) -> tuple[Finding, ...]:
    """Return findings of 陸 of the Miaoli plan: each unit enters its own budget, and the approver is warned of an excess."""
    for amount in (budget, approved_so_far, total):
        _money(amount)
    over = approved_so_far + total - budget
    if over <= 0:
        return ()
    message = (
        f"本單位年度經費 {budget:,d} 元，核定後合計 {approved_so_far + total:,d} 元，超出 {over:,d} 元；請附簽文號。"
    )
    spare = max(0, budget - approved_so_far)
    return (
        Finding(
            ruleset.cite("year_money"),
            WARNING,
            message,
            requested=approved_so_far + total,
            allowed=budget,
            over=over,
            unit=TWD,
            suggested=spare,
        ),
    )


def settlement_due(completed_on: dt.date, is_workday: Callable[[dt.date], bool], ruleset: RuleSet, on: dt.date) -> Due:
    """Return the last day of 柒、二 by 行政程序法48 (A27): the first day is not counted; a period from the 1st ends with the
    month, any other the day before the corresponding day, or with the month if it has none; a day off moves to the next
    workday.
    """
    months = ruleset.value("settlement.months", on, "lenient")
    start = completed_on + dt.timedelta(days=1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if start.day > length:
        last = dt.date(year, month + 1, length)
    else:
        last = dt.date(year, month + 1, start.day) - dt.timedelta(days=1)
    due = last
    while not is_workday(due):
        due += dt.timedelta(days=1)
    return Due(due, last.weekday() == SATURDAY and due != last)


def receipt_days(ruleset: RuleSet, on: dt.date) -> int:
    """Return within how many days the receipt of the first instalment is asked for; the text names none, so the county
    does.
    """
    days: int = ruleset.value("instalment.receipt_days", on, "lenient")
    return days


def completion_day(planned_end: dt.date, actual_end: dt.date | None, ruleset: RuleSet, on: dt.date) -> dt.date:
    """Return the day from which the period runs: the recorded actual end, else the planned one (A27)."""
    if actual_end is None or ruleset.value("reading.completion", on, "lenient") == "planned":
        return planned_end
    return actual_end


def attendance_findings(
    monthly_average: Mapping[str, Exact | Decimal], ruleset: RuleSet, on: dt.date
) -> tuple[Finding, ...]:
    """Return findings of 參、三、2 at settlement: months whose average of users fell below 15 (A23). `monthly_average` maps
    "2010-04" to a number; under the ruling at_start there are none.
    """
    if ruleset.value("reading.users_when", on) == "at_start":
        return ()
    least = ruleset.value("day_care.users", on, "lenient")
    hard = ruleset.value("reading.users_when", on, "lenient") == "throughout"
    return tuple(
        Finding(
            ruleset.cite("attendance"),
            ERROR if hard else WARNING,
            f"{format_month(month)}平均服務 {float(average):g} 位，不足 {least} 位，請說明。",
            month=month,
            requested=average,
            allowed=least,
            over=least - average,
            unit="persons",
            suggested=least,
        )
        for month, average in sorted(monthly_average.items())
        if average < least
    )


def _money(amount: int) -> int:
    if type(amount) is not int or amount < 0:
        raise ValueError("an amount is a whole number of NT dollars, 0 or more")
    return amount
