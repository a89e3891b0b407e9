"""Who a county's letters come from, by date. Kaohsiung County became part of Kaohsiung City on 2010-12-25.

Addresses and telephone numbers of 2010 are general knowledge, for the counties to confirm.
"""

import datetime as dt
from dataclasses import dataclass

from miaoli_kaohsiung.accounts.enums import County


@dataclass(frozen=True)
class Letterhead:
    """`ministry` is the authority that hears an appeal (訴願) against the county, `archive` the copy's office."""

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

_LETTERHEADS = {
    County.KAOHSIUNG: (
        Letterhead(
            _ALWAYS,
            "高雄縣政府",
            "830高雄縣鳳山市光復路2段132號",
            "07-7477611",
            "縣長",
            "本府社會處",
            "本府主計處",
            "內政部",
        ),
        Letterhead(
            dt.date(2010, 12, 25),
            "高雄市政府",
            "802高雄市苓雅區四維三路2號",
            "07-3368333",
            "市長",
            "本府社會局",
            "本府主計處",
            "內政部",
        ),
        Letterhead(
            _MINISTRY_OF_HEALTH_AND_WELFARE,
            "高雄市政府",
            "802高雄市苓雅區四維三路2號",
            "07-3368333",
            "市長",
            "本府社會局",
            "本府主計處",
            "衛生福利部",
        ),
    ),
    County.MIAOLI: (
        Letterhead(
            _ALWAYS,
            "苗栗縣政府",
            "36001苗栗縣苗栗市縣府路100號",
            "037-322150",
            "縣長",
            "本府社會處",
            "本府主計處",
            "內政部",
        ),
        Letterhead(
            _MINISTRY_OF_HEALTH_AND_WELFARE,
            "苗栗縣政府",
            "36001苗栗縣苗栗市縣府路100號",
            "037-322150",
            "縣長",
            "本府社會處",
            "本府主計處",
            "衛生福利部",
        ),
    ),
}


def letterhead(county: str, on: dt.date) -> Letterhead:
    """The letterhead that a county's letters bear on a day."""
    return [head for head in _LETTERHEADS[County(county)] if head.starts_on <= on][-1]


def offices(county: str) -> list[str]:
    """Every name that the county's government ever had, the oldest first."""
    return list(dict.fromkeys(head.office for head in _LETTERHEADS[County(county)]))
