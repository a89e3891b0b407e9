"""What is measured without the web server: print files, and the rule engine where its own module is there."""

import importlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from grants import letters
from grants.models import Letter
from miaoli_kaohsiung.lib import pdf


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
    """Milliseconds that this machine takes for a fixed piece of plain Python: the smaller the faster."""
    return _best(lambda: sum(number * number % 7 for number in range(200_000)), 7) * 1000


def _print_files() -> list[Figure]:
    if not pdf.available():
        return [Figure("print files", "not measured: no PDF on this machine")]
    rows = list(
        Letter.objects.filter(kind="approval", county="kaohsiung").select_related("application").order_by("-id")[:100]
    )
    letters.render(rows[:1])
    took = {count: _best(lambda count=count: letters.render(rows[:count]), 3) for count in (1, 10, 100)}
    times = took[100] / took[10]
    return [
        Figure("one letter", f"{took[1] * 1000:.0f} ms"),
        Figure("ten letters as one file", f"{took[10] * 1000:.0f} ms"),
        Figure("a hundred as one file", f"{took[100] * 1000:.0f} ms, {times:.1f} × ten", "≤ 6 × ten", times <= 6),
    ]


def _engine() -> list[Figure]:
    try:
        engine = importlib.import_module("tests.bench.engine")
    except ModuleNotFoundError:
        return []
    return [Figure(*row) for row in engine.figures()]


def _best(run: Callable[[], object], times: int) -> float:
    """The median of several runs, in seconds."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        took.append(time.perf_counter() - started)
    return statistics.median(took)
