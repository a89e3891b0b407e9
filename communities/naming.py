"""Comparing and searching names of bodies: 高雄縣旗山鎮台糖里…, 旗山區臺糖里… and 旗山鎮 台糖里… are one name.

A body has one name in a county, however it is written and whatever its township is called in the year.
"""

import csv
import re
from difflib import SequenceMatcher
from functools import cache

from communities.places import TOWNSHIPS
from miaoli_kaohsiung.accounts.counties import names_of
from miaoli_kaohsiung.accounts.enums import County
from miaoli_kaohsiung.lib import folding

_ENDINGS = re.compile(r"(?:社區發展協會|發展協會|協進會|促進會|協會|學會|基金會|教會|社區|村|里|部落)+$")
# From this likeness on the form asks whether two names are one body: one character in ten differs.
_ALIKE = 0.85


@cache
def _townships(county: str) -> tuple[tuple[str, str], ...]:
    """Return (folded name, code) of every name that the county's townships have had, the longest first."""
    with TOWNSHIPS.open(encoding="utf-8", newline="") as file:
        rows = [(folding.key(row["name"]), row["code"]) for row in csv.DictReader(file) if row["county"] == county]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


@cache
def _stems() -> re.Pattern[str]:
    """Return a pattern for a township's name as it is typed, with its kind (鄉, 鎮, 市, 區) apart."""
    names = {folding.characters(name) for county in County.values for name, _code in _townships(county)}
    stems = sorted({name[:-1] for name in names if len(name) > 2}, key=len, reverse=True)
    return re.compile(f"({'|'.join(stems)})[鄉鎮市區]")


def fold(name: str, county: str) -> str:
    """Return the key of a body's name within its county; two bodies whose keys are equal have the same name."""
    code, rest = _split(name, county)
    return f"{code}:{rest}" if code else rest


def _split(name: str, county: str) -> tuple[str, str]:
    rest = folding.key(name)
    for prefix in names_of(county):
        rest = rest.removeprefix(prefix)
    for township, code in _townships(county):
        if rest.startswith(township):
            return code, rest[len(township) :]
    return "", rest


def alike(one: str, other: str, county: str) -> bool:
    """Return whether two different names may still mean one body: only the kind of body, the township or a character
    differs.
    """
    (here, mine), (there, theirs) = (_split(name, county) for name in (one, other))
    if here and there and here != there:
        return False
    mine, theirs = (_ENDINGS.sub("", rest) or rest for rest in (mine, theirs))
    return mine == theirs or SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= _ALIKE


def same_person(one: str, other: str) -> bool:
    """Return whether two names of a person differ only in spaces and shapes of characters."""
    return folding.key(one) == folding.key(other)


def indexed(text: str, township: str, county: str) -> str:
    """Return the words under which a body is found: its own, and every name that its township (a code) has had."""
    names = (name for name, code in _townships(county) if code == township)
    return " ".join((folding.characters(text), *names))


def sought(typed: str) -> str:
    """Return the words to search for: a township by its stem, so that 旗山區 finds 旗山鎮."""
    return _stems().sub(r"\1 ", folding.characters(typed))
