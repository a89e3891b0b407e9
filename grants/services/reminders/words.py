"""The words of a reminder: marks such as 【期限】 in the county's text, filled in when it is sent.

The marks are a closed list, each explained to whoever edits the words.
"""

import re
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grants.queries.reminders.table import Reminder
from grants.services.notices import Words

MARK = re.compile("【([^【】]*)】")
# What stands for nothing, in a text without pairs.
BRACKET = re.compile("[【】]")

EXPLAINED: dict[str, str | Promise] = {
    "案號": _l("案件的號碼，例如 88-099-0001"),
    "單位": _l("申請單位的全名"),
    "計畫": _l("計畫名稱"),
    "期限": _l("到期的日子，例如 99年7月31日；期限本身不會因為提醒而改變"),
    "剩餘天數": _l("寄的那天算起：「還有 14 天」「今天到期」「已逾 3 天」"),
    "聯絡方式": _l("「有問題請洽縣府承辦人」，加上姓名和電話"),
    "條文": _l("期限依據的條文"),
    "稱呼": _l("貴會、貴校等，依單位的類別"),
    "期別": _l("第幾期款"),
    "金額": _l("這一期，或要繳回的金額"),
    "先做的事": _l("計畫還沒登記完成時是「計畫辦完後，請先登記完成的日期，」，已登記就是「請」"),
    "職稱": _l("理事長、校長、負責人等，依單位"),
    "姓名": _l("理事長（或別的負責人）的姓名"),
    "事項": _l("要辦的事，例如「會員大會」"),
    "說明": _l("這件事要做什麼"),
    "對象": _l("「：」加上案號和單位名稱；都沒有就空白"),
    "件數": _l("要輔導幾個社區"),
    "名單": _l("要輔導的社區名稱"),
    "委員": _l("審查委員的姓名"),
    "地點": _l("訪視的地點，沒有填就是「—」"),
}
# Values for a county that has nothing of the kind yet.
EXAMPLES = {
    "案號": "88-099-0001",
    "單位": "示範社區發展協會",
    "計畫": "長者共餐",
    "期限": "99年7月31日",
    "剩餘天數": "還有 14 天",
    "聯絡方式": "有問題請洽縣府承辦人，電話在本頁最下方。",
    "條文": "",
    "稱呼": "貴會",
    "期別": "1",
    "金額": "50,000",
    "先做的事": "請",
    "職稱": "理事長",
    "姓名": "示範理事長",
    "事項": "會員大會",
    "說明": "今年的會員大會開過了，填開會的日期。",
    "對象": "：示範社區發展協會",
    "件數": "2",
    "名單": "示範社區發展協會、範例社區發展協會",
    "委員": "示範委員",
    "地點": "社區活動中心",
}
_OF_CASES = ("案號", "單位", "稱呼", "計畫", "期限", "剩餘天數", "聯絡方式")
# Nothing of the plan: interest is declared before it is read.
_OF_REVIEWS = ("案號", "單位", "期限", "剩餘天數", "聯絡方式", "委員")
ALLOWED: dict[str, tuple[str, ...]] = {
    "receipt": (*_OF_CASES, "期別", "金額"),
    "correction": _OF_CASES,
    "settlement": (*_OF_CASES, "條文", "先做的事"),
    "settlement_fix": _OF_CASES,
    "return": (*_OF_CASES, "金額"),
    "overpaid": (*_OF_CASES, "金額"),
    "ban_end": (*_OF_CASES, "條文"),
    "term_expiry": ("單位", "職稱", "姓名", "期限", "剩餘天數"),
    "duty": ("事項", "說明", "對象", "案號", "期限", "剩餘天數", "條文"),
    "yearly": ("事項", "說明", "對象", "期限", "剩餘天數", "條文"),
    "visit": ("單位", "期限", "剩餘天數", "地點"),
    "visits": ("件數", "名單", "期限", "剩餘天數"),
    "interest": _OF_REVIEWS,
    "scores": _OF_REVIEWS,
}
# A text on a telephone holds nothing personal: the case, the thing to do, and the day.
SHORT = ("案號", "期限", "剩餘天數", "事項", "件數")


def marks_of(reminder: Reminder, *, short: bool = False) -> tuple[str, ...]:
    """Return the marks that the reminder's words may hold."""
    found = ALLOWED[reminder.of]
    return tuple(name for name in found if name in SHORT) if short else found


def unknown(text: str, allowed: Iterable[str]) -> list[str]:
    """Return what stands in brackets and is no mark, and brackets without their pair."""
    found = [f"【{name}】" for name in MARK.findall(text) if name not in set(allowed)]
    return found + BRACKET.findall(MARK.sub("", text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each mark replaced by its value."""
    return MARK.sub(lambda mark: values.get(mark[1], mark[0]), text)


def said(reminder: Reminder, values: Mapping[str, str], url: str) -> Words:
    """Return the subject, text, address and short text that somebody receives."""
    texts = (filled(text, values).strip() for text in (reminder.subject, reminder.body, reminder.short))
    subject, body, short = texts
    return Words(subject, body, url, short)
