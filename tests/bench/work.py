"""What is measured without the web server: print files and the rule engine."""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from django.db import connection

from grants.letters import compose
from grants.models import Letter
from grants.services.letters import print_runs
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
    """The clock, and the processor time of the busiest of the workers that share a run."""
    if pdf.problems():
        return [Figure("print files", "not measured: no PDF on this machine")]
    rows = Letter.objects.filter(kind="approval", county="kaohsiung").select_related("application")
    compose.render(list(rows[:1]))
    one = _median(lambda: compose.render(list(rows[:1])), 5)
    took = {count: _run_of(list(rows.order_by("-id")[:count])) for count in (10, 100)}
    times, cpu = (took[100][clock] / took[10][clock] for clock in (0, 1))
    return [
        Figure("one letter", f"{one[0] * 1000:.0f} ms"),
        Figure("ten letters as one file", f"{took[10][0] * 1000:.0f} ms"),
        Figure(
            "a hundred as one file",
            f"{took[100][0] * 1000:.0f} ms, {times:.1f} × ten; of processor time {cpu:.1f} × ten",
            "≤ 6 × ten",
            cpu <= 6,
        ),
    ]


def _run_of(letters: list[Letter]) -> tuple[float, float]:
    """Seconds by the clock, and the processor time of the busiest worker, of one print run, the median of three.

    As many workers as the machine has processors share the parts by turns; each sets its part in a process of its own.
    """
    workers, size = os.cpu_count() or 1, print_runs.LETTERS_A_PART
    parts = [letters[at : at + size] for at in range(0, len(letters), size)]
    clocks, busiest = [], []
    # Workers must not speak through the connection of their parent.
    connection.close()
    for _ in range(3):
        started = time.perf_counter()
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            shares = [parts[turn::workers] for turn in range(min(workers, len(parts)))]
            done = list(pool.map(_share, shares))
        joined = time.process_time()
        pdf.joined(data for _used, made in done for data in made)
        busiest.append(max(used for used, _made in done) + time.process_time() - joined)
        clocks.append(time.perf_counter() - started)
    return statistics.median(clocks), statistics.median(busiest)


def _share(parts: list[list[Letter]]) -> tuple[float, list[bytes]]:
    """Processor time of this worker with the processes that it began, and what they made."""
    before = sum(os.times()[:4])
    made = [compose.part(letters, "bench", even=False) for letters in parts]
    return sum(os.times()[:4]) - before, made


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
