"""Three databases under Patroni with etcd, haproxy and pgbouncer on loopback, by the files of deploy/failover."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings

from miaoli_kaohsiung.lib.postgres import as_its_owner, die_with_parent, give_to_server, programs
from tests.tools import installed, program

FILES = settings.BASE_DIR / "deploy" / "failover"
PASSWORD = "of the drill only"
PATIENCE = 180


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def wait_for(question: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Return the first answer that is not empty."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if answer := question():
                return answer
        except (OSError, psycopg2.Error, ValueError):
            pass
        # Not a wait for a time: each question is cheap, and what is asked for is another process.
        signal.sigtimedwait([], 0.1)
    raise AssertionError(f"{what}: not within {seconds} s")


class Node:
    """One database server: Patroni, and the PostgreSQL that it runs."""

    def __init__(self, number: int, folder: Path, etcd: int) -> None:
        self.name, self.folder = f"db{number}", folder / f"db{number}"
        self.port, self.check = free_port(), free_port()
        self.etcd = etcd
        self.process: subprocess.Popen[bytes] | None = None
        self.folder.mkdir()

    def environment(self) -> dict[str, str]:
        here, check = f"127.0.0.1:{self.port}", f"127.0.0.1:{self.check}"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PATRONI_NAME": self.name,
            "PATRONI_RESTAPI_LISTEN": check,
            "PATRONI_RESTAPI_CONNECT_ADDRESS": check,
            "PATRONI_POSTGRESQL_LISTEN": here,
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": here,
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.folder / "data"),
            "PATRONI_POSTGRESQL_BIN_DIR": str(programs()),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            "PATRONI_ETCD3_HOSTS": f"127.0.0.1:{self.etcd}",
            "PATRONI_SUPERUSER_USERNAME": "postgres",
            "PATRONI_SUPERUSER_PASSWORD": PASSWORD,
            "PATRONI_REPLICATION_USERNAME": "replicator",
            "PATRONI_REPLICATION_PASSWORD": PASSWORD,
        }

    def start(self, patroni: Path, configuration: Path) -> None:
        give_to_server(self.folder)
        with (self.folder.parent / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [patroni, configuration],
                env=self.environment(),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
                **as_its_owner(),
            )

    def postmaster(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def kill(self, *, host: bool) -> None:
        """Kill PostgreSQL, or with `host` everything, as when the power goes."""
        server = self.postmaster()
        if host:
            self.end_patroni()
        os.kill(server, signal.SIGKILL)

    def end_patroni(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(30)

    def ask(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.load(urllib.request.urlopen(f"http://127.0.0.1:{self.check}/{path}", timeout=5))
        return answer

    def is_primary(self) -> bool:
        try:
            return bool(self.ask("primary"))
        except (OSError, ValueError):
            return False


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.patroni = installed(FILES / "requirements-patroni.txt", "/usr/bin/python3") / "bin" / "patroni"
        self.tools = {name: program(name, package) for name, package in PACKAGES.items()}
        self.others: list[subprocess.Popen[bytes]] = []
        self.etcd, self.front, self.door = free_port(), free_port(), free_port()
        self.nodes = [Node(number, folder, self.etcd) for number in (1, 2, 3)]
        self.configuration = folder / "patroni.yml"
        self.configuration.write_text(
            (FILES / "patroni.yml").read_text().replace("local all postgres peer", "local all postgres trust")
        )

    @property
    def url(self) -> str:
        """The address that a portal would be given: that of pgbouncer."""
        return f"host=127.0.0.1 port={self.door} dbname=portal user=portal password='{PASSWORD}' connect_timeout=5"

    def start(self) -> None:
        give_to_server(self.folder)
        peer, clients = f"http://127.0.0.1:{free_port()}", f"http://127.0.0.1:{self.etcd}"
        options = {"name": "db1", "data-dir": self.folder / "etcd", "initial-cluster": f"db1={peer}"}
        options |= {"listen-peer-urls": peer, "initial-advertise-peer-urls": peer}
        options |= {"listen-client-urls": clients, "advertise-client-urls": clients}
        self._run("etcd", *[f"--{name}={value}" for name, value in options.items()])
        wait_for(lambda: urllib.request.urlopen(f"{clients}/health", timeout=2), "etcd")
        for node in self.nodes:
            node.start(self.patroni, self.configuration)
        primary = wait_for(self.primary, "the first primary")
        wait_for(self.all_in_step, "all three")
        self._make_database(primary)
        self._open_door()
        wait_for(lambda: psycopg2.connect(self.url), "pgbouncer")

    def stop(self) -> None:
        for node in self.nodes:
            # Else it would start again what is killed, or go on where there is nothing to kill.
            node.end_patroni()
            with suppress(OSError):
                node.kill(host=True)
        for process in self.others:
            process.kill()
            process.wait(30)

    def primary(self) -> Node | None:
        return next((node for node in self.nodes if node.is_primary()), None)

    def all_in_step(self) -> bool:
        """Whether one is primary, one in step with it, and the third follows: a lost one that came back is rewound first.

        What a server last said of itself may be seconds old: one that still means the primary before has its timeline.
        """
        primary = self.primary()
        members = primary.ask("cluster")["members"] if primary else []
        roles = sorted((one["role"], one["state"]) for one in members)
        all_there = [("leader", "running"), ("replica", "streaming"), ("sync_standby", "streaming")]
        return roles == all_there and len({one.get("timeline") for one in members}) == 1

    def start_again(self, node: Node) -> None:
        if node.process is None or node.process.poll() is not None:
            node.start(self.patroni, self.configuration)

    def _make_database(self, primary: Node) -> None:
        address = f"host=127.0.0.1 port={primary.port} user=postgres password='{PASSWORD}' dbname=postgres"
        connection = psycopg2.connect(address)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE portal LOGIN PASSWORD %s", [PASSWORD])
            cursor.execute("CREATE DATABASE portal OWNER portal")
        connection.close()

    def _open_door(self) -> None:
        numbered = list(enumerate(self.nodes, 1))
        addresses = {f"DB{number}": f"127.0.0.1:{node.port}" for number, node in numbered}
        checks = {f"CHECK{number}": str(node.check) for number, node in numbered}
        self._run("haproxy", "-f", FILES / "haproxy.cfg", PRIMARY=f"127.0.0.1:{self.front}", **addresses, **checks)
        names = self.folder / "userlist.txt"
        names.write_text(f'"portal" "{PASSWORD}"\n')
        written = (FILES / "pgbouncer.ini").read_text()
        for there, here in (
            ("port=5000", f"port={self.front}"),
            ("listen_port = 6432", f"listen_port = {self.door}"),
            ("/etc/pgbouncer/userlist.txt", str(names)),
        ):
            assert written.count(there) == 1
            written = written.replace(there, here)
        (self.folder / "pgbouncer.ini").write_text(written)
        self._run("pgbouncer", self.folder / "pgbouncer.ini", owner=True)

    def _run(self, name: str, *words: object, owner: bool = False, **surroundings: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.others.append(
                subprocess.Popen(
                    [self.tools[name], *map(str, words)],
                    env={"PATH": os.environ["PATH"], **surroundings},
                    stdout=log,
                    stderr=log,
                    preexec_fn=die_with_parent,
                    **(as_its_owner() if owner else {}),
                )
            )


PACKAGES = {"etcd": "etcd-server", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}
