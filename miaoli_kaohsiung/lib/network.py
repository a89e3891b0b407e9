"""A network as a picture: one body in the middle, those it works with around it. Drawn by the server, without scripts.

The picture repeats a table that stands beside it; a screen reader gets its title and reads the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# As wide as a phone, so that its letters are not made smaller there.
WIDTH = 360
MIDDLE = WIDTH // 2
COLUMNS = (82, WIDTH - 82)
# Letters of a line of a box, and lines of a box.
IN_LINE, LINES, LINE_HEIGHT = 8, 3, 20
BOX = (156, 76)
ROW = 92


@dataclass(frozen=True)
class Node:
    """Somebody around the middle: what it is called, and a word of `group` (lead, member, waiting, coach, partner)."""

    label: str
    group: str = "member"


def star(title: str, middle: str, nodes: Sequence[Node]) -> SafeString:
    """Return the picture of `middle` with these around it: in pairs above and below, each joined to it by a branch."""
    places, centre, height = _places(len(nodes))
    branches = format_html_join(
        "",
        '<line class="{0}" x1="{1}" y1="{3}" x2="{2}" y2="{3}"/>'
        '<line class="{0}" x1="{1}" y1="{4}" x2="{1}" y2="{3}"/>',
        ((node.group, MIDDLE, *place, centre) for node, place in zip(nodes, places, strict=True)),
    )
    boxes = format_html_join(
        "", "{}", ((_box(node.label, node.group, place),) for node, place in zip(nodes, places, strict=True))
    )
    return format_html(
        '<svg class="network" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        height,
        title,
        branches,
        boxes,
        _box(middle, "lead", (MIDDLE, centre)),
    )


def _places(count: int) -> tuple[list[tuple[int, int]], int, int]:
    """Return where `count` boxes stand, the height of the middle one, and of the whole; one left over stands alone."""
    rows = (count + 1) // 2
    above = (rows + 1) // 2
    places = []
    for number in range(count):
        row = number // 2
        alone = number == count - 1 and number % 2 == 0
        across = MIDDLE if alone else COLUMNS[number % 2]
        places.append((across, _level(row if row < above else row + 1)))
    return places, _level(above), (rows + 1) * ROW


def _level(row: int) -> int:
    return row * ROW + ROW // 2


def _box(label: str, group: str, place: tuple[int, int]) -> SafeString:
    wide, high = BOX
    lines = _lines(label)
    first = place[1] - (len(lines) - 1) * LINE_HEIGHT // 2 + 6
    words = format_html_join(
        "",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((place[0], first + number * LINE_HEIGHT, line) for number, line in enumerate(lines)),
    )
    return format_html(
        '<g class="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="10"/><text>{}</text></g>',
        group,
        place[0] - wide // 2,
        place[1] - high // 2,
        wide,
        high,
        words,
    )


def _lines(label: str) -> list[str]:
    """Return the label in lines of a box; what does not fit ends in an ellipsis."""
    most = IN_LINE * LINES
    text = label if len(label) <= most else f"{label[: most - 1]}…"
    return [text[start : start + IN_LINE] for start in range(0, len(text), IN_LINE)] or [""]
