"""The counties with which a portal begins, from the files that FILED_COUNTIES of the settings names."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings

from .particulars import Known, Particulars


def filed() -> Known:
    """Return each county's particulars by its slug, the oldest first."""
    return read(Path(name).read_text(encoding="utf-8") for name in settings.FILED_COUNTIES)


def read(texts: Iterable[str]) -> Known:
    """Return the counties of the texts. What a later part leaves out is taken from the one before; what another text says
    of the same county and day is added.
    """
    parts: dict[str, dict[dt.date, dict[str, Any]]] = {}
    for text in texts:
        for county in tomllib.loads(text)["county"]:
            for part in county["since"]:
                parts.setdefault(county["slug"], {}).setdefault(part["from"], {}).update(part)
    return {
        slug: tuple(map(_particulars, accumulate((days[day] for day in sorted(days)), _later)))
        for slug, days in parts.items()
    }


def _later(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    return {**before, **now}


def _particulars(part: dict[str, Any]) -> Particulars:
    values = {name: value for name, value in part.items() if name != "from"}
    return Particulars(starts_on=part["from"], **values)
