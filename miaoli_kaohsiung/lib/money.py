"""Whole NT dollars in integers: the only place that rounds, and how amounts are read and shown.

Free of Django, so that the rules of law may use it. Messages of ValueError are sentences for the person who typed.
"""

import re

from miaoli_kaohsiung.lib.text import half_width

# Beyond any county budget and far within a bigint, so that sums of many rows fit too.
MAX_AMOUNT = 999_999_999_999

_AFFIXES = re.compile(
    r"^(?:新?[臺台]幣|NTD|TWD|NT)?\s*\$?\s*(.*?)\s*(?:(?:[元圓][整正]?|塊錢?)。?)?$", re.IGNORECASE | re.DOTALL
)
_MINUS = re.compile(r"^[-−–—]")
_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECIMAL = re.compile(r"[0-9,]*\.[0-9]*")


def floor_div(numerator: int, denominator: int) -> int:
    """Return the quotient rounded down to whole dollars. Integers only; the denominator is positive."""
    if not (_is_whole(numerator) and _is_whole(denominator)):
        raise TypeError("money is counted in whole dollars: integers only")
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    return numerator // denominator


def share_floor(amount: int, numerator: int, denominator: int) -> int:
    """Return amount × numerator / denominator, rounded down once, after the multiplication."""
    if not _is_whole(amount):
        raise TypeError("money is counted in whole dollars: integers only")
    return floor_div(amount * numerator, denominator)


def parse_amount(text: str) -> int:
    """Read an amount as typed: 12345, 12,345, １２，３４５, NT$12,345, 新臺幣12,345元整, 台幣500元, 500塊.

    Returns whole dollars from 0 to MAX_AMOUNT. Raises ValueError with a sentence for the person who typed.
    """
    body = _AFFIXES.sub(r"\1", half_width(text))
    if not body:
        raise ValueError("請填寫金額，例如 12,345。")
    if _MINUS.match(body):
        raise ValueError("金額不可以是負數，請填 0 以上的整數。")
    if _DECIMAL.fullmatch(body) and body != ".":
        raise ValueError("金額以元為單位，請填整數，不要有小數點。")
    if not (_PLAIN.fullmatch(body) or _GROUPED.fullmatch(body)):
        raise ValueError(_what_is_wrong(body))
    digits = body.replace(",", "").lstrip("0") or "0"
    if len(digits) > len(str(MAX_AMOUNT)):
        raise ValueError("金額太大，請檢查是否多打了數字。")
    return int(digits)


def format_amount(amount: int) -> str:
    """Return 12345 as 12,345."""
    return f"{amount:,d}"


def _what_is_wrong(body: str) -> str:
    if re.fullmatch(r"[0-9,]+", body):
        return "千分位逗號的位置不對，請填像 12,345 或 12345 的數字。"
    return "金額只能填阿拉伯數字，例如 12,345；不要填國字、英文或其他符號。"


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
