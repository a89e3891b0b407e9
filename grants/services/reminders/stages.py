"""When somebody is reminded of a deadline, and in which words. Writes nothing.

A plan is a list of days counted from the due date: -30 is thirty days before it, 1 the day after. If several stages
have come without being sent (the worker stood still, or the deadline was set late), only the newest is sent: one
reminder that is right today, instead of several that were right once.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import AwardStatus, DeadlineKind
from grants.models import Deadline
from grants.queries.law.pages import label_of
from grants.queries.payments import refund_due
from grants.rules.ruleset import load
from grants.services.notices import Words
from miaoli_kaohsiung.lib.due_dates import days_left, reckoned
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

WEEK = 7
OPENING = "opening"
DAY_AFTER = "after-1"
# The farthest ahead that any plan looks, in days.
HORIZON = 90


@dataclass(frozen=True)
class Plan:
    """When reminders are sent: `days` from the due date, ascending; with `weekly` also every seven days after the last;
    with `opening` also at the first run after the deadline was set.
    """

    days: tuple[int, ...]
    weekly: bool = False
    opening: bool = False


@dataclass(frozen=True)
class Stage:
    """One reminder of a deadline: its name within the notice's kind, and whether the due date has passed."""

    name: str
    on: dt.date
    overdue: bool


# For deadlines whose law names no days; the settlement has the law's own (settlement.reminder_days).
PLANS = {
    DeadlineKind.FIRST_RECEIPT: Plan((-7, 0, 1), weekly=True, opening=True),
    DeadlineKind.CORRECTION: Plan((-3, 1)),
    DeadlineKind.RETURN: Plan((-7, 0, 1), weekly=True),
    DeadlineKind.TERM_EXPIRY: Plan((-90,)),
}


def plan_of_days_before(days: Sequence[int]) -> Plan:
    """Return a plan from the rule set's list, where 30 is thirty days before and -1 the day after; weekly after the
    last.
    """
    return Plan(tuple(sorted(-day for day in days)), weekly=True)


def newest_stage(due_on: dt.date, opened_on: dt.date, plan: Plan, today: dt.date) -> Stage | None:
    """Return the last stage that has come by today and not before the deadline was set; None if there is none."""
    passed = (today - due_on).days
    days = [day for day in plan.days if day <= passed]
    if plan.weekly and days and days[-1] == plan.days[-1]:
        days.append(plan.days[-1] + (passed - plan.days[-1]) // WEEK * WEEK)
    if days and (on := due_on + dt.timedelta(days=days[-1])) >= opened_on:
        return Stage(_name(days[-1]), on, overdue=days[-1] > 0)
    return Stage(OPENING, opened_on, overdue=False) if plan.opening and opened_on < today else None


def _name(days: int) -> str:
    if days == 0:
        return "day"
    return f"after-{days}" if days > 0 else f"before-{-days}"


def words(deadline: Deadline, stage: Stage, today: dt.date) -> Words:
    """Return subject, text and address of the reminder, with the date and the days left counted today.

    A term of office has words of its own: `term_words`.
    """
    case = deadline.case
    left = days_left(deadline.due_on, today)
    values = {
        "title": case.title,
        "due": reckoned(deadline.due_on, case.county),
        "left": left,
        "by_clause": _clause_of(deadline),
    }
    headline, body, url = _WORDS[DeadlineKind(deadline.kind)](deadline, stage, values)
    return Words(f"{headline}（{left}）：{case.number} {case.organisation.name}", body, url)


def _clause_of(deadline: Deadline) -> str:
    """Return the clause in brackets; "" if the law names none."""
    if not deadline.clause:
        return ""
    return f"（{label_of(deadline.clause, load(deadline.case.scheme.ruleset))}）"


def office_words(deadline: Deadline) -> Words:
    """Return the words for an office about a deadline that an association has missed: the fact, and what can be done."""
    case, kind = deadline.case, DeadlineKind(deadline.kind)
    headline, act = _OFFICE_WORDS.get(kind, (_("已經逾期"), _("請在「我的工作」處理。")))
    # Sent once, so it counts no days: the desk shows those.
    params = {"title": case.title, "due": format_roc(deadline.due_on), "act": act}
    body = _("「%(title)s」的期限是 %(due)s，已經過了。%(act)s") % params
    url = (
        reverse("grants:application_detail", args=[case.number])
        if kind == DeadlineKind.CORRECTION
        else reverse("grants:award_detail", args=[case.number])
    )
    return Words(f"{headline}：{case.number} {case.organisation.name}", body, url)


def term_words(organisation_id: int, organisation: str, name: str, ends_on: dt.date, today: dt.date) -> Words:
    """Return the reminder ninety days before a chairperson's term ends: time for the election, and who signs afterwards."""
    params = {"name": name, "due": format_roc(ends_on), "left": days_left(ends_on, today)}
    body = _(
        "理事長%(name)s的任期到 %(due)s 屆滿（%(left)s）。請在屆滿前辦理改選，並把新任理事長的資料送縣府備查；"
        "任期屆滿後，原理事長不能再送件或請款。"
    )
    return Words(
        _("理事長任期快要屆滿：%(org)s") % {"org": organisation},
        body % params,
        reverse("communities:community", args=[organisation_id]),
    )


def _receipt(deadline: Deadline, stage: Stage, params: dict[str, Any]) -> tuple[str, str, str]:
    assert deadline.instalment is not None
    params = params | {"number": deadline.instalment.number, "amount": format_amount(deadline.instalment.amount)}
    waits = _("「%(title)s」已核定，第 %(number)d 期款 %(amount)s 元等領據到了就能撥款。")
    if stage.overdue:
        when = _("領據請在 %(due)s前送到，%(left)s，請儘快補送；有困難請打電話給縣府承辦人。")
    else:
        when = _("請在 %(due)s前（%(left)s）送領據。")
    how = _("印出領據、蓋好圖記，拍照或掃描後上傳就可以。")
    return (
        _("請送第一期款領據"),
        (waits + when + how) % params,
        reverse("grants:award_detail", args=[deadline.case.number]),
    )


def _settlement(deadline: Deadline, stage: Stage, params: dict[str, Any]) -> tuple[str, str, str]:
    award = deadline.award
    if award is not None and award.status == AwardStatus.ACTIVE:
        first = _("計畫辦完後，請先登記完成的日期，")
    else:
        first = _("請")
    params = params | {"first": first}
    if stage.overdue:
        headline = _("結報已經逾期")
        body = _(
            "「%(title)s」的結報期限是 %(due)s，%(left)s。%(first)s儘快把原始支出憑證、成果照片和活動資料送來結報"
            "%(by_clause)s。逾期會列入以後補助的參考；有困難請打電話給縣府承辦人，我們一起想辦法。"
        )
    else:
        headline = _("提醒結報")
        body = _(
            "「%(title)s」的結報期限是 %(due)s（%(left)s）。%(first)s把原始支出憑證、成果照片和活動資料送來結報"
            "%(by_clause)s。"
        )
    return headline, body % params, reverse("grants:settlement_detail", args=[deadline.case.number])


def _return(deadline: Deadline, stage: Stage, params: dict[str, Any]) -> tuple[str, str, str]:
    assert deadline.award is not None
    params = params | {"amount": format_amount(refund_due(deadline.award))}
    if stage.overdue:
        headline = _("繳回款已經逾期")
        body = _(
            "「%(title)s」還要繳回 %(amount)s 元，期限是 %(due)s，%(left)s。請儘快繳款；有困難請打電話給縣府承辦人。"
        )
    else:
        headline, body = _("提醒繳回"), _("「%(title)s」要繳回 %(amount)s 元，期限是 %(due)s（%(left)s）。")
    how = _("繳款帳戶寫在結報頁，繳好以後請在那一頁上傳證明。")
    return headline, (body + how) % params, reverse("grants:settlement_detail", args=[deadline.case.number])


def _correction(deadline: Deadline, stage: Stage, params: dict[str, Any]) -> tuple[str, str, str]:
    url = reverse("grants:application_detail", args=[deadline.case.number])
    body = _("「%(title)s」還有資料要補正，請在 %(due)s前（%(left)s）補好送回；過了期限就不能受理。")
    return _("提醒補正"), body % params, url


_OFFICE_WORDS = {
    DeadlineKind.FIRST_RECEIPT: (_l("領據逾期未送"), _l("可以在「我的工作」的「領據逾期」按「催辦」。")),
    DeadlineKind.SETTLEMENT: (_l("結報逾期未送"), _l("可以在「我的工作」的「結報逾期」按「催辦」。")),
    DeadlineKind.RETURN: (_l("繳回逾期"), _l("可以在「我的工作」的「繳回逾期」按「催辦」。")),
    DeadlineKind.CORRECTION: (_l("補正已經逾期"), _l("申請單位還沒有補正。請決定再給期限，或不予受理。")),
}
_WORDS = {
    DeadlineKind.FIRST_RECEIPT: _receipt,
    DeadlineKind.SETTLEMENT: _settlement,
    DeadlineKind.CORRECTION: _correction,
    DeadlineKind.RETURN: _return,
}
