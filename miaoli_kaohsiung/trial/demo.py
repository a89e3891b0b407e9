"""Run the whole portal on this machine: database, migrations, demonstration data, web server, worker with beat.

    python -m miaoli_kaohsiung.trial.demo [--port 8000]     until Ctrl-C, which stops all that was started
    python -m miaoli_kaohsiung.trial.demo --reset           put the demonstration data back, also while the portal runs

DATABASE_URL and BROKER_URL point to servers of one's own; then none is started here.
"""

import argparse
import datetime as dt
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

from miaoli_kaohsiung.lib.postgres import PostgresServer, die_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("miaoli_kaohsiung", "communities", "grants", "evaluation")
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
FIRST_DAY = dt.date(2010, 6, 1)
PASSWORD = "demo-88-2010"  # noqa: S105 -- of the trial only, printed below for everybody
SECONDS_TO_START = 60
SECONDS_TO_REST = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="put the demonstration data back")
    parser.add_argument("--yes", action="store_true", help="with --reset: also on the database that DATABASE_URL names")
    options = parser.parse_args()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    os.environ.setdefault("PORTAL_MODE", "trial")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "miaoli_kaohsiung.settings")
    try:
        reset(options.yes) if options.reset else serve(options.port)
    except KeyboardInterrupt:
        print("\nStopped.", flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def serve(port: int) -> None:
    """Start everything, say where it is, and stay until somebody or something ends it."""
    os.environ["PORTAL_URL"] = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        if not stack.enter_context(sole_runner()):
            sys.exit("The trial of this checkout runs already. Stop it with Ctrl-C in its own window.")
        if port_is_taken(port):
            sys.exit(f"Port {port} is taken. Take another one: make demo PORT={port + 1}")
        stack.enter_context(database())
        prepare()
        web = [sys.executable, "-m", "gunicorn", "miaoli_kaohsiung.wsgi", "--bind", f"127.0.0.1:{port}"]
        web += ["--workers", "2", "--no-control-socket", "--timeout", "120", "--preload"]
        worker = [sys.executable, "-m", "celery", "-A", "miaoli_kaohsiung", "worker", "-B", "--concurrency", "1"]
        worker += ["--schedule", str(VAR / "celerybeat-schedule"), "--loglevel", "INFO"]
        commands = {"web": web, "worker": worker}
        services = stack.enter_context(services_running(commands))
        wait_until_it_answers(services, f"{os.environ['PORTAL_URL']}/accounts/login/")
        say_where_it_is()
        stay(services, commands)


def reset(sure: bool) -> None:
    """Empty the database and the folders of the trial and load the demonstration data anew."""
    if os.environ.get("DATABASE_URL") and not sure:
        sys.exit("DATABASE_URL is set: this would empty that database. If you mean it: make reset YES=1")
    with ExitStack() as stack:
        if stack.enter_context(sole_runner()):
            stack.enter_context(database())
        setup_django()
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        for name in ("files", "mail", "open_data"):
            shutil.rmtree(VAR / name, ignore_errors=True)
        (VAR / "portal_date").unlink(missing_ok=True)
        prepare()
    print("The demonstration data is back.", flush=True)


@contextmanager
def sole_runner() -> Iterator[bool]:
    """Yield whether this process is the one that runs the trial of this checkout, until the block ends."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "running.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextmanager
def database() -> Iterator[None]:
    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = PostgresServer(VAR / "postgres", max_connections="60")
    os.environ["DATABASE_URL"] = server.start()
    try:
        yield
    finally:
        server.stop()


def setup_django() -> None:
    import django

    django.setup()


def steps_no_longer_here() -> list[tuple[str, str]]:
    """Return migrations of this project, (app, name), that the database has applied and this checkout does not have."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
    gone = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(step for step in gone if step[0] in ours)


def prepare() -> None:
    """Bring the database up to date; if nobody is in it yet, load the demonstration."""
    setup_django()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands
    from django.db import connections, transaction

    from miaoli_kaohsiung.lib import clock

    for name in ("files", "mail", "logs", "broker/messages", "broker/control"):
        (VAR / name).mkdir(parents=True, exist_ok=True)
    if steps_no_longer_here():
        sys.exit("The data under var/ are of an earlier version of the portal. Put the demonstration back: make reset")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if "load_demo" in get_commands() and not get_user_model().objects.exists():
        print("· Loading the demonstration data", flush=True)
        clock.set_portal_date(FIRST_DAY)
        # All or nothing: half a demonstration would count as a whole one at the next start.
        with transaction.atomic():
            call_command("load_demo")
    connections.close_all()


def start(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    """Run a command that writes to a log of its name."""
    with (VAR / "logs" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )


@contextmanager
def services_running(commands: dict[str, list[str]]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run commands, each writing to a log of its name, until the block ends.

    Each has a session of its own, so Ctrl-C reaches only this process, which stops them before the database.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            running[name] = start(name, command)
        yield running
    finally:
        stop(list(running.values()))


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to finish, and kill those still running after three seconds: no job is lost, its row stands in the
    database.
    """
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + 3
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_it_answers(services: dict[str, subprocess.Popen[bytes]], url: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        complain_if_ended(services)
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310 -- our own address
                return
        except urllib.error.HTTPError as answer:
            sys.exit(f"{url} answers {answer.code}; see {VAR / 'logs' / 'web.log'}")
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} did not answer within {SECONDS_TO_START} seconds; see {VAR / 'logs' / 'web.log'}")


def complain_if_ended(services: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in services.items():
        if process.poll() is not None:
            log = VAR / "logs" / f"{name}.log"
            last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            sys.exit(f"{last}\nThe {name} ended by itself with status {process.returncode}; its log is {log}")


def say_where_it_is() -> None:
    from django.contrib.auth import get_user_model
    from django.db import connections

    from miaoli_kaohsiung.accounts.queries import posts_of

    # The numbered ones only file and forward for the other associations: chair-01, office-02.
    people = get_user_model().objects.filter(is_active=True).exclude(username__regex=r"-\d\d$").order_by("pk")
    accounts = [(user.username, "、".join(post.label for post in posts_of(user))) for user in people]
    connections.close_all()
    width = max((len(name) for name, _ in accounts), default=0)
    print(f"\nThe portal runs at {os.environ['PORTAL_URL']}\n\nAccounts (password of each: {PASSWORD}):")
    for username, posts in accounts:
        print(f"  {username:<{width}}  {posts}")
    print(f"\nMails are written to {VAR / 'mail'}, logs to {VAR / 'logs'}. Ctrl-C stops everything.", flush=True)


def stay(services: dict[str, subprocess.Popen[bytes]], commands: dict[str, list[str]]) -> None:
    while True:
        complain_if_ended({"web": services["web"]})
        start_worker_again(services, commands)
        time.sleep(0.5)


def start_worker_again(services: dict[str, subprocess.Popen[bytes]], commands: dict[str, list[str]]) -> None:
    """Start another worker if one has ended, for instance because it may not read a broker's folder. The portal keeps
    running: the jobs stand as rows in the database, and the new worker goes on with them.
    """
    status = services["worker"].poll()
    if status is not None:
        print(f"The worker ended with status {status}; its log is {VAR / 'logs' / 'worker.log'}. Again …", flush=True)
        time.sleep(SECONDS_TO_REST)
        services["worker"] = start("worker", commands["worker"])


if __name__ == "__main__":
    main()
