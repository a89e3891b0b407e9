"""A scanner that speaks clamd's protocol over a real socket, and finds what it is given as a virus."""

import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

# Put together here, so that a scanner on this machine lets this file be.
EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))


class Scanner:
    """`signatures` is what is found, by the virus's name; `said` answers in its place; `seen` is what was sent."""

    def __init__(self) -> None:
        self.signatures = {"Eicar-Test-Signature": EICAR}
        self.said = ""
        self.seen: list[bytes] = []

    def answer(self, data: bytes) -> str:
        self.seen.append(data)
        for virus, signature in self.signatures.items():
            if signature in data:
                return f"stream: {virus} FOUND"
        return "stream: OK"


@contextmanager
def scanning(place: str = "") -> Iterator[tuple[Scanner, str]]:
    """A scanner at a path, or at a port of loopback; yields it with what CLAMD is to be."""
    scanner = Scanner()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            command = b""
            while not command.endswith(b"\0"):
                command += self.rfile.read(1)
            reply = "PONG" if command == b"zPING\0" else scanner.answer(self._stream())
            self.wfile.write((scanner.said or reply).encode() + b"\0")

        def _stream(self) -> bytes:
            data = b""
            while size := struct.unpack("!L", self.rfile.read(4))[0]:
                data += self.rfile.read(size)
            return data

    kind = socketserver.UnixStreamServer if place else socketserver.TCPServer
    with kind(place or ("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield scanner, place or f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
