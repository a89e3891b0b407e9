"""What limits a change after the approval, as arithmetic: money moved between lines, longer periods, late requests.

Neither law says how far an approved plan may be changed, so the bounds are the county's (parameters `amendment.…`) and
nothing here is more than a warning: the association has given its reason, two people of the county look at it. What the
law itself forbids the engine finds, as at filing.
"""

import calendar
import datetime as dt

from grants.rules.findings import DAYS, TWD, WARNING, Finding
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.lib.money import share_floor
from miaoli_kaohsiung.lib.roc_date import format_roc


def transfer(line: str, before: int, after: int, ruleset: RuleSet, on: dt.date) -> Finding | None:
    """Return a warning if more flows into a line than the share of what was approved for it; equal passes."""
    top, bottom = ruleset.value("amendment.transfer_share", on, "lenient")
    more = share_floor(before, top, bottom)
    most = before + more
    if after <= most:
        return None
    arithmetic = f"核定 {before:,d} 元 × {top * 100 / bottom:g}% = {more:,d} 元，最多 {most:,d} 元"
    message = f"流入這一項的經費超過核定的 {top * 100 / bottom:g}%：改為 {after:,d} 元，超出 {after - most:,d} 元。"
    return Finding(_clause(ruleset, "amendment.transfer_share"), WARNING, message, line=line, requested=after,
                   allowed=most, over=after - most, unit=TWD, suggested=most, arithmetic=arithmetic)  # fmt: skip


def added(line: str, amount: int, ruleset: RuleSet, on: dt.date) -> Finding:
    """Return the warning of a line that the approval did not have: all of its money was approved for other lines."""
    message = f"原核定沒有這一項，新增的 {amount:,d} 元全部由其他項目流入。"
    return Finding(_clause(ruleset, "amendment.transfer_share"), WARNING, message, line=line, requested=amount,
                   allowed=0, over=amount, unit=TWD)  # fmt: skip


def beyond(approved: int, after: int) -> str:
    """Return the sentence that refuses a total above what was approved, "" if it is kept."""
    if after <= approved:
        return ""
    return f"變更後合計 {after:,d} 元，超過核定的 {approved:,d} 元，多出 {after - approved:,d} 元；請從別的項目減列。"


def longer_period(first_end: dt.date, ends_on: dt.date, ruleset: RuleSet, on: dt.date) -> Finding | None:
    """Return a warning if the plan ends later than the county's months after the day first approved; equal passes."""
    months = ruleset.value("amendment.extension_months", on, "lenient")
    last = months_after(first_end, months)
    if ends_on <= last:
        return None
    arithmetic = f"原核定迄日 {format_roc(first_end)} ＋ {months} 個月 = {format_roc(last)}"
    message = f"展延超過 {months} 個月：改為 {format_roc(ends_on)}，晚 {(ends_on - last).days} 日。"
    return Finding(_clause(ruleset, "amendment.extension_months"), WARNING, message, requested=ends_on, allowed=last,
                   over=(ends_on - last).days, unit=DAYS, arithmetic=arithmetic, fact="ends_on")  # fmt: skip


def later_settlement(due: dt.date, until: dt.date, ruleset: RuleSet, on: dt.date) -> Finding | None:
    """Return a warning if the settlement gets more than the county's days beyond its legal term; equal passes."""
    days = ruleset.value("amendment.settlement_days", on, "lenient")
    last = due + dt.timedelta(days=days)
    if until <= last:
        return None
    arithmetic = f"結報期限 {format_roc(due)} ＋ {days} 日 = {format_roc(last)}"
    message = f"結報展延超過 {days} 日：改為 {format_roc(until)}，晚 {(until - last).days} 日。"
    return Finding(_clause(ruleset, "amendment.settlement_days"), WARNING, message, requested=until, allowed=last,
                   over=(until - last).days, unit=DAYS, arithmetic=arithmetic, fact="settlement_until")  # fmt: skip


def asked_late(ends_on: dt.date, asked_on: dt.date, ruleset: RuleSet, on: dt.date) -> Finding | None:
    """Return a warning if a change of the plan is asked for less than the county's days before the plan ends."""
    days = ruleset.value("amendment.notice_days", on, "lenient")
    last = ends_on - dt.timedelta(days=days)
    if asked_on <= last:
        return None
    arithmetic = f"執行迄日 {format_roc(ends_on)} − {days} 日 = {format_roc(last)}"
    message = f"{format_roc(asked_on)} 才提出，晚了 {(asked_on - last).days} 日。"
    return Finding(_clause(ruleset, "amendment.notice_days"), WARNING, message, requested=asked_on, allowed=last,
                   over=(asked_on - last).days, unit=DAYS, arithmetic=arithmetic, fact="asked_on")  # fmt: skip


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last of that month if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _clause(ruleset: RuleSet, name: str) -> str:
    return ruleset.parameter(name).clause
