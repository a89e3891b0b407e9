"""The sender of a county's letters, by date."""

import datetime as dt
from dataclasses import dataclass

from miaoli_kaohsiung.accounts import counties


@dataclass(frozen=True)
class Letterhead:
    """The head of a letter. `ministry` is the authority that hears an appeal (訴願) against the county."""

    starts_on: dt.date
    office: str
    address: str
    phone: str
    signatory: str
    department: str
    accounting: str
    ministry: str


def letterhead(county: str, on: dt.date) -> Letterhead:
    """Return the letterhead of a county's letters on a day."""
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
    """Return every name that the county's government ever had, the oldest first."""
    return [f"{name}政府" for name in counties.names_of(county)]
