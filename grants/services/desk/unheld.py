"""The daily check that no work is on nobody's desk."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.queries.desk.unheld import unheld_in
from grants.services import notices
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.notices.services import close

KIND = "desk.unheld"


def check(day: dt.date) -> int:
    """Tell the heads and administrators of each county what waits for nobody, once a day until it is over; return how
    many things that is.
    """
    return sum(_check(county, day) for county in counties.slugs())


def _check(county: str, day: dt.date) -> int:
    found = unheld_in(county)
    thread = f"unheld:{county}"
    if not found:
        close([thread])
        return 0
    count = sum(row.number for row in found)
    lines = [f"{row.title} {row.words}：{row.why}" for row in found]
    subject = _("有 %(count)d 件事沒有人能辦") % {"count": count}
    words = notices.Words(subject, "\n".join(lines), reverse("grants:unheld"))
    heads = holders_of(Role.APPROVER, county=county)
    people = [*heads, *holders_of(Role.ADMINISTRATOR, county__in=["", county])]
    notices.send(
        list(dict.fromkeys(people)), KIND, thread, words, due_on=day, thread=thread, at_once=False, repeats=KIND
    )
    return count
