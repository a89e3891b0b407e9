"""What the clauses of enforcement M want recorded: which figures, by whom, and by when. Reads no database.

A duty of an award follows from its programme and lines, one of an association from its tier and its board's term. A
duty of a county comes once a year; an occasion is one for which an officer sets day and name; an event is set for a
case. The kinds and their rhythm are in `grants.rules.tasks`; dates that no clause names are the portal's defaults.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.rules import catalogue, tasks
from grants.rules.days import months_on
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib.numbers import whole_number
from miaoli_kaohsiung.lib.office_calendar import Calendar
from miaoli_kaohsiung.lib.roc_date import format_month, format_roc, roc_year

MEMBER = Role.MEMBER
OFFICER = Role.CASE_OFFICER
ONCE = "once"
# The tier by which an association without one is guided.
UNTIERED = "basic"


@dataclass(frozen=True)
class Duty:
    """A kind of duty. `figures` are whole numbers to enter; `file` says whether a paper must be attached, `note`
    whether words are asked for; `stages` is what is recorded about single associations at an occasion.
    """

    key: str
    by: Role
    scope: str
    text: str | Promise
    figures: tuple[tuple[str, str | Promise], ...] = ()
    file: bool = False
    note: bool = True
    stages: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return tasks.KINDS[self.key].title

    @property
    def rhythm(self) -> str:
        return tasks.KINDS[self.key].rhythm


_PEOPLE = ("people", _l("參加人數"))
_ROWS = (
    Duty("register_update", MEMBER, "award", _l("更新社區關懷名冊，填各類人數。名冊留在單位，不用上傳。"), (
        ("living_alone", _l("獨居老人")), ("disabled", _l("身心障礙者")), ("low_income", _l("低收入戶")),
        ("new_immigrants", _l("新移民婦女")), ("single_parent", _l("單親")))),
    Duty("statistics_report", MEMBER, "award", _l("填這個月的服務統計。"), (
        ("visits", _l("關懷訪視次數")), ("calls", _l("電話問安次數")), ("referrals", _l("轉介件數")))),
    Duty("monthly_visits", MEMBER, "award", _l("每位長者每月至少一次訪視或電話問安。"), (
        ("elders", _l("服務長者人數")), ("visits", _l("關懷訪視次數")), ("calls", _l("電話問安次數")))),
    Duty("rental_visits", MEMBER, "award", _l("督導人員這個月督訪出租房舍的紀錄。"), (("visits", _l("督訪次數")),)),
    Duty("carer_training", MEMBER, "award", _l("照顧者開始支領費用前，要先上過照顧教育訓練。"), (
        ("hours", _l("訓練時數")), _PEOPLE), file=True),
    Duty("monthly_meeting", MEMBER, "award", _l("這個月聯繫會報的紀錄。"), (_PEOPLE,)),
    Duty("training_record", MEMBER, "award",
         _l("支領輔導人員費的人，都要參加縣府或輔導團隊的訓練；請寫姓名和訓練名稱。結報前要登錄。"), (_PEOPLE,)),
    Duty("activity_log", MEMBER, "award", _l("簡單記下這個月辦了什麼、留下哪些資料。"), (_PEOPLE,)),
    Duty("withholding", MEMBER, "award",
         _l("今年付給個人的酬勞、鐘點費，請依所得稅法辦理扣繳或申報；稅率不在補助辦法，請洽國稅局。"), (
             ("payees", _l("領款人數")),)),
    Duty("presentation", OFFICER, "event", _l("邀請提案單位簡報說明。")),
    Duty("site_visit", OFFICER, "event", _l("派員或邀請專家學者前往督導。")),
    Duty("guidance", OFFICER, "association",
         _l("到社區看會務、財務和業務，記下談了什麼、下次要做什麼。")),
    Duty("assembly", MEMBER, "association", _l("今年的會員大會開過了，填開會的日期；紀錄可以拍照附上。"), note=False),
    Duty("board_meeting", MEMBER, "association", _l("理事會和監事會都開過了，填開會的日期；紀錄可以拍照附上。"), note=False),
    Duty("election", MEMBER, "association", _l("理事、監事和理事長改選好了，填改選的日期；選舉結果可以拍照附上。"), note=False),
    Duty("accounts", MEMBER, "association",
         _l("去年的決算和今年的預算經監事會審核、提會員大會通過，填通過的日期；報表可以拍照附上。"), note=False),
    Duty("officers_roster", MEMBER, "association",
         _l("理事、監事和會務人員名冊造好、送公所或縣府了，填送出的日期；名冊可以拍照附上。"), note=False),
    Duty("property_list", MEMBER, "association", _l("會裡的財產盤點過、造好清冊了，填盤點的日期；清冊可以拍照附上。"), note=False),
    Duty("profile_renewal", MEMBER, "association", _l("看過登記的資料都對，就按「資料都對」；不對的先更正。"), note=False),
    Duty("selection_campaign", OFFICER, "occasion", _l("金卓越社區選拔：報名、輔導與結果。"), (
        ("entries", _l("報名社區數")),), stages=("entered", "mentored", "result")),
    Duty("yearly_evaluation", OFFICER, "county", _l("辦理年度社區評鑑。"), (("evaluated", _l("受評社區數")),)),
    Duty("training_event", OFFICER, "occasion", _l("辦理社區幹部教育訓練，登錄出席。"), (_PEOPLE,),
         stages=("attended",)),
    Duty("observation_visit", OFFICER, "occasion", _l("辦理績優社區觀摩參訪，登錄參加的社區和成果。"), (_PEOPLE,),
         stages=("attended",)),
)  # fmt: skip
DUTIES = {row.key: row for row in _ROWS}
OF_ASSOCIATIONS = tuple(key for key, duty in DUTIES.items() if duty.scope == "association")
# Of these, what the association itself owes each year (M5.5a, M5.5b).
OWED = tuple(key for key in OF_ASSOCIATIONS if DUTIES[key].by == MEMBER)
# Done by saying that the record is right, on the page that shows it, and in no other way.
PROFILE = "profile_renewal"
# What is held in the year that it is owed for, or later; a list may be made at the end of the year before.
OF_THEIR_YEAR = ("assembly", "board_meeting", "accounts", "guidance")
OCCASIONS = tuple(key for key, duty in DUTIES.items() if duty.scope == "occasion")
# Courses and visits have a room of their own (`communities.services.training`): no more of them are set here.
SET_HERE = tuple(key for key in OCCASIONS if "attended" not in DUTIES[key].stages)
# Kinds of task that are no duties: the settlement has its own deadline, and incidents are never reported here.
ELSEWHERE = {
    "settlement_due": "grants.services.reminders.deadlines",
    "report_incidents": "templates/grants/duties/_incidents.html",
}


@dataclass(frozen=True)
class Wanted:
    """A duty that is due, with its period ("2010-05", "2010", "once") and last day."""

    duty: Duty
    period: str
    due_on: dt.date


# How many days before a meeting its notice must be sent: 人民團體法26, 督導各級人民團體實施辦法5.
NOTICE_DAYS = {"assembly": 15, "board_meeting": 7}


def in_words(key: str, period: str, due_on: dt.date | None) -> str:
    """Return the duty's name with its month or year; for a meeting also the last day for its notice."""
    duty, when = DUTIES[key], ""
    if len(period) == 7 and period[4] == "-":
        when = f"（{format_month(period)}）"
    elif len(period) == 4 and (year := whole_number(period)):
        when = _("（%(year)d年）") % {"year": roc_year(year)}
    if key not in NOTICE_DAYS or due_on is None:
        return f"{duty.title}{when}"
    days = NOTICE_DAYS[key]
    last = format_roc(due_on - dt.timedelta(days=days))
    words = _("%(what)s：請訂日期；開會通知要在 %(days)d 天前寄出，最晚 %(last)s")
    return words % {"what": f"{duty.title}{when}", "days": days, "last": last}


def period_in_words(period: str) -> str:
    """Return the period of a duty as people read it: 2010-05 is 99年5月, 2010 is 99年, 2010/2 is 99年第2次; "" for once and
    for numbers of events.
    """
    year, place = period[:4], period[5:]
    number = whole_number(year)
    if number is None or len(year) < 4:
        return ""
    words = f"{roc_year(number)}年"
    if not place:
        return words
    return words + (f"第{place}次" if period[4] == "/" else f"{int(place)}月")


def of_award(
    programme: str,
    items: Sequence[str],
    starts_on: dt.date,
    ends_on: dt.date,
    today: dt.date,
    every: int,
    due_day: int,
    days: Calendar,
) -> Iterator[Wanted]:
    """Yield the duties of an award with this programme and these approved items by today, month by month from its first."""
    for kind in tasks.kinds_for(programme):
        duty = DUTIES.get(kind.key)
        if duty is None or duty.scope != "award" or not _called_for(duty, items):
            continue
        if duty.rhythm == "monthly":
            months = list(_months(starts_on, min(ends_on, today)))
            step = every if duty.key == "statistics_report" else 1
            for place, (year, month) in enumerate(months, 1):
                if place % step == 0 or (year, month) == (ends_on.year, ends_on.month):
                    yield Wanted(duty, f"{year}-{month:02}", _day_after(year, month, due_day, days))
        elif duty.rhythm == "yearly":
            years = range(starts_on.year, min(ends_on.year, today.year) + 1)
            for year in (year for year in years if today >= dt.date(year, 12, 1)):
                yield Wanted(duty, str(year), days.next_workday(dt.date(year, 12, 31)))
        else:
            yield Wanted(duty, ONCE, starts_on if duty.key == "carer_training" else ends_on)


def of_county(keys: Sequence[str], today: dt.date, days: Calendar) -> Iterator[Wanted]:
    """Yield the county's duties of this year."""
    for key in keys:
        if (duty := DUTIES.get(key)) and duty.scope in ("county", "occasion"):
            yield Wanted(duty, str(today.year), days.next_workday(dt.date(today.year, 12, 31)))


def of_association(
    tier: str,
    term_ends: dt.date | None,
    year: int,
    numbers: Mapping[str, int],
    days: Calendar,
    confirmed_on: dt.date | None = None,
) -> Iterator[Wanted]:
    """Yield an association's duties of a year: the county's visits by its tier (M4.3b), its meetings, election, accounts
    and lists (M5.5a), and its profile, last `confirmed_on` a day, again (M5.5b).

    `numbers` are the parameters of the law by name. The visits are spread evenly; each is due at the end of a month.
    """
    visits = min(numbers[f"guidance.visits_{tier or UNTIERED}"], 12)
    yield from (_by_month("guidance", year, place * 12 // visits, days) for place in range(1, visits + 1))
    yield _by_month("assembly", year, numbers["governance.assembly_month"], days, str(year))
    yield _by_month("accounts", year, numbers["governance.accounts_month"], days, str(year))
    yield _by_month("officers_roster", year, numbers["governance.roster_month"], days, str(year))
    yield _by_month("property_list", year, numbers["governance.property_month"], days, str(year))
    yield from _profile(year, confirmed_on, numbers["profile.months"], days)
    every = max(numbers["governance.board_every"], 1)
    yield from (_by_month("board_meeting", year, month, days) for month in range(every, 13, every))
    if term_ends is not None:
        due = term_ends - dt.timedelta(days=numbers["governance.election_days"])
        if due.year == year:
            yield Wanted(DUTIES["election"], f"{term_ends:%Y-%m}", days.next_workday(due))


def _profile(year: int, confirmed_on: dt.date | None, months: int, days: Calendar) -> Iterator[Wanted]:
    """Yield the next confirmation if it is due in this year; what was never confirmed, or long ago, by the year's end."""
    last = dt.date(year, 12, 31)
    due = months_on(confirmed_on, months) if confirmed_on else last
    if due.year <= year:
        yield Wanted(DUTIES[PROFILE], str(year), days.next_workday(due if due.year == year else last))


def _by_month(key: str, year: int, month: int, days: Calendar, period: str = "") -> Wanted:
    """Return the duty, due on the last day of the month or the first workday after it."""
    month = min(max(month, 1), 12)
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return Wanted(DUTIES[key], period or f"{year}-{month:02}", days.next_workday(last))


def _called_for(duty: Duty, items: Sequence[str]) -> bool:
    if duty.key == "training_record":
        return any(catalogue.items()[item].trained for item in items)
    if duty.key == "withholding":
        return any(catalogue.items()[item].pay for item in items)
    return True


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[int, int]]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield number // 12, number % 12 + 1


def _day_after(year: int, month: int, day: int, days: Calendar) -> dt.date:
    """Return the day of the next month, or the first workday after it."""
    return days.next_workday(dt.date(year + month // 12, month % 12 + 1, day))
