"""The process from which those of the readers are forked: what they inherit, and what becomes of it."""

import json
import os
import select
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from miaoli_kaohsiung.files.reader_server import ANSWERED, FAILED, KILLED, LATE, NEVER
from miaoli_kaohsiung.files.served import Done

from .probes import served

ROOT = Path(__file__).parent.parent.parent
SAYS = "def main(*words):\n    print(*words, os.getpid(), os.getppid())\nimport os\n"
# Says who it is, then what its words ask for.
ACTS = """
import os, signal, sys
def main(act):
    print(os.getppid(), flush=True)
    exec(act)
"""


@pytest.fixture
def serving():
    """Makes a server, which ends with the test."""
    made = []

    def make(program, seconds=30.0):
        made.append(served(program, seconds))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_each_question_has_a_process_of_its_own_and_all_have_one_server(serving):
    server = serving(SAYS)
    said = [server.ask("一", str(number)) for number in range(3)]
    assert [done.ended for done in said] == [ANSWERED] * 3
    words = [done.written.decode().split() for done in said]
    assert [line[:2] for line in words] == [["一", "0"], ["一", "1"], ["一", "2"]]
    assert len({line[2] for line in words}) == 3
    assert {line[3] for line in words} == {str(server.started[0].pid)}


def test_threads_that_ask_at_the_same_time_each_have_their_own_answer(serving):
    server = serving(SAYS)
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda number: server.ask(str(number)).written.decode().split(), range(24)))
    assert [line[0] for line in said] == [str(number) for number in range(24)]
    assert {line[2] for line in said} == {str(server.started[0].pid)}


def test_it_inherits_nothing(serving, monkeypatch, tmp_path):
    """No variable, no open file, no module of the portal, also none of another process that reads."""
    monkeypatch.setenv("SECRET_KEY", "not for a reader")
    server = serving("""
import json, os, sys
def main():
    # The last one is the folder that is looked at.
    files = sorted(map(int, os.listdir("/dev/fd")))[:-1]
    names = {name.partition(".")[0] for name in sys.modules}
    print(json.dumps({"files": files, "variables": sorted(os.environ), "modules": sorted(names)}))
""")
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        with ThreadPoolExecutor(4) as pool:
            said = [json.loads(done.written) for done in pool.map(lambda _number: server.ask(), range(8))]
    for one in said:
        assert one["files"] == [0, 1, 2]
        # Python itself may set which letters a program writes.
        assert set(one["variables"]) <= {"LC_CTYPE"}
        assert not {"django", "psycopg2", "miaoli_kaohsiung", "grants", "tests"} & set(one["modules"])


def test_nothing_of_a_file_is_left_for_the_next_one(serving):
    server = serving("kept = []\ndef main(word):\n    kept.append(word)\n    print(kept)\n")
    assert [server.ask(word).written for word in ("a", "b")] == [b"['a']\n", b"['b']\n"]


@pytest.mark.parametrize(
    ("act", "ended"),
    [
        ("pass", ANSWERED),
        ("raise ValueError", FAILED),
        ("sys.exit(3)", FAILED),
        ("os.kill(os.getpid(), signal.SIGSEGV)", KILLED),
        ("signal.pause()", LATE),
    ],
)
def test_how_a_process_ended_is_said(serving, act, ended):
    done = serving(ACTS, seconds=1.0 if ended == LATE else 30.0).ask(act)
    assert done.ended == ended


def test_the_processor_time_of_a_process_is_said(serving):
    program = "import time\ndef main():\n    while time.process_time() < 0.3:\n        pass\n"
    assert 0.3 <= serving(program).ask().processor < 3


def test_after_a_crash_another_server_is_started(serving):
    server = serving(ACTS)
    first, crashed, after = (server.ask(act) for act in ("pass", "os.kill(os.getpid(), signal.SIGSEGV)", "pass"))
    assert (first.ended, crashed.ended, after.ended) == (ANSWERED, KILLED, ANSWERED)
    assert first.written == crashed.written != after.written


def test_a_server_that_was_killed_is_started_again(serving):
    server = serving(ACTS)
    before = server.ask("pass")
    server.started[0].kill()
    server.started[0].wait()
    after = server.ask("pass")
    assert after.ended == ANSWERED
    assert after.written != before.written


def test_a_question_that_its_server_did_not_live_to_answer_is_put_once_more_and_then_has_no_answer(serving, tmp_path):
    act = f"open({str(tmp_path / 'asked')!r}, 'a').write('x'); os.kill(os.getppid(), signal.SIGKILL)"
    server = serving(ACTS)
    assert server.ask(act) == Done(b"", NEVER)
    assert (tmp_path / "asked").read_text() == "xx"
    assert server.ask("pass").ended == ANSWERED


def test_a_reader_that_cannot_be_imported_answers_nothing(serving):
    assert serving("raise ImportError").ask() == Done(b"", NEVER)


def test_a_server_that_nobody_asks_ends_and_is_started_again(serving):
    server = serving("import reader_server\nreader_server.IDLE_SECONDS = 0.05\n" + SAYS)
    assert server.ask().ended == ANSWERED
    server.started[0].wait(30)
    assert server.ask().ended == ANSWERED
    assert len(server.started) == 1


def test_without_a_place_for_a_process_nothing_is_read(serving):
    program = "import os\ndef fork():\n    raise BlockingIOError\nos.fork = fork\ndef main():\n    print('read')\n"
    assert serving(program).ask() == Done(b"", NEVER)


PARENT = """
import os, signal
from tests.files.probes import served
from tests.files.test_reader_server import SAYS

server = served(SAYS)
own = server.ask().written.split()[1].decode()
reading, writing = os.pipe()
if os.fork() == 0:
    os.write(writing, server.ask().written.split()[1])
    # Stays until the test has seen the other's server end.
    os.read(0, 1)
    os._exit(0)
others = os.read(reading, 99).decode()
again = server.ask().written.split()[1].decode()
print(own, others, again, flush=True)
signal.pause()
"""


def test_it_ends_with_whom_it_serves_and_a_forked_process_has_its_own():
    """As with a worker that is killed while what it forked goes on."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    own, others, again = process.stdout.readline().split()
    assert own == again != others
    watched = os.pidfd_open(int(own))
    process.kill()
    assert process.wait() == -9
    assert select.select([watched], [], [], 30)[0] == [watched]
    os.kill(int(others), 0)
    last = os.pidfd_open(int(others))
    process.stdin.close()
    assert select.select([last], [], [], 30)[0] == [last]
    os.close(watched)
    os.close(last)
    process.stdout.close()
