"""What the office of a township is called on a day. The townships belong to a higher room, which says so here."""

import datetime as dt
from collections.abc import Callable

from miaoli_kaohsiung.lib import clock

_namers: list[Callable[[str, dt.date], str]] = []


def register(namer: Callable[[str, dt.date], str]) -> None:
    """Let `namer` say what a township (a code) is called on a day; "" for one that it does not know."""
    _namers[:] = [namer]


def name_of(code: str) -> str:
    """Return today's name of the office of a township: 旗山鎮公所; "" if nobody knows the township."""
    place = next((found for namer in _namers if (found := namer(code, clock.today()))), "") if code else ""
    return f"{place}公所" if place else ""
