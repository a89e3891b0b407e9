"""A network as a picture: one body in the middle, those it works with around it. Drawn by the server, without scripts.

The picture repeats a table that stands beside it; a screen reader gets its title and reads the table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, LEAST_HEIGHT = 720, 380
# Letters of a line of a box, and lines of a box.
IN_LINE, LINES = 8, 3
BOX = (156, 66)
# So many stand around one ellipse; more make it larger.
AROUND = 8


@dataclass(frozen=True)
class Node:
    """Somebody around the middle: what it is called, and a word of `group` (lead, member, waiting, coach, partner)."""

    label: str
    group: str = "member"


def star(title: str, middle: str, nodes: Sequence[Node]) -> SafeString:
    """Return the picture of `middle` with these around it."""
    height = LEAST_HEIGHT + max(0, len(nodes) - AROUND) * 40
    centre = (WIDTH / 2, height / 2)
    radius = (WIDTH / 2 - BOX[0] / 2 - 6, height / 2 - BOX[1] / 2 - 6)
    places = [_place(number, len(nodes), centre, radius) for number in range(len(nodes))]
    rays = format_html_join(
        "",
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
        ((node.group, *map(round, centre), *place) for node, place in zip(nodes, places, strict=True)),
    )
    boxes = format_html_join(
        "", "{}", ((_box(node.label, node.group, place),) for node, place in zip(nodes, places, strict=True))
    )
    return format_html(
        '<svg class="network" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        height,
        title,
        rays,
        boxes,
        _box(middle, "lead", (round(centre[0]), round(centre[1]))),
    )


def _place(number: int, count: int, centre: tuple[float, float], radius: tuple[float, float]) -> tuple[int, int]:
    angle = 2 * math.pi * number / count - math.pi / 2
    return round(centre[0] + radius[0] * math.cos(angle)), round(centre[1] + radius[1] * math.sin(angle))


def _box(label: str, group: str, place: tuple[int, int]) -> SafeString:
    wide, high = BOX
    lines = _lines(label)
    first = place[1] - (len(lines) - 1) * 9 + 5
    words = format_html_join(
        "",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((place[0], first + number * 18, line) for number, line in enumerate(lines)),
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
