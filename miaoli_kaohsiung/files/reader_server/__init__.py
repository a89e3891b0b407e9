"""Imports a reader of uploaded files once and forks a process of its own for each file. Runs without Django, apart from the
portal: it has none of its settings, secrets, connections or open files.

It never looks at a file: it forks, and the process that it forked reads what is asked, takes on the reader's limits, answers
and ends. So no file leaves anything behind that the next one could find. A byte on the `asked` socket, with one end of a
connection of its own, asks for one process; at that end the question is read and the answer written. Once the process has
ended, this one adds how, after a NUL, as a line of JSON (`ENDS`). It ends itself when nobody can ask any more, when nobody
has for a while, and after a reader was killed: the next one lies elsewhere in memory.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

# How a process ended: by itself, in an error, killed (as by its limits), by the clock; or it was never there.
ENDS = ANSWERED, FAILED, KILLED, LATE, NEVER = ("answered", "failed", "killed", "late", "never")
# Whoever asked is there for so long after the last question.
IDLE_SECONDS = 600.0
MOST_ASKED = 4096
_MARGIN = 5
Main = Callable[..., None]


@dataclass
class Running:
    """A process at work, with the end at which it answers and when it will have had its time."""

    pid: int
    answer: socket.socket
    until: float
    late: bool = False


class Server:
    """Forks for whoever holds the other end of `asked`."""

    def __init__(self, asked: socket.socket, main: Main, seconds: float) -> None:
        self.asked, self.main, self.seconds = asked, main, seconds
        self.running: dict[int, Running] = {}
        self.retired = False

    def serve(self) -> None:
        """Fork until there is nobody to fork for, and let what runs end."""
        ended = _wakes_at_an_end()
        while not self.retired or self.running:
            nearest = min((one.until for one in self.running.values()), default=time.monotonic() + IDLE_SECONDS)
            waiting = [ended] if self.retired else [ended, self.asked.fileno()]
            ready, _, _ = select.select(waiting, [], [], max(0.0, nearest - time.monotonic()))
            if ended in ready:
                os.read(ended, 4096)
            self._reap()
            if not ready and not self.running:
                return
            if self.retired:
                # Whoever asks now is answered by the end of its connection, and asks another server.
                self.asked.close()
            elif self.asked.fileno() in ready and not self._take():
                self._kill_all()
                return

    def _take(self) -> bool:
        """Fork for the next that asks; answers whether there was one."""
        byte, ends, _, _ = socket.recv_fds(self.asked, 1, 1)
        for end in ends:
            self._fork(socket.socket(fileno=end))
        return bool(byte)

    def _fork(self, answer: socket.socket) -> None:
        try:
            pid = os.fork()
        except OSError:
            _say(answer, NEVER, 0.0)
            return
        if pid == 0:
            _read_one(answer, self.main, self.seconds)
        self.running[pid] = Running(pid, answer, time.monotonic() + self.seconds)

    def _reap(self) -> None:
        """Say how each process ended that did, and kill those that have had their time."""
        for one in list(self.running.values()):
            if time.monotonic() > one.until and not one.late:
                one.late = True
                os.kill(one.pid, signal.SIGKILL)
            pid, status, spent = os.wait4(one.pid, 0 if one.late else os.WNOHANG)
            if not pid:
                continue
            del self.running[pid]
            killed = os.WIFSIGNALED(status)
            end = LATE if one.late else KILLED if killed else FAILED if status else ANSWERED
            self.retired |= killed and not one.late
            _say(one.answer, end, spent.ru_utime + spent.ru_stime)

    def _kill_all(self) -> None:
        """Nobody waits for these any more."""
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)


def _wakes_at_an_end() -> int:
    """Return what can be read as soon as a process has ended."""
    ended, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    # Whoever presses Ctrl-C ends the portal, and with it this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return ended


def _say(answer: socket.socket, end: str, seconds: float) -> None:
    line = b"\0" + json.dumps({"ended": end, "processor": round(seconds, 4)}).encode() + b"\n"
    # Whoever asked may be gone.
    with answer, contextlib.suppress(OSError):
        answer.send(line, socket.MSG_DONTWAIT)


def _read_one(answer: socket.socket, main: Main, seconds: float) -> NoReturn:
    """Be the process of one file, which has nothing open but its answer, and end."""
    failed = 1
    try:
        _keep_only(answer)
        # Should the server be gone by then.
        signal.alarm(int(seconds) + _MARGIN)
        main(*_question())
        sys.stdout.flush()
        failed = 0
    finally:
        os._exit(failed)


def _keep_only(answer: socket.socket) -> None:
    """Close all that the server has open; the answer is where a program writes."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(answer.fileno(), 1)
    os.dup2(nothing, 0)
    os.dup2(nothing, 2)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))


def _question() -> list[str]:
    """Return the arguments of the reader: JSON, up to the end of what is sent."""
    data = b""
    while more := os.read(1, MOST_ASKED):
        data += more
    arguments: list[str] = json.loads(data)
    return arguments


def main(reader: str, seconds: str) -> None:
    """Serve with a reader, a package beside this one; the socket is the standard input."""
    asked = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    module = importlib.import_module(f"{reader}.__main__")
    module.prepare()
    # What is imported stays shared with the processes: the collector of garbage leaves it alone.
    gc.collect()
    gc.freeze()
    Server(asked, module.main, float(seconds)).serve()
