"""A gateway for SMS and LINE on this machine, which behaves as the real ones promise."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

TOKEN = "a-token"
# A number and an account that do not exist.
NO_NUMBER, NO_ACCOUNT = "0900000000", "U" + "0" * 32


@dataclass
class Gateway:
    """What was taken: texts by their keys, and replies by their tokens. `answers` are statuses for the next requests
    instead of the true one; with `lost` a text is taken but the answer never arrives.
    """

    url: str = ""
    sms: dict[str, tuple[str, str]] = field(default_factory=dict)
    pushes: dict[str, tuple[str, str]] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    lost: int = 0

    def take(self, path: str, headers: Any, data: dict[str, Any]) -> int:
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401
        if self.answers:
            return self.answers.pop(0)
        if path == "/sms":
            return self._once(self.sms, data["id"], (data["to"], data["text"]), data["to"] == NO_NUMBER)
        texts = [message["text"] for message in data["messages"]]
        if path == "/v2/bot/message/push":
            return self._once(
                self.pushes, headers["X-Line-Retry-Key"], (data["to"], texts[0]), data["to"] == NO_ACCOUNT
            )
        if not data["replyToken"].startswith("token") or data["replyToken"] in self.replies:
            return 400
        self.replies[data["replyToken"]] = texts
        return 200

    def _once(self, taken: dict[str, tuple[str, str]], key: str, text: tuple[str, str], unknown: bool) -> int:
        if unknown:
            return 400
        if key in taken:
            return 409
        taken[key] = text
        return 200


@contextmanager
def running() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = gateway.take(self.path, self.headers, data)
            if gateway.lost:
                gateway.lost -= 1
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """SMS and LINE are configured, and lead to a gateway on this machine."""
    with running() as found:
        settings.SMS_URL, settings.SMS_TOKEN = f"{found.url}/sms", TOKEN
        settings.LINE_API_URL, settings.LINE_CHANNEL_TOKEN = found.url, TOKEN
        settings.LINE_CHANNEL_SECRET, settings.LINE_ACCOUNT = "a-secret", "@example"
        yield found
