"""Moving the demonstration's date on, day by day, with the daily jobs of each day."""

import datetime as dt

from grants.services import daily
from miaoli_kaohsiung.audit.services import seal_audit
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc

# The programme ends on this day (K6.1a); there is nothing to see after it.
LAST_DAY = dt.date(2012, 12, 31)
# All days of a jump run within one request, which the web server ends after two minutes.
LONGEST_JUMP = 92


def advance(to: dt.date) -> int:
    """Set the portal's date to each day up to `to` and run its jobs; return how many reminders were sent.

    Each day has its own run, so that a jump leaves the same notices as going day by day; the day that is left is sealed.
    Raises Refused with a
    sentence for a day in the past, beyond the last one, or further off than LONGEST_JUMP.
    """
    today = clock.today()
    if to <= today:
        raise Refused("日期只能往後，不能回到過去。")
    if to > LAST_DAY:
        raise Refused("示範的日期最晚到101年12月31日。")
    if (to - today).days > LONGEST_JUMP:
        furthest = format_roc(today + dt.timedelta(days=LONGEST_JUMP))
        raise Refused(f"一次最多前進{LONGEST_JUMP}天，這次最遠到{furthest}；要更往後，請分次前進。")
    seal_audit()
    sent = 0
    for number in range(1, (to - today).days + 1):
        day = today + dt.timedelta(days=number)
        clock.set_portal_date(day)
        done = daily.run(day)
        sent += done["reminders"] if done else 0
    return sent
