"""Who a county's letters come from, by date.

Addresses and telephone numbers of 2010 are general knowledge, for the counties to confirm.
"""

import datetime as dt
from dataclasses import dataclass

from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import County


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


_ALWAYS = dt.date(1912, 1, 1)
_MINISTRY_OF_HEALTH_AND_WELFARE = dt.date(2013, 7, 23)
_ACCOUNTING = "本府主計處"

# Each row: first day, address, telephone, who signs, department, ministry. The address begins with the county's name of that day.
_ROWS = {
    County.KAOHSIUNG: (
        (_ALWAYS, "830{county}鳳山市光復路2段132號", "07-7477611", "縣長", "本府社會處", "內政部"),
        (dt.date(2010, 12, 25), "802{county}苓雅區四維三路2號", "07-3368333", "市長", "本府社會局", "內政部"),
        (
            _MINISTRY_OF_HEALTH_AND_WELFARE,
            "802{county}苓雅區四維三路2號",
            "07-3368333",
            "市長",
            "本府社會局",
            "衛生福利部",
        ),
    ),
    County.MIAOLI: (
        (_ALWAYS, "36001{county}苗栗市縣府路100號", "037-322150", "縣長", "本府社會處", "內政部"),
        (
            _MINISTRY_OF_HEALTH_AND_WELFARE,
            "36001{county}苗栗市縣府路100號",
            "037-322150",
            "縣長",
            "本府社會處",
            "衛生福利部",
        ),
    ),
}


def letterhead(county: str, on: dt.date) -> Letterhead:
    """The letterhead that a county's letters bear on a day."""
    row = [row for row in _ROWS[County(county)] if row[0] <= on][-1]
    starts_on, address, phone, signatory, department, ministry = row
    name = counties.name_of(county, on)
    return Letterhead(
        starts_on,
        counties.office_of(county, on),
        address.format(county=name),
        phone,
        signatory,
        department,
        _ACCOUNTING,
        ministry,
    )


def offices(county: str) -> list[str]:
    """Every name that the county's government ever had, the oldest first."""
    return [f"{name}政府" for name in counties.names_of(county)]
