"""Budget lines from a spreadsheet: a table, pasted or from a file, becomes lines that the budget's own form has checked."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from grants.models import BudgetLine
from grants.queries.applications import costs
from grants.rules import catalogue
from miaoli_kaohsiung.lib.service_months import Period

from .budget import LineForm

Rows = list[list[str]]
BASE = (
    ("item", "項目"),
    ("description", "用途說明"),
    ("quantity", "數量"),
    ("unit_price", "單價"),
    ("requested", "申請補助"),
    ("own_funds", "自籌"),
    ("other_funds", "其他單位補助"),
    ("person", "姓名"),
    ("month", "服務月份"),
)
# Other words for the same columns; columns without a field in the form are left out.
ALIASES = {
    "經費項目": "item", "科目": "item", "品名": "item", "用途": "description", "說明": "description", "備註": "description",
    "金額": "requested", "申請金額": "requested", "補助金額": "requested", "總價": "requested", "複價": "requested",
    "小計": "requested", "申請補助金額": "requested", "自籌款": "own_funds", "其他補助": "other_funds", "月份": "month",
    "人員": "person", "人員姓名": "person",
}  # fmt: skip
# The order of the columns if the first row does not name them.
PLAIN = ("item", "description", "quantity", "unit_price", "requested", "own_funds")
_SUMS = ("合計", "總計", "小計", "總額")


@dataclass
class ImportedRow:
    """A row of the table: its number there, its words, and the line that it makes, or what is wrong with it."""

    number: int
    words: list[str]
    item: catalogue.Item | None = None
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def line(self) -> BudgetLine:
        known = {name: value for name, value in self.values.items() if name != "quantities"}
        return BudgetLine(
            item=self.item.code if self.item else "", quantities=self.values.get("quantities", {}), **known
        )

    @property
    def cost(self) -> int | None:
        return costs.cost_of(self.line) if self.item else None


def columns(items: Iterable[catalogue.Item]) -> list[tuple[str, str]]:
    """Return (key, heading) of a table that can hold these items."""
    wanted = {quantity.key for item in items for quantity in (*item.quantities, *item.details)}
    own = [(q.key, q.label) for q in catalogue.quantities().values() if q.key in wanted and q.type != "children"]
    head, rest = BASE[:2], BASE[2:]
    return [*head, *(pair for pair in own if pair[0] != "quantity"), *rest]


def from_text(text: str) -> Rows:
    """Return the cells of a pasted table: separated by tabs, as spreadsheets copy them, else by commas."""
    lines = [line for line in text.replace("\r\n", "\n").replace("\x00", "").split("\n") if line.strip()]
    mark = "\t" if any("\t" in line for line in lines) else ","
    return [[cell.strip() for cell in line.split(mark)] for line in lines]


def to_text(rows: Rows) -> str:
    """Return the table in the form in which it is pasted."""
    return "\n".join("\t".join(cell.replace("\t", " ") for cell in row) for row in rows)


def read(rows: Rows, period: Period = (None, None)) -> list[ImportedRow]:
    """Return the lines of a table, each with its problems; blank rows and rows of sums are left out."""
    keys = _heading(rows[0]) if rows else None
    first = 2 if keys else 1
    found = []
    for number, row in enumerate(rows[1:] if keys else rows, first):
        values = {key: cell for key, cell in zip(keys or PLAIN, row, strict=False) if key and cell.strip()}
        if values and not values.get("item", "").replace(" ", "").startswith(_SUMS):
            found.append(_row(number, row, values, period))
    return found


def _heading(row: list[str]) -> list[str | None] | None:
    """Return the key of each column if the row is a heading: it names at least the column of items."""
    known = {label: key for key, label in BASE} | {q.label: q.key for q in catalogue.quantities().values()} | ALIASES
    keys = [known.get(_bare(cell)) for cell in row]
    return keys if "item" in keys else None


def _bare(word: str) -> str:
    """Return a heading or name without blanks, units and brackets."""
    return re.sub(
        r"[（(].*?[）)]|\s|：|:", "", unicodedata.normalize("NFKC", word).replace("(", "（").replace(")", "）")
    )


def _row(number: int, words: list[str], cells: dict[str, str], period: Period) -> ImportedRow:
    item, problem = _item(cells.pop("item", ""))
    if item is None:
        return ImportedRow(number, words, problems=[problem])
    problems = _counted(item, cells)
    form = LineForm(
        {f"row-{key}": _typed(item, key, cell) for key, cell in cells.items()},
        line=BudgetLine(item=item.code, quantities={}),
        place=number,
        period=period,
        prefix="row",
    )
    values = form.values
    for name, sentences in form.errors.items():
        label = str(form.fields[name].label).split("（")[0] if name in form.fields else ""
        problems += [f"「{label}」{sentence}" for sentence in sentences]
    row = ImportedRow(number, words, item, values, problems)
    if values.get("requested") is None and (ask := costs.multiplied(row.line)) is not None:
        values["requested"] = ask
    return row


def _item(name: str) -> tuple[catalogue.Item | None, str]:
    """Return the item of a name, or why there is none."""
    if not name:
        return None, _("「項目」是空的。")
    every = list(catalogue.items().values())
    same = [item for item in every if _squeezed(item.name) == _squeezed(name)]
    alike = same or [item for item in every if _bare(item.name) == _bare(name)]
    if len(alike) == 1:
        return alike[0], ""
    if alike:
        return None, _("「項目」%(name)s 有好幾種，請寫：%(names)s。") % {
            "name": name,
            "names": "、".join(item.name for item in alike),
        }
    near = difflib.get_close_matches(_bare(name), [_bare(item.name) for item in every], 2, 0.5)
    message = _("「項目」沒有「%(name)s」這一種。") % {"name": name[:20]}
    return None, message + (_("是不是%(near)s？") % {"near": "、".join(dict.fromkeys(near))} if near else "")


def _squeezed(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _counted(item: catalogue.Item, cells: dict[str, str]) -> list[str]:
    """Move 數量 to the only quantity of the item's clause, if it has just one; return the problems with the columns."""
    counts = [q for q in item.quantities if q.type in ("int", "number")]
    if "quantity" in cells and not any(q.key == "quantity" for q in item.details):
        if len(counts) != 1:
            labels = "、".join(q.label for q in counts)
            cell = cells.pop("quantity")
            return (
                [_("「數量」%(cell)s 不夠清楚，請分欄填：%(labels)s。") % {"cell": cell, "labels": labels}]
                if counts
                else []
            )
        cells.setdefault(counts[0].key, cells.pop("quantity"))
    return []


def _typed(item: catalogue.Item, key: str, cell: str) -> str:
    """Return a cell as the form's field takes it: words of choices become their values."""
    quantity = catalogue.quantities().get(key)
    if quantity is None or quantity.type not in ("bool", "choice"):
        return cell
    words = dict(quantity.choices) or {True: "是", False: "否"}
    value = next((value for value, word in words.items() if _bare(word) == _bare(cell)), cell)
    return str(value).lower() if isinstance(value, bool) else str(value)
