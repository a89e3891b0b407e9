"""What day it is for the portal, and what time it really is. Only this module asks the machine.

The portal's date may differ from the calendar's: demonstrations, training and audits set it. Deadlines, ages and bans
follow `today()`; timestamps of the trail, of sessions and of files follow `now()`, which cannot be set.
"""

import datetime as dt
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TAIPEI = ZoneInfo("Asia/Taipei")

# Of the process, not of the thread: the threads of a live server must have the day that their test set.
_travelled_to: dt.date | None = None

# Within `one_look`: whether, and what the thread found in the file of the portal's date.
_look = threading.local()


def today() -> dt.date:
    """Return the portal's date: the day of `travel`, else the day in PORTAL_DATE_FILE, else the real one in Taipei."""
    return _travelled_to or portal_date() or now().date()


def now() -> dt.datetime:
    """Return the real time, aware, in Taipei."""
    return dt.datetime.now(TAIPEI)


def portal_date() -> dt.date | None:
    """Return the day set for all processes, or None. Raises ValueError for a file that holds no date."""
    if not getattr(_look, "once", False):
        return _date_in_file()
    if not hasattr(_look, "found"):
        _look.found = _date_in_file()
    found: dt.date | None = _look.found
    return found


@contextmanager
def one_look() -> Iterator[None]:
    """Within the block this thread looks into the file of the portal's date once, and anew after setting it: a request
    asks for the day with every row of a list, and is answered as of one day.
    """
    _look.once = True
    try:
        yield
    finally:
        _look.once = False
        _forget()


def _forget() -> None:
    if hasattr(_look, "found"):
        del _look.found


def _date_in_file() -> dt.date | None:
    path = _date_file()
    if path is None:
        return None
    try:
        found = path.stat()
        # The file is read once for each time it was replaced.
        return _read(str(path), found.st_mtime_ns, found.st_ino)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=8)
def _read(path: str, _changed: int, _file: int) -> dt.date:
    return dt.date.fromisoformat(Path(path).read_text("ascii").strip())


def set_portal_date(day: dt.date | None) -> None:
    """Set the portal's date for all processes that share the file; None restores the real date."""
    path = _date_file()
    _forget()
    if path is None:
        raise ImproperlyConfigured("PORTAL_DATE_FILE is not set: this portal runs on the real date")
    if day is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Replaced in one step: another process must never read half a date.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(day.isoformat(), "ascii")
    fresh.replace(path)


@contextmanager
def travel(day: dt.date) -> Iterator[None]:
    """Within the block `today()` returns the given day, in every thread of this process. For tests."""
    global _travelled_to
    before, _travelled_to = _travelled_to, day
    try:
        yield
    finally:
        _travelled_to = before


def _date_file() -> Path | None:
    path: Path | None = getattr(settings, "PORTAL_DATE_FILE", None)
    return path
