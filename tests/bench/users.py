"""Fifty people at once: python -m tests.bench.users [--minutes 10] [--cases 20000] [--people 50] [--pause 8]

Each page is asked for by one person alone first, and then by fifty of all posts, each with a session of its own and a pause of
`--pause` seconds on average between a page and the next; one of them types into a budget of thirty lines all the time. gunicorn
runs as deploy/ starts it, on an own PostgreSQL, on one machine with whoever asks. Promised: no error, and of no page a p95 above
ten times its median of one person.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.__main__ import prepare, say

ALONE = 12
TIMES = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pause", type=float, default=8)
    options = parser.parse_args()
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="users-")))
        prepare(stack, room)
        from tests.bench import fill, pages
        from tests.bench.hour import served

        say(f"filling up to {options.cases:,} cases")
        fill.organisations()
        fill.cases(options.cases)
        fill.tidy()
        port, _web = stack.enter_context(served(room))
        asked = [pages.asked(port) for _person in range(options.people)]
        asked[0] = [pages.check(port)]
        say("one person alone")
        crowd = Crowd(alone={page.name: alone(page) for some in (asked[0], asked[1]) for page in some})
        say(f"{options.people} people for {options.minutes:g} minutes")
        crowd.come(asked, options.minutes * 60, options.pause)
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    sys.exit(crowd.report())


def alone(page) -> float:
    for _warming in range(4):
        page.ask(False)
    return statistics.median(page.ask(False)[0] for _request in range(ALONE))


@dataclass
class Crowd:
    """Seconds of each page: of one person alone, the median; of all at once, every request."""

    alone: dict[str, float]
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def come(self, asked: list[list], seconds: float, pause: float) -> None:
        end = time.monotonic() + seconds
        people = [threading.Thread(target=self._work, args=(one, end, pause, n)) for n, one in enumerate(asked)]
        for person in people:
            person.start()
        for person in people:
            person.join()

    def _work(self, pages: list, end: float, pause: float, number: int) -> None:
        draw = random.Random(number)
        while (wait := draw.expovariate(1 / pause)) < end - time.monotonic():
            time.sleep(wait)
            page = draw.choice(pages)
            try:
                self.took[page.name].append(page.ask(False)[0])
            except Exception as error:  # noqa: BLE001 -- counted, and the others go on
                self.wrong.append(f"{page.name}: {type(error).__name__}: {error}"[:300])

    def report(self) -> int:
        """Print a row a page; return 1 where something broke or a page is too slow."""
        print("| page | one alone, median | requests | median | p95 | p95 ÷ alone |\n|---|--:|--:|--:|--:|--:|")
        worst = 0.0
        for name, one in self.alone.items():
            took = self.took[name]
            if len(took) > 1:
                late = statistics.quantiles(took, n=20)[-1]
                worst = max(worst, late / one)
                row = (f"{one * 1000:.0f} ms", str(len(took)), f"{statistics.median(took) * 1000:.0f} ms")
                print(f"| {name} | " + " | ".join(row) + f" | {late * 1000:.0f} ms | {late / one:.1f} |")
        print(
            f"{sum(map(len, self.took.values())):,} requests; errors: {len(self.wrong)} {sorted(set(self.wrong))[:5]}"
        )
        print(f"the slowest p95 is {worst:.1f} times its median of one person; at most {TIMES} are promised")
        return int(bool(self.wrong) or worst > TIMES)


if __name__ == "__main__":
    main()
