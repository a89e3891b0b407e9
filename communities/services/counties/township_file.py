"""A county's list of townships as a file: CSV with one row a name, as communities/data/townships.csv has it.

Every row is read before anything is refused, so that all that is wrong can be mended at once.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from communities.places import Name
from miaoli_kaohsiung.lib import clock, folding
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import parse_date
from miaoli_kaohsiung.lib.text import half_width

MOST_BYTES = 256 * 1024
MOST_ROWS = 1000
COLUMNS = {
    "code": ("code", "代碼"),
    "postal_code": ("postal_code", "郵遞區號"),
    "name": ("name", "名稱"),
    "valid_from": ("valid_from", "起"),
    "valid_to": ("valid_to", "迄"),
}
REQUIRED = ("code", "postal_code", "name")
_CODE, _POSTAL = re.compile(r"\d{6,8}"), re.compile(r"\d{3}")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{1,9}[鄉鎮市區]")
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: the row of the file (the heading is row 1), the column's heading, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class Reading:
    """What a file says: each township with all names that it will have, and what was refused."""

    townships: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class _Row:
    number: int
    cells: Mapping[str, str]
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def fault(self, column: str, reason: str) -> Fault:
        return Fault(self.number, COLUMNS[column][1], self.cells.get(column, ""), reason)


def read(data: bytes, known: Sequence[Name], county: str) -> Reading:
    """Return what the file says of a county's townships. `known` are all names of all counties. Raises Refused for a file
    that is no such table.
    """
    rows, result = _rows(data), Reading()
    for row in rows:
        result.faults += _wrong_cells(row, known, county)
    bad = {fault.row for fault in result.faults}
    codes = dict.fromkeys(row.cells["code"] for row in rows)
    for code in codes:
        own = [row for row in rows if row.cells["code"] == code]
        if not bad & {row.number for row in own}:
            township, faults = _township(code, own, [name for name in known if name.code == code])
            result.faults += faults
            result.townships += [township] if not faults else []
    result.faults += _same_names(result.townships, rows, known, county)
    result.faults.sort(key=lambda fault: fault.row)
    return result


def _rows(data: bytes) -> list[_Row]:
    if len(data) > MOST_BYTES:
        raise Refused(_("檔案太大，鄉鎮市清單最多 256 KB。"))
    try:
        # As it is, a line may end the way of any system; what csv then refuses is no table.
        table = list(csv.reader(io.StringIO(text_of(data), newline="")))
    except csv.Error as error:
        raise Refused(_("這個檔案不是 CSV，請用「CSV UTF-8」另存後再上傳。")) from error
    while table and not any(cell.strip() for cell in table[0]):
        table.pop(0)
    if not table:
        raise Refused(_("檔案裡沒有資料。"))
    places = _places(table[0])
    rows = []
    for number, cells in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            values = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
            values["code"], values["postal_code"] = half_width(values["code"]), half_width(values["postal_code"])
            rows.append(_Row(number, values))
    if not 0 < len(rows) <= MOST_ROWS:
        raise Refused(_("清單要有 1 到 %(most)d 列。") % {"most": MOST_ROWS})
    return rows


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8 or Big5. Raises Refused for another."""
    for encoding in ("utf-8-sig", "cp950"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("這個檔案的文字讀不出來，請用「CSV UTF-8」或 Big5 另存後再上傳。"))


def _places(heading: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(heading):
        for name, words in COLUMNS.items():
            if cell.strip().lower() in words:
                found.setdefault(name, at)
    if missing := [COLUMNS[name][1] for name in REQUIRED if name not in found]:
        params = {"missing": "、".join(missing), "all": "、".join(words[1] for words in COLUMNS.values())}
        raise Refused(_("第一列要是欄名：%(all)s；沒有找到：%(missing)s。") % params)
    return found


def _wrong_cells(row: _Row, known: Sequence[Name], county: str) -> list[Fault]:
    faults, cells = [], row.cells
    if not _CODE.fullmatch(cells["code"]):
        faults.append(row.fault("code", _("代碼是 6 到 8 位數字，例如 10014010。")))
    elif any(name.code == cells["code"] and name.county != county for name in known):
        faults.append(row.fault("code", _("這個代碼是別的縣市的。")))
    if not _POSTAL.fullmatch(cells["postal_code"]):
        faults.append(row.fault("postal_code", _("郵遞區號是 3 位數字，例如 950。")))
    if not _NAME.fullmatch(cells["name"]):
        faults.append(row.fault("name", _("名稱最多 10 個字，最後一個字是鄉、鎮、市或區。")))
    for column in ("valid_from", "valid_to"):
        try:
            text = cells.get(column, "")
            setattr(row, column, parse_date(text, today=clock.today()) if text else None)
        except ValueError as wrong:
            faults.append(row.fault(column, str(wrong)))
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        faults.append(row.fault("valid_to", _("迄日不能早於起日。")))
    return faults


def _township(code: str, rows: list[_Row], known: list[Name]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the township with the names that it has and those of the file; a name that was open ends the day before the
    next one begins.
    """
    faults = [row.fault("postal_code", _("同一個代碼的郵遞區號不一樣。")) for row in rows[1:] if _differs(row, rows[0])]
    names = {name.valid_from: (name.name, name.valid_to) for name in known}
    written: dict[dt.date | None, _Row] = {}
    for row in rows:
        if row.valid_from in written:
            faults.append(row.fault("valid_from", _("同一個代碼有兩列從同一天起。")))
        written[row.valid_from] = row
        names[row.valid_from] = (row.cells["name"], row.valid_to)
    ordered = sorted(names, key=lambda day: day or dt.date.min)
    for before, day in pairwise(ordered):
        name, last = names[before]
        assert day is not None
        end = day - ONE_DAY
        if last is None or last > end:
            names[before] = (name, end)
        elif last < end:
            faults.append(_at(written, before, day, rows).fault("valid_to", _("到下一個名稱之間有空檔。")))
    if names[ordered[-1]][1] is not None:
        faults.append(_at(written, ordered[-1], None, rows).fault("valid_to", _("最後一個名稱的迄日要空白。")))
    said = [[names[day][0], _iso(day), _iso(names[day][1])] for day in ordered]
    return {"code": code, "postal_code": rows[0].cells["postal_code"], "names": said}, faults


def _differs(row: _Row, first: _Row) -> bool:
    return row.cells["postal_code"] != first.cells["postal_code"]


def _at(
    written: Mapping[dt.date | None, _Row], first: dt.date | None, second: dt.date | None, rows: list[_Row]
) -> _Row:
    return written.get(first) or written.get(second) or rows[-1]


def _same_names(townships: list[dict[str, Any]], rows: list[_Row], known: Sequence[Name], county: str) -> list[Fault]:
    """Return the rows whose name another township of the county bears as well."""
    codes = {township["code"] for township in townships}
    bearers = {
        folding.key(name.name): name.code
        for name in known
        if name.county == county and name.valid_to is None and name.code not in codes
    }
    faults = []
    for township in townships:
        name = township["names"][-1][0]
        if bearers.setdefault(folding.key(name), township["code"]) != township["code"]:
            row = next(row for row in reversed(rows) if row.cells["code"] == township["code"])
            faults.append(row.fault("name", _("本縣市已經有叫「%(name)s」的。") % {"name": name}))
    return faults


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
