import os
import subprocess
import tempfile
from pathlib import Path

import psycopg2
import pytest

from miaoli_kaohsiung.lib import postgres
from miaoli_kaohsiung.lib.postgres import PostgresServer


@pytest.fixture
def folder():
    """Not pytest's own: every other run of pytest closes that to the server's user."""
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        yield Path(name)


@pytest.fixture
def server(folder):
    server = PostgresServer(folder / "data", fsync="off")
    yield server
    server.stop()


def ask(server, sql):
    with psycopg2.connect(host=str(server.socket_dir), user="postgres", dbname="postgres") as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        answer = cursor.fetchall() if cursor.description else None
    connection.close()
    return answer


def test_what_was_written_is_there_after_a_second_start(server):
    assert server.start() == f"postgres://postgres@/postgres?host={server.socket_dir}"
    ask(server, "CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    with pytest.raises(psycopg2.OperationalError):
        ask(server, "SELECT 1")
    server.start()
    assert ask(server, "SELECT number FROM kept") == [(7,)]


def test_chinese_characters_are_letters_and_only_the_socket_is_open(server):
    server.start()
    ask(server, "CREATE EXTENSION pg_trgm")
    assert ask(server, "SELECT array_length(show_trgm('旗山鎮'), 1), current_setting('listen_addresses')") == [(4, "")]


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder):
    server = PostgresServer(folder / ("x" * postgres.LONGEST_SOCKET_DIR))
    try:
        server.start()
        assert ask(server, "SELECT 1") == [(1,)]
        assert len(os.fsencode(server.socket_dir)) <= postgres.LONGEST_SOCKET_DIR
    finally:
        server.stop()
    assert not server.socket_dir.exists()


def test_a_server_that_cannot_start_says_why(folder):
    server = PostgresServer(folder / "data", no_such_setting="1")
    with pytest.raises(RuntimeError, match="no_such_setting"):
        server.start()


def test_a_killed_parent_takes_its_server_along(folder):
    data = folder / "data"
    program = (
        "import os, pathlib, signal; from miaoli_kaohsiung.lib.postgres import PostgresServer as S;"
        f"s = S(pathlib.Path({str(data)!r}), fsync='off'); s.start();"
        "print(s.process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([os.sys.executable, "-c", program], capture_output=True, text=True, check=False)
    again = PostgresServer(data, fsync="off")
    again.start()
    try:
        assert ask(again, "SELECT 1") == [(1,)]
        assert again.process.pid != int(done.stdout)
    finally:
        again.stop()
