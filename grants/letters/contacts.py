"""The county's office for communities, which the public may call, by date. It is named on every page."""

import datetime as dt
from dataclasses import dataclass

from miaoli_kaohsiung.accounts import counties


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
    email: str
    footer: str


def contact_of(county: str, on: dt.date) -> Contact:
    """Return the county's office for communities on a day: the department in charge, with the telephone for questions."""
    head = counties.particulars(county, on)
    department = f"{head.office}{head.department.removeprefix('本府')}"
    phone = head.help_phone or head.phone
    dial = "+886" + "".join(digit for digit in phone.partition("#")[0] if digit.isdigit()).removeprefix("0")
    return Contact(
        county, head.name, department, phone, dial, head.address, head.help_hours, head.help_email, head.footer
    )


def contacts(on: dt.date) -> list[Contact]:
    """Return every county's office."""
    return [contact_of(county, on) for county in counties.slugs()]
