"""Who a county's letters come from, by date."""

import datetime as dt
from dataclasses import dataclass

from miaoli_kaohsiung.accounts import counties


@dataclass(frozen=True)
class Letterhead:
    """`ministry` is the authority that hears an appeal (訴願) against the county."""

    starts_on: dt.date
    office: str
    address: str
    phone: str
    signatory: str
    department: str
    accounting: str
    ministry: str


def letterhead(county: str, on: dt.date) -> Letterhead:
    """The letterhead that a county's letters bear on a day."""
    now = counties.particulars(county, on)
    return Letterhead(
        now.starts_on,
        counties.office_of(county, on),
        now.address.format(county=now.name),
        now.phone,
        now.signatory,
        now.department,
        now.accounting,
        now.ministry,
    )


def offices(county: str) -> list[str]:
    """Every name that the county's government ever had, the oldest first."""
    return [f"{name}政府" for name in counties.names_of(county)]
