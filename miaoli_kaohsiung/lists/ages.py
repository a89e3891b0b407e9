"""How long work has been waiting, against the days within which an office answers."""

import datetime as dt

from miaoli_kaohsiung.lib import clock

# After how many days work counts as slow, and as late.
SLOW_DAYS, LATE_DAYS = 14, 30


def age_of(since: dt.date | None) -> str:
    """Return "late", "slow" or "": how long something has been waiting, as a class of style."""
    days = (clock.today() - since).days if since else 0
    return "late" if days >= LATE_DAYS else "slow" if days >= SLOW_DAYS else ""
