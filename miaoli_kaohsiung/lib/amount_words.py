"""Amounts in words (國字大寫) as money papers print them, and the mixed form of letters."""

import re

_DIGITS = "零壹貳參肆伍陸柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("", "萬", "億", "兆")
_LIMIT = 10_000 ** len(_GROUPS)


def in_words(amount: int) -> str:
    """Return 123456 as 新臺幣壹拾貳萬參仟肆佰伍拾陸元整. Whole dollars from 0; below 0 or from 10**16: ValueError."""
    words = ""
    skipped = False
    for unit, group in _groups(amount):
        if group == 0:
            skipped = True
            continue
        if words and (skipped or group < 1000):
            words += "零"
        words += _group_in_words(group) + unit
        skipped = False
    return f"新臺幣{words or '零'}元整"


def mixed(amount: int) -> str:
    """Return 123456 as 新臺幣12萬3,456元整, as the text of letters gives amounts."""
    parts = [f"{group:,d}{unit}" for unit, group in _groups(amount) if group]
    return f"新臺幣{''.join(parts) or '0'}元整"


def in_letter_style(arithmetic: str) -> str:
    """Return the same sums as letters write them: 108,900 元 becomes 10萬8,900元."""
    amounts = re.compile(r"([\d,]+) 元")
    shortened = amounts.sub(lambda found: _short(int(found[1].replace(",", ""))), arithmetic)
    return shortened.replace(" ", "")


def _short(amount: int) -> str:
    return mixed(amount).removeprefix("新臺幣").removesuffix("整")


def _groups(amount: int) -> list[tuple[str, int]]:
    """Return the amount in groups of four digits with their units, highest first, without leading empty ones."""
    if not 0 <= amount < _LIMIT:
        raise ValueError("金額須為0以上、1京以下的整數。")
    groups = []
    for unit in _GROUPS:
        if amount == 0:
            break
        amount, group = divmod(amount, 10_000)
        groups.append((unit, group))
    return groups[::-1]


def _group_in_words(group: int) -> str:
    """Return 1 to 9999 in words, with one 零 for zeros between digits and none for zeros at either end."""
    words = ""
    pending_zero = False
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit == "0":
            pending_zero = bool(words)
            continue
        words += ("零" if pending_zero else "") + _DIGITS[int(digit)] + place
        pending_zero = False
    return words
