"""One table for people, in Markdown, as docs/benchmarks.md keeps it."""

import os
import platform

from tests.bench.pages import BARE, Result, Target
from tests.bench.work import Figure, yardstick

COLUMNS = (
    "page",
    "queries",
    "median ×, few",
    "median ×, many",
    "p95 ×",
    "growth",
    "CPU ×, few",
    "CPU ×, many",
    "CPU growth",
    "target",
    "",
)


def show(results: dict[int, dict[str, Result]], figures: list[Figure]) -> None:
    """Print the yardstick, a line a page, and the figures measured without the server."""
    few, many = min(results), max(results)
    print(f"\nMachine: {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, load ", end="")
    print(f"{os.getloadavg()[1]:.1f}; a fixed piece of plain Python takes {yardstick():.1f} ms")
    for size in (few, many):
        bare = results[size][BARE]
        print(f"Bare view (1 ×) at {size:,} cases: {bare.median:.2f} ms, of processor time {bare.cpu or 0:.2f} ms")
    print(f"\nFew are {few:,} cases, many {many:,}.\n\n| {' | '.join(COLUMNS)} |")
    print(f"|---|{'--:|' * (len(COLUMNS) - 2)}---|")
    for name, page in results[many].items():
        if name != BARE:
            print(_row(page, results[many][BARE], results[few][name], results[few][BARE]))
    print("\n| work | measured | target | |\n|---|---|---|---|")
    for figure in figures:
        verdict = "" if figure.met is None else "met" if figure.met else "MISSED"
        print(f"| {figure.name} | {figure.value} | {figure.target} | {verdict} |")


def _row(page: Result, bare: Result, before: Result, bare_before: Result) -> str:
    times, few = page.median / bare.median, before.median / bare_before.median
    cpu, cpu_few = _cpu(page, bare), _cpu(before, bare_before)
    target = f"≤ {page.target.times:g}" if page.target.times else ""
    cells = (
        page.name,
        page.queries,
        f"{few:.1f}",
        f"{times:.1f}",
        f"{page.p95 / bare.median:.1f}",
        f"{times / few:.2f}",
        f"{cpu_few:.1f}",
        f"{cpu:.1f}",
        f"{cpu / cpu_few:.2f}" if cpu_few else "",
        target,
        _verdict(page.target, times, times / few),
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _cpu(page: Result, bare: Result) -> float:
    """Multiples of processor time; 0 where the system does not tell it."""
    return page.cpu / bare.cpu if page.cpu and bare.cpu else 0.0


def _verdict(target: Target, times: float, growth: float) -> str:
    if target.times is None:
        return ""
    grown = target.growth is not None and growth > target.growth
    return "MISSED" if times > target.times else "GROWS" if grown else "met"
