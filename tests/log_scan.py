"""What the whole run of the tests logs, read as it would stand in the log of a server (R29): it names no secret and nobody's
numbers.
"""

import logging
import re
from collections.abc import Iterator

import pytest
from django.conf import settings

# Passwords of the tests, numbers of identity cards, of bank accounts and telephones, addresses of mail.
KEPT_OUT = re.compile(
    r"88-2010|seven-oaks|\b[A-Z][12]\d{8}\b|(?<![\w-])\d{9,16}(?![\w-])|\b09\d\d-?\d{3}-?\d{3}\b|[\w.]+@[\w.]*example\.(?:org|com)"
)


class Scanner(logging.Handler):
    """Formats every event as the server does, and keeps the lines that say too much."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        made = settings.LOGGING["formatters"]["json"]
        self.setFormatter(made["()"](**{name: value for name, value in made.items() if name != "()"}))
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if KEPT_OUT.search(line):
            self.found.append(line)


@pytest.fixture(scope="session")
def log_scanner() -> Iterator[Scanner]:
    scanner = Scanner()
    yield scanner
    logging.getLogger().removeHandler(scanner)


@pytest.fixture(autouse=True)
def _nothing_private_is_logged(log_scanner: Scanner) -> Iterator[None]:
    """Fails the test during which a log line said a password, a number of a person or an account, or an address of mail."""
    log_scanner.found.clear()
    # Anew for each test: one that sets the logging up puts away what listens.
    logging.getLogger().addHandler(log_scanner)
    yield
    assert log_scanner.found == []
