"""What is measured without the web server: print files and the rule engine."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from grants.letters import compose
from grants.models import Letter
from miaoli_kaohsiung.lib import pdf
from tests.bench import engine


@dataclass(frozen=True)
class Figure:
    """One line of the second table; `target` in words, `met` None where nothing is promised."""

    name: str
    value: str
    target: str = ""
    met: bool | None = None


def measure() -> list[Figure]:
    return [*_print_files(), *_engine()]


def yardstick() -> float:
    """Milliseconds of processor time that this machine takes for a fixed piece of plain Python: the smaller the faster."""
    return _median(lambda: sum(number * number % 7 for number in range(200_000)), 7)[1] * 1000


def _print_files() -> list[Figure]:
    """The clock, and the processor time of this process: the longest of those that set a long run."""
    if pdf.problems():
        return [Figure("print files", "not measured: no PDF on this machine")]
    rows = Letter.objects.filter(kind="approval", county="kaohsiung").select_related("application")
    compose.render(list(rows[:1]))
    runs = {count: list(rows.order_by("-id")[:count]) for count in (1, 10, 100)}
    took = {count: _median(lambda run=run: compose.render(run), 5) for count, run in runs.items()}
    times, cpu = (took[100][clock] / took[10][clock] for clock in (0, 1))
    return [
        Figure("one letter", f"{took[1][0] * 1000:.0f} ms"),
        Figure("ten letters as one file", f"{took[10][0] * 1000:.0f} ms"),
        Figure(
            "a hundred as one file",
            f"{took[100][0] * 1000:.0f} ms, {times:.1f} × ten; of processor time {cpu:.1f} × ten",
            "≤ 6 × ten",
            times <= 6,
        ),
    ]


def _engine() -> list[Figure]:
    return [
        Figure(f"the law: {what}", f"{value:.2f} {unit}", f"≤ {limit:g} {unit}", value <= limit)
        for what, value, unit, limit in engine.measure()
    ]


def _median(run: Callable[[], object], times: int) -> tuple[float, float]:
    """Seconds by the clock and on the processor, each the median of several runs."""
    took, ran = [], []
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        run()
        took.append(time.perf_counter() - started)
        ran.append(time.process_time() - used)
    return statistics.median(took), statistics.median(ran)
