"""The treasury's file as rows of texts: its columns are found by their heads, in any order."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from miaoli_kaohsiung.files.sheets import Limits, rows_of
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.safe_cell import plain_cell
from miaoli_kaohsiung.lib.text import half_width

MOST_ROWS = 1_000
LIMITS = Limits(bytes=5 * 1024 * 1024, rows=MOST_ROWS + 30, columns=40, longest=200, text=True)
# How each column may be called; the first is how the portal's own file calls it. A head is compared without what stands
# in brackets and without blanks.
HEADS: dict[str, tuple[str, ...]] = {
    "case": ("案號", "案件編號", "申請案號"),
    "part": ("期別", "期數", "期"),
    "note": ("附言", "備註", "摘要"),
    "amount": ("金額", "付款金額", "撥付金額", "實付金額", "轉帳金額"),
    "voucher": ("付款憑單號碼", "憑單號碼", "付款憑單", "傳票號碼", "支出傳票號碼", "傳票"),
    "day": ("付款日期", "撥付日期", "付款日", "轉帳日期", "入帳日期", "日期"),
    "fee": ("匯費", "手續費"),
}
_BY_HEAD = {head: key for key, heads in HEADS.items() for head in heads}
_HEADS_WITHIN = 20
_BRACKETS = re.compile(r"[(（〔\[].*?[)）〕\]]")
# What a transfer's note says: the number of the case, and of the instalment behind it.
_NOTE = re.compile(r"([0-9A-Za-z]+-[0-9]{2,3}-[0-9]{2,6})(?:-([0-9]{1,3}))?")
# A row below all others that adds them up.
_SUM = re.compile("(?:合|總|小|共)計[:：]?|總金額[:：]?")
_PART = re.compile(r"[0-9]{1,3}")
_WRITTEN_PART = "一二三四五六七八九"
# What other programs add to a figure: cents that are none, the hour of a day, a stroke for nothing.
_NO_CENTS = re.compile(r"\.0+$")
_HOUR = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_STROKES = "-–—－"


class FileRefused(Refused):
    """A file that cannot be read as what the treasury paid."""


@dataclass(frozen=True)
class Line:
    """A row of the file: its number there, and what it says by key of HEADS."""

    number: int
    texts: dict[str, str]


def read(upload: "UploadedFile[Any]") -> list[Line]:
    """Return the rows of the file. Raises UnreadableSheetError, FileRefused."""
    rows = rows_of(upload, LIMITS)
    place, keys = _heads(rows)
    missing = [HEADS[key][0] for key in ("amount", "voucher", "day") if key not in keys]
    if "case" not in keys and "note" not in keys:
        missing.insert(0, HEADS["case"][0])
    if missing:
        raise FileRefused(
            _("找不到這些欄：%(heads)s。請看右邊的欄名，或用清冊匯出的檔案填。") % {"heads": "、".join(missing)}
        )
    lines = [
        Line(number, _texts(keys, cells))
        for number, cells in enumerate(rows[place + 1 :], start=place + 2)
        if any(cells) and not any(_SUM.fullmatch("".join(cell.split())) for cell in cells)
    ]
    if not lines:
        raise FileRefused(_("這個檔案沒有資料。欄名下面一列一筆付款。"))
    if len(lines) > MOST_ROWS:
        raise FileRefused(_("一次最多 %(rows)d 列，請分成幾個檔案。") % {"rows": MOST_ROWS})
    return lines


def _heads(rows: list[list[str]]) -> tuple[int, list[str]]:
    """Return the place of the row with the heads, and the key of each of its columns."""
    found = [[_BY_HEAD.get(_folded(cell), "") for cell in row] for row in rows[:_HEADS_WITHIN]]
    counts = [len(set(keys) - {""}) for keys in found]
    place = counts.index(max(counts)) if counts else 0
    return (place, found[place]) if found else (0, [])


def _folded(head: str) -> str:
    return "".join(_BRACKETS.sub("", half_width(head)).split())


def _texts(keys: list[str], cells: list[str]) -> dict[str, str]:
    """Return what a row says; of two columns with one head the first counts."""
    texts: dict[str, str] = {}
    for key, cell in zip(keys, cells, strict=False):
        if key:
            texts.setdefault(key, plain_cell(cell).strip())
    note = half_width(texts.pop("note", ""))
    said = half_width(texts.get("case", "")) or note
    match = _NOTE.search(said)
    texts["case"] = match[1] if match else said[:40]
    texts["part"] = _part(texts.get("part", "")) or (match[2] or "" if match else "")
    for key in ("amount", "fee"):
        texts[key] = _NO_CENTS.sub("", half_width(texts.get(key, "")))
    texts["fee"] = texts["fee"].strip(_STROKES) and texts["fee"]
    texts["day"] = _HOUR.sub("", half_width(texts.get("day", "")))
    return texts


def _part(text: str) -> str:
    """Return the number of the instalment: 1, 第 1 期, 第一期; "" if the cell names none."""
    if found := _PART.search(half_width(text)):
        return found[0]
    written = [character for character in text if character in _WRITTEN_PART]
    return str(_WRITTEN_PART.index(written[0]) + 1) if len(written) == 1 else ""
