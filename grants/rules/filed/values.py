"""Whether one value of a file can stand where it stands: each check returns a sentence about what is wrong, or ""."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from grants.rules.filed.shape import Key
from grants.rules.rulings import TYPES

Check = Callable[[Any, Key], str]
MOST_PARTS = 60
MOST_MONEY = 999_999_999
# No law is older; what is smaller is a year of the Republic.
FIRST_YEAR = 1900
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")
_CLAUSE = re.compile(r"[A-Z][A-Za-z0-9.]{0,11}")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def wrong(value: Any, key: Key) -> str:
    """Return what is wrong with the value of a key; "" if nothing is."""
    return CHECKS[key.type](value, key)


def _text(value: Any, key: Key) -> str:
    if not isinstance(value, str) or not value.strip():
        return "要寫文字，用引號括起來"
    if len(value) > key.most:
        return f"最多 {key.most} 個字，現在有 {len(value)} 個"
    return "有看不見的字元" if _NOT_SHOWN.search(value) else ""


def _matching(pattern: re.Pattern[str], sentence: str) -> Check:
    return lambda value, _: "" if isinstance(value, str) and pattern.fullmatch(value) else sentence


def _int(value: Any, _: Key) -> str:
    return "" if type(value) is int and 0 < value <= MOST_MONEY else "要寫大於 0 的整數"


def _bool(value: Any, _: Key) -> str:
    return "" if isinstance(value, bool) else "要寫 true 或 false"


def _date(value: Any, _: Key) -> str:
    if type(value) is not dt.date:
        return "要寫日期，例如 2027-01-01，不用引號"
    return "" if value.year >= FIRST_YEAR else "年份要寫西元，例如民國99年寫 2010"


def _choice(value: Any, key: Key) -> str:
    return "" if isinstance(value, str) and value in key.choices else f"要是其中一個：{'、'.join(key.choices)}"


def _list(check: Check) -> Check:
    def of(value: Any, key: Key) -> str:
        if not isinstance(value, list) or not value:
            return '要寫一串，用方括號，例如 ["yl_meals"]'
        if len(value) > MOST_PARTS:
            return f"最多 {MOST_PARTS} 個"
        if len({str(part) for part in value}) < len(value):
            return "有重複的"
        return next((sentence for part in value if (sentence := check(part, key))), "")

    return of


def _table(check: Check) -> Check:
    def of(value: Any, key: Key) -> str:
        if not isinstance(value, dict) or not value:
            return "要寫成 { 代碼 = 值 }"
        if len(value) > MOST_PARTS:
            return f"最多 {MOST_PARTS} 個"
        return next((sentence for part in value.values() if (sentence := check(part, key))), "")

    return of


def _either(value: Any, _: Key) -> str:
    return "" if isinstance(value, (str, bool)) else "要寫 true、false 或選項的代碼"


def _answer(value: Any, key: Key) -> str:
    return _list(_either)(value, key) if isinstance(value, list) else _either(value, key)


def _amount(value: Any, _: Key) -> str:
    return "" if (type(value) is int and value >= 0) or isinstance(value, bool) else "要寫 0 以上的整數，或 true、false"


def _rows(value: Any, _: Key) -> str:
    return (
        ""
        if isinstance(value, list) and all(isinstance(row, dict) for row in value)
        else "要寫成 [[programme.question]]"
    )


def _values(value: Any, _: Key) -> str:
    """The dated values of a parameter; their types are looked at with the parameter's (`of_parameter`)."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return "要寫成 [{ from = 2027-01-01, value = 20000 }]"
    if len(value) > MOST_PARTS:
        return f"最多 {MOST_PARTS} 個"
    days = []
    for row in value:
        if set(row) not in ({"from", "value"}, {"from", "strict", "lenient"}):
            return "每個值要有 from 和 value（或 from、strict 和 lenient）"
        if sentence := _date(row["from"], Key("date", "")):
            return f"from {sentence}"
        days.append(row["from"])
    return "" if days == sorted(set(days)) else "日期要由早到晚，不能重複"


def of_parameter(kind: str, value: Any, choices: Any) -> str:
    """Return what is wrong with one value of a parameter of this type; "" if nothing is."""
    if kind == "ratio":
        whole = isinstance(value, list) and len(value) == 2 and all(type(part) is int for part in value)
        return "" if whole and 0 <= value[0] <= value[1] and value[1] > 0 else "比例要寫成 [5, 100]，前面不大於後面"
    if kind == "choice":
        return "" if isinstance(value, str) and value in (choices or {}) else "要是 choices 裡的一個"
    if kind == "int":
        return "" if type(value) is int and 0 <= value <= MOST_MONEY else "要寫 0 以上的整數"
    if kind == "date":
        return _date(value, Key("date", ""))
    if kind == "list":
        fine = isinstance(value, list) and value and len({type(part) for part in value}) == 1
        return (
            "" if fine and all(type(part) in (str, int) for part in value) else "要寫一串文字或整數，例如 [30, 14, 3]"
        )
    if kind == "table":
        fine = isinstance(value, dict) and all(type(part) is int and part >= 0 for part in value.values())
        return "" if fine else "要寫成 { 代碼 = 金額 }"
    return "" if isinstance(value, TYPES[kind]) and value != "" else "不是這個種類的值"


_of_code = _matching(_CODE, "代碼用小寫英文字母、數字和 _，2 到 30 個字，以字母開頭")
_of_clause = _matching(_CLAUSE, "條文代碼以大寫英文字母開頭，只用英文字母、數字和點，最多 12 個字")
_of_any_code = _matching(re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,29}"), "要寫代碼")
_of_parameter_name = _matching(_PARAMETER, "標準的名稱要像 lecturer.hourly：小寫英文字母、數字、_，中間用點分開")

CHECKS: dict[str, Check] = {
    "text": _text,
    "int": _int,
    "bool": _bool,
    "date": _date,
    "choice": _choice,
    "new": _of_code,
    "slug": _of_code,
    "prefix": _matching(re.compile(r"(?!own$)[a-z]{2,4}"), "要寫二到四個小寫英文字母，不能是 own"),
    "address": _matching(re.compile(r"[a-z][a-z0-9-]{1,49}"), "要寫小寫英文字母、數字和 -，以字母開頭"),
    "number_prefix": _matching(re.compile(r"[A-Z0-9]{1,4}"), "要寫一到四個大寫英文字母或數字"),
    "clause": _of_clause,
    "code": _of_any_code,
    "parameter": _of_parameter_name,
    "texts": _list(_text),
    "codes": _list(_of_any_code),
    "choices": _list(_choice),
    "titles": _table(_text),
    "steps": _table(_choice),
    "cites": _table(_of_any_code),
    "where": _table(_either),
    "answers": _table(_either),
    "answer": _answer,
    "example": _table(_amount),
    "rows": _rows,
    "values": _values,
}
