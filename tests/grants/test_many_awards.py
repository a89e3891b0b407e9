"""The daily work with ten times as many awards takes at most ten times as long, and not more memory (`make soak`).

Every award is due on the same day, so that each has a reminder. Measured are processor time, of this process and of its
connection's server process together, and how far the memory rises above what it was: once on the day on which the year's
duties are laid, and once on the day of the reminders.
"""

import ctypes
import datetime as dt
import gc
import os
from pathlib import Path
from time import process_time

import pytest
from django.db import connection

from grants.services import daily
from miaoli_kaohsiung.lib import clock
from tests.emptying import empty
from tests.factories import many, money

pytestmark = [
    # Each piece is committed: in one transaction around all of them the server would do other work than on a day.
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("SOAK"), reason="make soak"),
]
FEW, TIMES = int(os.environ.get("AWARDS", "1000")), 10
BODY = 10
DUE = dt.date(2010, 9, 30)
# What the allocator keeps of what was given back; ten times the rows would be far above.
MEMORY_MB = 24
TICKS = os.sysconf("SC_CLK_TCK")


def of_server() -> float:
    """Return the processor time of the server's process for this connection, in seconds."""
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(name: str) -> float:
    """Return a line of this process's status in MB: VmRSS is the memory now, VmHWM the highest since `clear`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def measured(day: dt.date) -> tuple[float, float, dict[str, int]]:
    """Return seconds of processor, MB above the beginning, and what was done."""
    gc.collect()
    # What the making of the cases left free in the allocator must not hide what the day takes.
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    seconds, base = process_time() + of_server(), memory("VmRSS")
    with clock.travel(day):
        done = daily.run(day)
    assert done is not None
    return process_time() + of_server() - seconds, memory("VmHWM") - base, done


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_ten_times_the_awards_take_ten_times_as_long_and_no_more_memory():
    laid, reminded = [], []
    for size in (FEW, FEW * TIMES):
        empty()
        many.awards(size, money.county(), each=BODY, settlement_due=DUE, ends_on=dt.date(2010, 8, 31))
        analyze()
        laid.append(measured(DUE - dt.timedelta(days=1)))
        # In production the server keeps its statistics by itself.
        analyze()
        reminded.append(measured(DUE))
        assert reminded[-1][2]["reminders"] >= size
    for name, found in (("laying duties", laid), ("reminding", reminded)):
        print(f"\n{name}: " + "; ".join(f"{seconds:.1f} s, {mb:.0f} MB, {done}" for seconds, mb, done in found))
    assert reminded[1][0] <= TIMES * reminded[0][0]
    assert laid[1][0] <= TIMES * laid[0][0]
    assert reminded[1][1] <= MEMORY_MB
    # A piece of awards with all their duties is held, however many pieces there are.
    assert laid[1][1] <= laid[0][1] + MEMORY_MB
