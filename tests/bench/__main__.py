"""Measure the served portal at 1,000 and at 20,000 cases: python -m tests.bench [--requests 100] [--sizes 1000 20000]

gunicorn with two workers on an own PostgreSQL, one request at a time, every page in turn with the bare view, so that
whatever else the machine does falls on all alike. Figures are multiples of the bare view's median in the same run.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100, help="timed requests a page and size")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--keep", action="store_true", help="leave the server running until Ctrl-C, to look at pages")
    options = parser.parse_args()
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        database = prepare(stack, room)
        from tests.bench import fill, pages, report, work
        from tests.bench.processor import Meter

        fill.organisations()
        results = {}
        for size in options.sizes:
            say(f"filling up to {size:,} cases")
            fill.cases(size)
            fill.tidy()
            with serving(room) as (port, web):
                say(f"measuring at {size:,} cases, {options.requests} requests a page")
                results[size] = pages.measure(port, options.requests, Meter(web, database))
                if options.keep and size == options.sizes[-1]:
                    say(f"http://127.0.0.1:{port}/ is up; Ctrl-C ends it")
                    wait()
        say("measuring print files and the engine")
        report.show(results, work.measure())


def prepare(stack: ExitStack, room: Path) -> int:
    """An own database with the demonstration in it; answers its process."""
    process = begin(stack, room)
    from django.core.management import call_command

    say("loading the demonstration")
    call_command("load_demo")
    return process


def begin(stack: ExitStack, room: Path) -> int:
    """An own database, migrated and empty; answers its process."""
    from miaoli_kaohsiung.lib.postgres import PostgresServer

    room.chmod(0o711)
    for name in ("broker/messages", "broker/control", "files", "mail"):
        (room / name).mkdir(parents=True)
    server = PostgresServer(room / "postgres", max_connections="40")
    os.environ |= {
        "PORTAL_MODE": "trial",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "VAR_DIR": str(room),
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": server.start(),
    }
    stack.callback(server.stop)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return server.process.pid  # type: ignore[union-attr]  # it runs


@contextmanager
def serving(room: Path) -> Iterator[tuple[int, int]]:
    """gunicorn on a free port of this machine, until the block ends: the port and the process."""
    from tests.bench.pages import free_port, get

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "miaoli_kaohsiung.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--preload", "--no-control-socket", "--timeout", "120"]
    with (room / "web.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        for _ in range(300):
            if process.poll() is not None:
                sys.exit((room / "web.log").read_text(errors="replace")[-3000:])
            try:
                get(port, "/bench/bare/")
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def wait() -> None:
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
