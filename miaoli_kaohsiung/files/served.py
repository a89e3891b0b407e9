"""Asks a reader that is forked for each file from a process that has imported it (`reader_server`).

Each process of the portal that asks has a server of its own, started with its first file and again whenever it has ended.
The server inherits no open file, no environment and nothing from memory; it ends when the process that it serves ends,
however that ends. A question that it did not live to answer is put once more, to a new one; then there is no answer.
"""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from .reader_server import LATE, NEVER

FOLDER = Path(__file__).parent
# What a reader may take by the clock; what it may take of a processor is its own limit.
SECONDS = 30.0
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from reader_server import main; main(*sys.argv[1:])"
# For a server that says nothing at all.
_MARGIN = 10.0
_MOST_WRITTEN = 1024 * 1024


@dataclass(frozen=True)
class Done:
    """What the process of one file wrote, how it ended (`reader_server.ENDS`), and the processor time that it took."""

    written: bytes
    ended: str
    processor: float = 0.0


class Served:
    """The server of one reader, for this process and its threads."""

    def __init__(self, reader: str, start: str = _START, seconds: float = SECONDS) -> None:
        self.reader, self.start, self.seconds = reader, start, seconds
        self._forget()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._leave_to_parent)

    def ask(self, *arguments: str) -> Done:
        """Have a process read what the arguments say."""
        for _time in range(2):
            if done := self._ask_once(arguments):
                return done
        return Done(b"", NEVER)

    def close(self) -> None:
        """End the server, if there is one."""
        with self.lock:
            if self.asked is not None:
                self.asked.close()
            for process in self.started:
                process.kill()
                process.wait()
            self._forget()

    def _forget(self) -> None:
        self.lock = threading.Lock()
        self.asked: socket.socket | None = None
        self.started: list[subprocess.Popen[bytes]] = []

    def _leave_to_parent(self) -> None:
        """A process that was forked from this one has a server of its own; this one's ends with this one."""
        if self.asked is not None:
            self.asked.close()
        self._forget()

    def _ask_once(self, arguments: tuple[str, ...]) -> Done | None:
        """Return None if the server ended before the process did."""
        mine, theirs = socket.socketpair()
        with mine:
            with theirs:
                asked = self._hand_over(theirs)
            mine.settimeout(self.seconds + _MARGIN)
            try:
                mine.sendall(json.dumps(arguments).encode())
                mine.shutdown(socket.SHUT_WR)
                if done := _done(mine):
                    return done
            except TimeoutError:
                self._leave(asked)
                return Done(b"", LATE)
            except OSError:
                pass
        self._leave(asked)
        return None

    def _hand_over(self, end: socket.socket) -> socket.socket:
        """Pass an end to the server, or to a new one; answers where it was asked."""
        with self.lock:
            if self.asked is not None:
                with contextlib.suppress(OSError):
                    socket.send_fds(self.asked, [b"1"], [end.fileno()])
                    return self.asked
                self.asked.close()
            self.asked = self._begin()
            with contextlib.suppress(OSError):
                socket.send_fds(self.asked, [b"1"], [end.fileno()])
            return self.asked

    def _leave(self, asked: socket.socket) -> None:
        """Ask this server no more: it ends once nobody can."""
        with self.lock:
            if self.asked is asked:
                self.asked = None
            asked.close()

    def _begin(self) -> socket.socket:
        """Start a server and return where it is asked."""
        self.started = [process for process in self.started if process.poll() is None]
        asked, theirs = socket.socketpair()
        command = [sys.executable, "-I", "-c", self.start, str(FOLDER), self.reader, str(self.seconds)]
        nothing = subprocess.DEVNULL
        with theirs:
            self.started.append(
                subprocess.Popen(command, stdin=theirs.fileno(), stdout=nothing, stderr=nothing, env={})
            )
        return asked


def _done(answer: socket.socket) -> Done | None:
    """Read what the process writes and, once it has ended, the server's line of it."""
    data = bytearray()
    while not (data.endswith(b"\n") and b"\0" in data):
        more = answer.recv(65536)
        if not more or len(data) > _MOST_WRITTEN:
            return None
        data += more
    written, _nul, line = bytes(data).rpartition(b"\0")
    end = json.loads(line)
    return Done(written, end["ended"], end["processor"])
