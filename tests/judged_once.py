"""The gate of uploaded files, and those that read kept files, asked once about each: tests send the same few samples again and
again, and every answer takes a process of its own. tests/files asks each time.
"""

from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from miaoli_kaohsiung.files import processes, sandbox
from miaoli_kaohsiung.files.gate import Found


class JudgedOnce:
    """files.sandbox, with what it said before. What it refuses it is asked again."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, tuple[str, ...]], tuple[Found, bytes]] = {}

    def inspect(self, source: Path, target: Path, kinds: tuple[str, ...]) -> Found:
        key = sha256(source.read_bytes()).hexdigest(), kinds
        if key not in self.known:
            found = sandbox.inspect(source, target, kinds)
            self.known[key] = found, target.read_bytes() if found.rewritten else b""
        found, rewritten = self.known[key]
        if found.rewritten:
            target.write_bytes(rewritten)
        return found


class ReadOnce:
    """files.processes.ask, with what each reader said before of the same bytes and with the same wishes."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, ...], dict[str, Any]] = {}
        # A page in a browser asks for all its pictures at the same time.
        self.lock = Lock()

    def __call__(self, reader: str, path: str, *wishes: str) -> dict[str, Any]:
        key = reader, sha256(Path(path).read_bytes()).hexdigest(), *wishes
        with self.lock:
            if key not in self.known:
                self.known[key] = processes.ask(reader, path, *wishes)
        return deepcopy(self.known[key])
