"""Pictures of numbers, made on the server: lying bars, each of one or several parts, beside the table with the same numbers.
A page of charts has some thousand pieces, so bars and rows are put together here and not by a template.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from .fields import format_quantity
from .markup import filled, joined

# From so many rows on the table is closed until somebody opens it.
LONG = 10
# In units of the picture, which is WIDE wide: about a phone's, so that its letters are not made smaller there.
WIDE, LABEL, BAR, ROW, THICK = 400, 104, 216, 34, 24
# So many colours there are (static/css/charts.css).
MOST_PARTS = 4


@dataclass(frozen=True)
class Row:
    """A line of the table: `values` by the parts of the chart, `url` the list behind."""

    label: str
    values: Sequence[Any]
    url: str = ""


@dataclass(frozen=True)
class Part:
    """A piece of a bar in the picture."""

    x: int
    y: int
    width: int
    series: int


@dataclass(frozen=True)
class Bar:
    """A row in the picture."""

    row: Row
    y: int
    parts: list[Part]

    @property
    def middle(self) -> int:
        return self.y + 18

    @property
    def end(self) -> int:
        return max((part.x + part.width for part in self.parts), default=LABEL) + 8

    @property
    def total(self) -> Any:
        return sum(self.row.values)


@dataclass(frozen=True)
class Chart:
    """A table with its picture. With `side` the parts of a row stand each on its own, under each other: they do not add up."""

    key: str
    title: str
    head: str
    parts: Sequence[str]
    rows: Sequence[Row] = field(default_factory=list)
    unit: str = ""
    note: str = ""
    side: bool = False

    def __post_init__(self) -> None:
        assert len(self.parts) <= MOST_PARTS

    @property
    def width(self) -> int:
        return WIDE

    @property
    def height(self) -> int:
        return ROW * len(self.rows)

    @property
    def label_end(self) -> int:
        return LABEL - 8

    @property
    def long(self) -> bool:
        return len(self.rows) > LONG

    @property
    def thick(self) -> int:
        return THICK // len(self.parts) if self.side else THICK

    @property
    def most(self) -> Any:
        measure = max if self.side else sum
        return max((measure(row.values) for row in self.rows), default=0)

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, Any]]]]:
        """Each row of the table with its cells under their heads."""
        return [(row, list(zip(self.parts, row.values, strict=True))) for row in self.rows]

    @property
    def bars(self) -> list[Bar]:
        return [Bar(row, place * ROW, self._laid(row, place * ROW)) for place, row in enumerate(self.rows)]

    def _laid(self, row: Row, top: int) -> list[Part]:
        most, x, found = self.most, LABEL, []
        for series, value in enumerate(row.values, 1):
            width = int(value * BAR // most) if most else 0
            found.append(Part(x, top + (series - 1) * self.thick if self.side else top, width, series))
            x += 0 if self.side else width
        return found

    @property
    def picture(self) -> SafeString:
        """The bars with their labels and, where their parts add up, sums."""
        return joined(self._drawn(bar) for bar in self.bars)

    def _drawn(self, bar: Bar) -> SafeString:
        label = filled('<text x="{}" y="{}" class="label">{}</text>', (self.label_end, bar.middle, bar.row.label))
        parts = joined(
            filled(
                '<rect class="series-{}" x="{}" y="{}" width="{}" height="{}"/>',
                (part.series, part.x, part.y, part.width, self.thick),
            )
            for part in bar.parts
        )
        if self.side:
            return joined((label, parts))
        total = filled('<text x="{}" y="{}">{}</text>', (bar.end, bar.middle, format_quantity(bar.total)))
        return joined((label, parts, total))

    @property
    def body(self) -> SafeString:
        """The rows of the table."""
        return joined(self._row(row, cells) for row, cells in self.lines)

    def _row(self, row: Row, cells: list[tuple[str, Any]]) -> SafeString:
        label = filled('<a href="{}">{}</a>', (row.url, row.label)) if row.url else row.label
        numbers = joined(
            filled('<td class="num" data-label="{}">{}</td>', (name, "" if value is None else format_quantity(value)))
            for name, value in cells
        )
        return filled('<tr><th scope="row">{}</th>{}</tr>', (label, numbers))
