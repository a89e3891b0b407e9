"""What each process keeps of tables that hardly ever change and that every page reads.

A process reads anew after some seconds (KEPT_SECONDS of the settings), and at once when it changed the table itself.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

log = logging.getLogger(__name__)


class Kept(Generic[T]):
    """A value and the function that reads it. While the database does not answer, what was read last holds, or what is
    given by `otherwise`.
    """

    def __init__(self, read: Callable[[], T], otherwise: Callable[[], T] | None = None) -> None:
        self._read = read
        self._otherwise = otherwise
        # Value and time together, so that no other thread sees one without the other.
        self.held: tuple[T, float] | None = None

    def get(self) -> T:
        """Return the value, read at most KEPT_SECONDS ago; with None there, read once."""
        held, seconds = self.held, settings.KEPT_SECONDS
        if held is None or (seconds is not None and time.monotonic() - held[1] > seconds):
            return self._read_or_held()
        return held[0]

    def _read_or_held(self) -> T:
        try:
            return self.read_now()
        except (InterfaceError, OperationalError) as error:
            log.warning("The database does not answer: %s", error)
            if self.held is not None:
                return self.held[0]
            if self._otherwise is not None:
                return self._otherwise()
            raise

    def read_now(self) -> T:
        """Return the value as the database has it now, and keep it."""
        value = self._read()
        self.keep(value)
        return value

    def keep(self, value: T) -> None:
        self.held = (value, time.monotonic())

    def forget(self) -> None:
        self.held = None

    def forget_on_commit(self) -> None:
        """Read anew after the transaction under way: until then nobody else may see what it has written."""
        transaction.on_commit(self.forget)


class Recent(Generic[K, T]):
    """At most so many values by what they were made of: those that were asked for last, for every thread of the process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> T | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: K, value: T) -> None:
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
