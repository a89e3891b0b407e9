"""Dispatch numbers (發文字號) as counties and ministries write them: 府社區字第0990001234A號, 臺教資(六)字第1060083450B號, and
the branches of one number: 府社區字第0990001234號之1, 府社區字第0990001234號(一).

An unusual number is for the form to ask about, not to refuse: the county's document system made it.
"""

import re
import unicodedata

from miaoli_kaohsiung.lib.text import half_width

MOST = 50
# The office's word, 字第 or 字, six to twelve digits, a branch letter or a branch number, before 號 or behind it.
_USUAL = re.compile(
    r"[^\s\d號]{1,20}字第?\d{6,12}(?:[A-Z]{1,2}|[-之]\d{1,3})?號(?:之\d{1,3})?(?:\([一二三四五六七八九十]{1,3}\))?"
)


def read(typed: str) -> str:
    """Return the number as a letter prints it: half-width, without spaces, without the document's kind after 號.

    Raises ValueError with a sentence for the person who typed.
    """
    number = re.sub(r"\s+", "", half_width(typed))
    number = re.sub(r"號(?:函|書函|令|公告)$", "號", number)
    if not any(char.isdigit() for char in number) or len(number) > MOST:
        raise ValueError("請照公文系統給的字號輸入，例如 府社區字第0990001234號。")
    return number


def is_usual(number: str) -> bool:
    """Return whether it has the form in which nearly all numbers are written."""
    return _USUAL.fullmatch(number.upper()) is not None


def folded(number: str) -> str:
    """Return the number for comparison: 台 and 臺, full and half width, a and A, 之1號, 號之1 and -1號 are the same."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", number))
    return flat.upper().replace("台", "臺").replace("號", "").replace("之", "-")
