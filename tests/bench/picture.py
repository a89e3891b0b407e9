"""The picture of docs/performance.md: python -m tests.bench.picture docs/performance.svg FEW.json MANY.json

A row a page, a bar for each size, from the files of tests.bench.blocks. The scale is logarithmic: twice as long is not
twice as much.
"""

import json
import math
import sys
from pathlib import Path

LEFT, WIDE, BAR, GAP, TOP = 170, 420, 11, 9, 44
COLOURS = ("#9ab6c9", "#2f5d7c", "#c2703d")


def draw(measured: list[dict[str, int]]) -> str:
    """Return the SVG of files of blocks, the fewest cases first."""
    measured = sorted(measured, key=lambda one: one["cases"])
    names = [name for name in measured[0] if name != "cases"]
    most = max(one[name] for one in measured for name in names)
    row = BAR * len(measured) + GAP
    parts = [_legend(measured)]
    for place, name in enumerate(names):
        top = TOP + place * row
        parts.append(f'<text x="{LEFT - 8}" y="{top + (row - GAP) // 2 + 4}" text-anchor="end">{name}</text>')
        for turn, one in enumerate(measured):
            long = max(1, round(WIDE * math.log(max(1, one[name])) / math.log(most)))
            y = top + turn * BAR
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{long}" height="{BAR - 1}" fill="{COLOURS[turn]}"/>')
            parts.append(f'<text x="{LEFT + long + 4}" y="{y + BAR - 2}" font-size="10">{one[name]:,}</text>')
    high = TOP + len(names) * row
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 70} {high}" '
        'font-family="sans-serif" font-size="12" role="img" aria-labelledby="t">'
        '<title id="t">Blocks of the database read for a page, by the number of cases</title>'
    )
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _legend(measured: list[dict[str, int]]) -> str:
    cells = []
    for turn, one in enumerate(measured):
        x = LEFT + turn * 130
        cells.append(f'<rect x="{x}" y="14" width="12" height="12" fill="{COLOURS[turn]}"/>')
        cells.append(f'<text x="{x + 18}" y="24">{one["cases"]:,} cases</text>')
    return "\n".join(cells)


if __name__ == "__main__":
    files = [json.loads(Path(name).read_text("utf-8")) for name in sys.argv[2:]]
    Path(sys.argv[1]).write_text(draw(files), "utf-8")
