"""One table for people, in Markdown, as docs/benchmarks.md keeps it."""

import os
import platform

from tests.bench.pages import BARE, Result, Target
from tests.bench.work import Figure, yardstick


def show(results: dict[int, dict[str, Result]], figures: list[Figure]) -> None:
    """Print the yardstick, a line a page, and the figures measured without the server."""
    print(f"\nMachine: {platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}; ", end="")
    print(f"plain Python yardstick {yardstick():.1f} ms")
    bare = {size: pages[BARE].median for size, pages in results.items()}
    told = ", ".join(f"{median:.2f} ms at {size:,} cases" for size, median in bare.items())
    print(f"Bare view (1 ×): {told}\n")
    small, large = min(results), max(results)
    print(f"| page | queries | {small:,}: median × | {large:,}: median × | p95 × | target | growth | KB | |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    for name, last in results[large].items():
        if name != BARE:
            first = results[small][name]
            times, before = last.median / bare[large], first.median / bare[small]
            print(
                f"| {name} | {last.queries} | {before:.1f} | {times:.1f} | {last.p95 / bare[large]:.1f} "
                f"| {_target(last.target)} | {times / before:.2f} | {last.size / 1024:.0f} "
                f"| {_verdict(last.target, times, times / before)} |"
            )
    print("\n| work | measured | target | |\n|---|---|---|---|")
    for figure in figures:
        verdict = "" if figure.met is None else "met" if figure.met else "MISSED"
        print(f"| {figure.name} | {figure.value} | {figure.target} | {verdict} |")


def _target(target: Target) -> str:
    return f"≤ {target.times:g}" if target.times else ""


def _verdict(target: Target, times: float, growth: float) -> str:
    if target.times is None:
        return ""
    late = times > target.times
    grown = target.growth is not None and growth > target.growth
    return "MISSED" if late else "GROWS" if grown else "met"
