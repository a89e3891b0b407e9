"""Asking for the calendar of a year while there is time to enter it."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.queries.calendar import book
from grants.services import notices
from miaoli_kaohsiung.accounts.counties import slugs
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.notices.services import close

DAYS_AHEAD = 60


def missing(day: dt.date) -> Iterator[tuple[str, int]]:
    """Yield (county, AD year) of calendars that are not known and will be needed within `DAYS_AHEAD` days."""
    now = book.current()
    for year in sorted({day.year, (day + dt.timedelta(days=DAYS_AHEAD)).year}):
        for county in slugs():
            if not now.of(county).covers(year):
                yield county, year


def ask(day: dt.date) -> int:
    """Notify administrators and case officers of each, once; return how many notices there are."""
    close_known(day)
    return sum(_notify(county, year) for county, year in missing(day))


def close_known(day: dt.date) -> None:
    """End the notices of calendars that have been entered."""
    now = book.current()
    years = range(day.year - 1, day.year + 3)
    close([_thread(county, year) for county in slugs() for year in years if now.of(county).covers(year)])


def _notify(county: str, year: int) -> int:
    params = {"year": roc_year(year)}
    body = _(
        "%(year)d年的行事曆還沒有登錄，這一年的期限只能依週六、週日推算，畫面和公文上都會註明。"
        "請向人事單位拿行政院人事行政總處公布的辦公日曆表，在行事曆那一頁匯入，再請另一位同仁確認。"
    )
    url = reverse("grants:calendar_import", args=[county, year])
    said = notices.Words(_("請登錄 %(year)d年的行事曆") % params, body % params, url)
    thread, due_on = _thread(county, year), dt.date(year, 1, 1)
    return notices.send(_keepers(county), "calendar.missing", thread, said, at_once=False, due_on=due_on, thread=thread)


def _keepers(county: str) -> list[User]:
    administrators = holders_of(Role.ADMINISTRATOR, county__in=["", county])
    people = {user.pk: user for user in [*administrators, *holders_of(Role.CASE_OFFICER, county=county)]}
    return list(people.values())


def _thread(county: str, year: int) -> str:
    return f"calendar:{county}:{year}"
