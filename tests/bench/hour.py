"""The last hour before a deadline: python -m tests.bench.hour [--minutes 3] [--times 1] [--drafts 500]

6,823 associations file within an hour while others save their drafts; what is run is a piece of that hour at the same pace, or
`--times` as fast, filings and drafts alike. It says at how many times the hour's pace the machine's processors would be full; `--times`
near that shows how it breaks. Each that files opens the page of its papers, sends one, opens the page with everything on it, files, and
opens its case; each that writes has a changed draft saved every half minute. Requests are due at times drawn beforehand and are
counted from when they were due, so that a slow answer does not put off the next. gunicorn runs as deploy/ starts it, on an own
PostgreSQL, on one machine with whoever asks. Afterwards the database is asked whether anything was lost.

Locust is not used: it would be a dozen pins more, and its own way of asking takes more of the two processors than this one.
"""

import argparse
import contextlib
import heapq
import http.client
import json
import os
import random
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from lxml import html

from tests.bench.__main__ import ROOT, begin, say
from tests.bench.processor import ran_in_all

IN_THE_HOUR = 6_823
EVERY = 30.0
HANDS = 48
UNIT = ROOT / "deploy" / "systemd" / "portal-web.service"
# Longer than this gunicorn keeps no connection (its --keep-alive).
KEPT = 1.0
KINDS = ("papers", "upload", "review", "file", "case", "draft")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--times", type=float, default=1, help="so many times as fast as in the hour")
    parser.add_argument("--drafts", type=int, default=500)
    parser.add_argument("--queries", action="store_true", help="count the queries of one of each kind instead")
    options = parser.parse_args()
    seconds = options.minutes * 60
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hour-")))
        database = begin(stack, room)
        (room / "portal_date").write_text("2010-06-01")
        from tests.bench import hour_cases

        filings = 3 if options.queries else round(IN_THE_HOUR / 3600 * options.times * seconds)
        say(f"making {filings} cases to file and {options.drafts} drafts")
        hour = Hour(*hour_cases.make(filings, 1 if options.queries else options.drafts))
        hour.port, web = stack.enter_context(served(room))
        hour.open_pages()
        if options.queries:
            for kind, answer in hour.one_of_each():
                print(f"{kind}: {answer} queries")
            return
        for case in hour.cases[:2]:
            hour.ask(case, "GET", f"/applications/{case.number}/edit/review/")
        say(f"{filings} file within {seconds:.0f} s while {options.drafts} save their drafts")
        before = ran_in_all(web, database)
        hour.run(seconds, EVERY / options.times)
        ran = ran_in_all(web, database) - before
        busy = f"{ran:.0f} s of a processor, so that this pace needs {ran / seconds:.2f} processors"
        there = os.cpu_count() or 1
        busy += f"; {there} would be full at {options.times * seconds * there / ran:.2f} times the hour's"
        report(hour, {"web server, its readers of files, and database": busy, **hour_cases.check(hour)})


@contextlib.contextmanager
def served(room: Path) -> Iterator[tuple[int, int]]:
    """gunicorn with what stands in the unit of systemd, on a free port: that and the process."""
    from tests.bench.pages import free_port, get

    port = free_port()
    (line,) = re.findall(r"^ExecStart=\S+/gunicorn (.*)$", UNIT.read_text(), re.MULTILINE)
    words = shlex.split(line.replace("127.0.0.1:8000", f"127.0.0.1:{port}"))
    with (room / "web.log").open("ab") as log:
        command = [sys.executable, "-m", "gunicorn", *words, "--no-control-socket"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                get(port, "/bench/bare/")
                break
            time.sleep(0.1)
        # Each worker has read its modules.
        for _ in range(40):
            get(port, "/")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(70)


@dataclass
class Case:
    """A draft with the cookies of its chairperson; what was last answered as saved, or when it was filed."""

    pk: int
    number: str
    cookies: str
    edition: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    saved: str = ""
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent: float = 0.0
    answered: float = 0.0
    busy: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Hour:
    """The cases that are filed, the drafts that are saved, and what was measured: kind → seconds from when it was due."""

    cases: list[Case]
    drafts: list[Case]
    port: int = 0
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    late: float = 0.0
    own: threading.local = field(default_factory=threading.local)

    def run(self, seconds: float, every: float) -> None:
        """Each case at a moment of its own, each draft about every so many seconds."""
        draw = random.Random(8)
        due: list[tuple[float, int, Callable[[float], None]]] = []
        for case in self.cases:
            due.append((draw.uniform(0, seconds), len(due), lambda at, case=case: self.file(case, at)))
        for draft in self.drafts:
            at = draw.uniform(0, every)
            while at < seconds:
                due.append((at, len(due), lambda at, draft=draft: self.save(draft, at)))
                at += every * draw.uniform(0.8, 1.2)
        heapq.heapify(due)
        turn, started = threading.Lock(), time.monotonic()
        hands = [threading.Thread(target=self._work, args=(due, turn, started)) for _ in range(HANDS)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        self.late = time.monotonic() - started - seconds

    def _work(self, due: list, turn: threading.Lock, started: float) -> None:
        while True:
            with turn:
                if not due:
                    return
                at, _place, act = heapq.heappop(due)
            time.sleep(max(0.0, started + at - time.monotonic()))
            try:
                act(started + at)
            except Exception as error:  # noqa: BLE001 -- counted, and the hour goes on
                self.wrong.append(f"{type(error).__name__}: {error}"[:300])

    def open_pages(self) -> None:
        """Each that writes has the page of the plan open; what a browser would post of it."""
        for draft in self.drafts:
            assert self.ask(draft, "GET", f"/applications/{draft.number}/edit/project/") == 200
            form = next(form for form in html.fromstring(self.own.body).forms if "goal" in form.fields)
            draft.fields = [(name, value.removeprefix("\n")) for name, value in form.form_values() if name != "goal"]

    def file(self, case: Case, due: float) -> None:
        papers = f"/applications/{case.number}/edit/documents/"
        self.timed("papers", due, case, "GET", papers)
        body, kind = _with_file({"note-other": "計畫書"}, "upload-other")
        self.timed("upload", 0, case, "POST", papers, body, kind, accept="application/json")
        self.timed("review", 0, case, "GET", f"/applications/{case.number}/edit/review/")
        edition = re.search(rb'name="edition" value="(\d+)"', self.own.body)
        posted = {"token": case.token, "edition": edition[1].decode() if edition else str(case.edition)}
        case.sent = time.monotonic()
        self.timed(
            "file",
            0,
            case,
            "POST",
            f"/applications/{case.number}/file/",
            urllib.parse.urlencode(posted).encode(),
            expected=302,
        )
        case.answered = time.monotonic()
        self.timed("case", 0, case, "GET", f"/applications/{case.number}/")

    def save(self, draft: Case, due: float) -> None:
        with draft.busy:
            words = f"第{int(draft.saved[1:-3] or 0) + 1 if draft.saved else 1}次寫的"
            kept = [pair for pair in draft.fields if pair[0] not in ("edition", "csrfmiddlewaretoken")]
            body = urllib.parse.urlencode([*kept, ("goal", words), ("edition", draft.edition)]).encode()
            path = f"/applications/{draft.number}/edit/project/"
            self.timed("draft", due, draft, "POST", path, body, accept="application/json")
            found = re.search(rb'"edition": (\d+)', self.own.body)
            draft.edition, draft.saved = int(found[1]), words  # type: ignore[index]

    def timed(self, name: str, due: float, case: Case, *request, expected: int = 200, **more) -> None:
        started = due or time.monotonic()
        status = self.ask(case, *request, **more)
        self.took[name].append(time.monotonic() - started)
        if status != expected:
            words = _words(self.own.body.decode(errors="replace"))
            raise RuntimeError(f"{name} of {case.number} was answered {status}: {words[:200]}")

    def ask(self, case, method, path, body=b"", kind="application/x-www-form-urlencoded", accept="text/html") -> int:
        """One request on this thread's connection, as a browser or a proxy keeps one."""
        from tests.bench.pages import CSRF

        headers = {"Cookie": case.cookies, "Accept": accept, **self.own.__dict__.get("headers", {})}
        headers |= {"Content-Type": kind, "X-CSRFToken": CSRF} if body else {}
        connection = self._connection()
        connection.request(method, urllib.parse.quote(path), body or None, headers)
        response = connection.getresponse()
        self.own.body, self.own.used = response.read(), time.monotonic()
        self.own.queries = response.getheader("X-Queries")
        return response.status

    def _connection(self) -> http.client.HTTPConnection:
        kept = self.own.__dict__.get("connection")
        if kept is None or time.monotonic() - self.own.used > KEPT:
            if kept is not None:
                kept.close()
            kept = self.own.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        return kept

    def one_of_each(self) -> list[tuple[str, str]]:
        """How many queries each kind of request takes, the second time."""
        found = {}
        for case in self.cases:
            for act in (lambda case=case: self.file(case, 0), lambda: self.save(self.drafts[0], 0)):
                self.own.headers = {"X-Count-Queries": "1"}
                ask = self.ask

                def noted(one, *request, ask=ask, **more):
                    status = ask(one, *request, **more)
                    found[f"{request[0]} {request[1].replace(one.number, '…')}"] = self.own.queries
                    return status

                self.ask = noted  # type: ignore[method-assign]
                act()
                self.ask = ask  # type: ignore[method-assign]
        return list(found.items())


def _with_file(values: dict[str, str], name: str) -> tuple[bytes, str]:
    """A form with a PDF of one page, some hundred kilobytes, as a scan is."""
    from tests.bench.hour_cases import SCAN

    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in values.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="scan.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return "".join(
        [*parts, head]
    ).encode() + SCAN + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def _words(body: str) -> str:
    """What an answer says, be it a page or what a script is sent."""
    try:
        text = " ".join(map(str, [*json.loads(body).get("parts", {}).values(), body]))
    except ValueError:
        text = body.partition("<main")[2]
    return re.sub(r"<[^>]*>|\s+", " ", text)


def report(hour: Hour, found: dict[str, object]) -> None:
    print(f"load of the machine {os.getloadavg()[0]:.1f}; the last answer {hour.late:.1f} s after the end")
    print("| request | number | median | p95 | p99 | most |\n|---|--:|--:|--:|--:|--:|")
    everything = [seconds for each in hour.took.values() for seconds in each]
    for name in (*KINDS, "all"):
        took = sorted(everything if name == "all" else hour.took[name])
        if len(took) > 1:
            cuts = statistics.quantiles(took, n=100)
            figures = (statistics.median(took), cuts[94], cuts[98], took[-1])
            print(f"| {name} | {len(took)} | " + " | ".join(f"{each * 1000:.0f} ms" for each in figures) + " |")
    print(f"errors: {len(hour.wrong)} {sorted(set(hour.wrong))[:5]}")
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
