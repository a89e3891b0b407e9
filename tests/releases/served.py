"""A release as a server runs it: its sources in a folder, gunicorn as deploy/ starts it, and somebody at its pages."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from lxml import html

PATIENCE = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Release:
    """The sources in `root`, with the environment of the portal."""

    name: str
    root: Path
    environment: dict[str, str]

    def runs(self, *command: str) -> str:
        """Run Python with these arguments to its end, and answer what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=self.environment | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{self.name}: {command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done.stdout

    def manage(self, *command: str) -> str:
        return self.runs("manage.py", *command)

    @contextmanager
    def serving(self, workers: int = 1, threads: int = 4) -> Iterator[str]:
        """Serve it until the block ends; the address."""
        port, log = free_port(), Path(self.environment["VAR_DIR"], f"{self.name}.log")
        command = [sys.executable, "-m", "gunicorn", "miaoli_kaohsiung.wsgi", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
        command += ["--timeout", "120", "--graceful-timeout", "60", "--no-control-socket"]
        with log.open("ab") as output:
            process = subprocess.Popen(command, cwd=self.root, env=self.environment, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for_answer(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(90)


def wait_for_answer(process: subprocess.Popen, address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        assert time.monotonic() < until, log.read_text(errors="replace")[-3000:]
        try:
            if httpx.get(f"{address}/livez").status_code == 200:
                return
        except httpx.TransportError:
            process.poll()


@dataclass
class Visitor:
    """Somebody signed in, at the pages of one server; every answer is noted, and none may be an error of the server."""

    address: str
    session: str
    answers: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, cookies={"sessionid": self.session}, timeout=PATIENCE)

    def goes(self, path: str) -> html.HtmlElement:
        """Open a page; it must be there."""
        answer = self._note(self.client.get(path, follow_redirects=True))
        assert answer.status_code == 200, (path, answer.status_code, _words(answer.text))
        return html.fromstring(answer.text, base_url=str(answer.url))

    def fills(self, path: str, values: dict[str, str], *, action: str = "", button: str = "", files=None) -> str:
        """Open a page, fill in its form that sends to `action` (by its end) as a browser would, and send it; answers
        where it led.
        """
        page = self.goes(path)
        form = _form(page, action or path)
        # A browser leaves out the first line break of a textarea.
        data = {name: value.removeprefix("\n") for name, value in form.form_values()} | values
        if button:
            pressed = form.xpath(f".//button[contains(normalize-space(.), '{button}')]")[0]
            data |= {pressed.get("name"): pressed.get("value", "")} if pressed.get("name") else {}
        to = form.get("action") or path
        answer = self._note(self.client.post(to, data=data, files=files, headers={"Referer": self.address}))
        assert answer.status_code == 302, (to, answer.status_code, _words(answer.text))
        return answer.headers["Location"]

    def reads(self, path: str) -> bytes:
        """The bytes of a file."""
        answer = self._note(self.client.get(path, follow_redirects=True))
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content

    def looks(self, path: str) -> str:
        """Open whatever there is, refused or not; its text if it is a page."""
        answer = self._note(self.client.get(path))
        return answer.text if answer.headers.get("content-type", "").startswith("text/html") else ""

    def _note(self, answer: httpx.Response) -> httpx.Response:
        path = answer.request.url.path
        self.answers.append((answer.request.method, path, answer.status_code))
        assert answer.status_code < 500, (self.address, path, answer.status_code)
        return answer


def _form(page: html.HtmlElement, action: str) -> html.FormElement:
    for form in page.forms:
        sends_to = (form.get("action") or page.base_url or "").partition("?")[0]
        if form.method == "POST" and sends_to.endswith(action.partition("?")[0]):
            return form
    sent = [(form.method, form.get("action")) for form in page.forms]
    raise AssertionError(f"no form for {action} at {page.base_url}: {sent}\n{_words(html.tostring(page).decode())}")


def _words(text: str) -> str:
    """The words of the main part of a page."""
    main = text.partition("<main")[2] or text
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:1500]


def environment_of(database: str, var: Path) -> dict[str, str]:
    """That of a portal on this database; nothing of the tests' own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TZ") if name in os.environ}
    own = {"PORTAL_MODE": "trial", "DEBUG": "1", "VAR_DIR": str(var), "DATABASE_URL": database, "LOG_LEVEL": "ERROR"}
    # Whatever .env one of the two has beside its sources: sessions are signed with it.
    own |= {"SECRET_KEY": "only-for-the-trial-and-the-tests-" + "0" * 32}
    return kept | own | {"BROKER_URL": "filesystem://", "PYTHONDONTWRITEBYTECODE": "1"}
