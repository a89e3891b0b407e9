"""What the counties are called, by day: no other module knows their names. Kaohsiung County became part of Kaohsiung City."""

import datetime as dt

_ALWAYS = dt.date(1912, 1, 1)
# Each name with the first day on which it is borne, the oldest first.
_NAMES = {
    "kaohsiung": ((_ALWAYS, "高雄縣"), (dt.date(2010, 12, 25), "高雄市")),
    "miaoli": ((_ALWAYS, "苗栗縣"),),
}


def names_of(county: str) -> tuple[str, ...]:
    """Every name that the county ever had, the oldest first."""
    return tuple(name for _day, name in _NAMES[county])


def name_of(county: str, on: dt.date) -> str:
    """The county's name on a day: 高雄縣, from 2010-12-25 on 高雄市."""
    return [name for day, name in _NAMES[county] if day <= on][-1]


def office_of(county: str, on: dt.date) -> str:
    """The county's government as it is called on a day: 高雄縣政府."""
    return f"{name_of(county, on)}政府"
