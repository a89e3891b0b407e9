"""Uploads are put to a scanner of viruses (ClamAV's clamd, by the setting CLAMD) before anybody can open them.

What the scanner does not answer for waits closed, and a job asks again. Without the setting nothing is scanned, which
/readyz says.
"""

import contextlib
import logging
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TypeAlias
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage

from miaoli_kaohsiung.lib import clock

from .models import StoredFile

log = logging.getLogger(__name__)

SECONDS = 15
PIECE = 64 * 1024
# How many of the files that wait are asked for in one run.
AT_ONCE = 200

# What a higher room does once something infected was found: with the file's name, its SHA-256, the virus, and the kept
# file if it was kept before the scanner answered.
Found: TypeAlias = Callable[[str, str, str, StoredFile | None], None]
_when_found: list[Found] = []


class ScannerDownError(Exception):
    """The scanner gave no answer that says yes or no."""


def when_found(act: Found) -> Found:
    """Have `act` called for each infected file."""
    _when_found.append(act)
    return act


def report(name: str, sha256: str, virus: str, stored: StoredFile | None = None) -> None:
    log.warning("an infected file was found: %s", virus)
    for act in _when_found:
        act(name, sha256, virus, stored)


def configured() -> bool:
    return bool(settings.CLAMD)


def ping() -> None:
    """Raises ScannerDownError unless the scanner answers."""
    if (answer := _ask(b"zPING\0")) != "PONG":
        raise ScannerDownError(answer)


def virus_in(file: IO[bytes]) -> str:
    """Return the name of the virus in the file, "" if it is clean. Raises ScannerDownError."""
    answer = _ask(b"zINSTREAM\0", _pieces(file))
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerDownError(answer)


def scan_waiting() -> int:
    """Ask for the files that wait, the oldest first; return how many were answered for."""
    if not configured():
        return 0
    answered = 0
    for stored in StoredFile.objects.filter(scan=StoredFile.Scan.WAITING).order_by("uploaded_at")[:AT_ONCE]:
        try:
            with default_storage.open(stored.path) as file:
                virus = virus_in(file)
        except ScannerDownError as error:
            log.warning("the scanner does not answer: %s", error)
            break
        except FileNotFoundError:
            continue
        _answer_for(stored, virus)
        answered += 1
    return answered


def _answer_for(stored: StoredFile, virus: str) -> None:
    state = StoredFile.Scan.INFECTED if virus else StoredFile.Scan.CLEAN
    rows = StoredFile.objects.filter(pk=stored.pk, scan=StoredFile.Scan.WAITING)
    if rows.update(scan=state, scanned_at=clock.now()) and virus:
        report(stored.name, stored.sha256, virus, stored)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield struct.pack("!L", len(piece)) + piece
    yield struct.pack("!L", 0)


def _ask(command: bytes, pieces: Iterable[bytes] = ()) -> str:
    try:
        with _connected() as line:
            line.sendall(command)
            # A scanner that has seen enough answers and closes before everything was sent.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for piece in pieces:
                    line.sendall(piece)
            answer = b""
            while not answer.endswith(b"\0") and (part := line.recv(4096)):
                answer += part
    except (OSError, ValueError) as error:
        raise ScannerDownError(type(error).__name__) from error
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected() -> socket.socket:
    """Connect to CLAMD: a path of a socket (/run/clamav/clamd.ctl), or host:port."""
    if settings.CLAMD.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(settings.CLAMD)
        return line
    place = urlsplit(f"//{settings.CLAMD}")
    return socket.create_connection((place.hostname or "", place.port or 3310), timeout=SECONDS)
