"""How fast the law is judged, in processor time, as a table beside the machine's own yardstick (a million additions in a loop).

python -m tests.bench.engine
"""

import os
import statistics
import subprocess
import sys
import time

from grants.rules import facts
from grants.rules.engine import evaluate
from grants.rules.ruleset import load

KINDS = (
    {"item": "lecturer_fee", "requested": 9600, "hours": 6, "in_house": False},
    {"item": "casual_pay", "requested": 9500, "hours": 100, "month": "2010-05"},
    {"item": "printing", "requested": 3000},
    {"item": "meals", "requested": 4000},
    {"item": "elder_aide", "requested": 100, "persons": 1, "hours_per_day": 1, "days": 1, "month": "2010-05"},
    {"item": "script_fee", "requested": 630, "characters": 1000},
    {"item": "participant_transport", "requested": 1000, "trips": 10},
    {"item": "lecturer_fee", "requested": 9999, "hours": 6, "in_house": False},
    {"item": "stationery", "requested": 500},
    {"item": "course_materials", "requested": 500},
)
# microseconds a line, milliseconds for the 95th of 100 budgets of 60 lines, milliseconds for a first load
LIMITS = {"line": 10.0, "traced line": 40.0, "budget of 60, p95": 2.0, "first load": 50.0}


def budget(size):
    lines = [{**KINDS[n % len(KINDS)], "id": str(n)} for n in range(size)]
    named = [{**line, "person": f"工作人員{line['id']}"} if line["item"] == "casual_pay" else line for line in lines]
    return facts.from_dict(
        {
            "submitted_on": "2010-03-15",
            "organisation": {"kind": "community_association", "county": "高雄縣", "township": "旗山鎮"},
            "project": {
                "programme": "elder_care_station",
                "starts_on": "2010-04-01",
                "ends_on": "2010-09-30",
                "service_area": ["旗山鎮"],
                "elders": 40,
            },
            "lines": named,
        }
    )


def timed(function, times):
    taken = []
    for _ in range(times):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return sorted(taken)


def yardstick():
    def loop():
        total = 0
        for number in range(1_000_000):
            total += number

    return statistics.median(timed(loop, 5)) * 1000


def first_load():
    """Milliseconds to parse the law, its clauses too, in a fresh process (imports not counted)."""
    program = (
        "import time; from grants.rules import ruleset; s = time.process_time(); "
        "law = ruleset.load('kaohsiung_88'); law.clauses; print(time.process_time() - s)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(5)
    ]
    return statistics.median(float(run.stdout) for run in runs) * 1000


def measure():
    """(what, value, unit, limit) of each figure."""
    law, empty, sixty = load("kaohsiung_88"), budget(0), budget(60)
    rows = []
    for name, trace in (("line", False), ("traced line", True)):
        base = statistics.median(timed(lambda t=trace: evaluate(empty, law, t), 200))
        whole = statistics.median(timed(lambda t=trace: evaluate(sixty, law, t), 200))
        rows.append((name, (whole - base) / 60 * 1e6, "µs", LIMITS[name]))
    p95 = timed(lambda: evaluate(sixty, law), 200)[190] * 1000
    rows.append(("budget of 60, p95", p95, "ms", LIMITS["budget of 60, p95"]))
    rows.append(("first load", first_load(), "ms", LIMITS["first load"]))
    return rows


def main():
    os.environ.setdefault("PYTHONHASHSEED", "0")
    print(f"yardstick: a million additions take {yardstick():.1f} ms here")
    print(f"{'the law':<20} {'measured':>12} {'at most':>12}")
    over = 0
    for what, value, unit, limit in measure():
        over += value > limit
        print(f"{what:<20} {value:>9.2f} {unit} {limit:>9.0f} {unit}{'   OVER' if value > limit else ''}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
