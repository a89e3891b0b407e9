"""The county's office for communities, which the public may call, by date. It is named on every page."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.enums import County

# General knowledge about county offices of the time, for the counties to confirm.
OFFICE_HOURS = _("星期一至星期五 8:00–12:00、13:30–17:30（國定假日休息）")


@dataclass(frozen=True)
class Contact:
    """An office that people may call. `dial` is the telephone number as a link needs it, +886…"""

    county: str
    county_name: str
    office: str
    phone: str
    dial: str
    address: str
    hours: str


def contact_of(county: str, on: dt.date) -> Contact:
    """Return the county's office for communities on a day, from the head of its letters."""
    head = particulars(county, on)
    department = f"{head.office}{head.department.removeprefix('本府')}"
    dial = "+886" + "".join(digit for digit in head.phone if digit.isdigit()).removeprefix("0")
    return Contact(county, str(County(county).label), department, head.phone, dial, head.address, str(OFFICE_HOURS))


def contacts(on: dt.date) -> list[Contact]:
    """Return both counties' offices."""
    return [contact_of(county, on) for county in County.values]
