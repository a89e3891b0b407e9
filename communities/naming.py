"""Comparing and searching names of bodies: 高雄縣旗山鎮台糖里…, 旗山區臺糖里… and 旗山鎮 台糖里… are one name.

A body has one name in a county, however it is written and whatever its township is called in the year.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol

from django.utils.translation import gettext as _

from communities import places
from miaoli_kaohsiung.accounts.counties import former_names, name_of, names_of, slugs
from miaoli_kaohsiung.lib import folding
from miaoli_kaohsiung.lib.roc_date import format_roc

_ENDINGS = re.compile(
    r"(?:社區發展協會|社區發展|發展協會|社區協會|協進會|促進會|協會|學會|基金會|教會|社區|村|里|部落|籌備處|籌備會)+$"
)
# What stands before a name without being part of it: the kind of body in law, the province, and (of each county) its names.
_BODIES = tuple(map(folding.key, ("社團法人", "財團法人", "臺灣省")))
# From this likeness on the form asks whether two names are one body: one character in seven differs.
_ALIKE = 0.85
# A shorter core that differs in one character is less alike than that: only an equal one counts.
_SHORTEST_COMPARED = 5
# A 村 in a list (大田村、和安村), with what may follow it; 農村 and the like are none.
_LISTED_VILLAGE = re.compile(r"([一-鿿]{1,4})(?<![農漁眷山])村(?=$|[^一-鿿]|[第全鄰與及和至一二三四五六七八九十])")
# Characters that stand for each other in names of places and yet may be two places: alike, not the same.
_LOOSE = str.maketrans("莊後陂磘仔埸阪", "庄后埤窯子場坂")


def _townships(county: str) -> tuple[tuple[str, str], ...]:
    """Return (folded name, code) of every name that the county's townships have had, the longest first."""
    return _folded(places.KEPT.get(), county)


@lru_cache(maxsize=32)
def _folded(names: places.Names, county: str) -> tuple[tuple[str, str], ...]:
    rows = [(folding.key(row.name), row.code) for row in names.rows if row.county == county]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


@lru_cache(maxsize=4)
def _stems(names: places.Names) -> str:
    """Return the part of a pattern for a township's name without its kind (鄉, 鎮, 市, 區)."""
    written = {folding.characters(folding.key(row.name)) for row in names.rows}
    return f"({'|'.join(sorted({name[:-1] for name in written if len(name) > 2}, key=len, reverse=True))})"


def _apart(found: re.Match[str]) -> str:
    """Set the body's own name apart from the stem before it; 旗山社區 and 旗山溪 are names by themselves."""
    stem, rest = found.groups()
    return f"{stem} {rest}" if len(_ENDINGS.sub("", rest)) > 1 else found[0]


def fold(name: str, county: str) -> str:
    """Return the key of a body's name within its county; two bodies whose keys are equal have the same name."""
    code, rest = _split(name, county)
    return f"{code}:{rest}" if code else rest


def _split(name: str, county: str) -> tuple[str, str]:
    rest = _bare(folding.key(name), county)
    for township, code in _townships(county):
        if rest.startswith(township):
            return code, _bare(rest[len(township) :], county)
    return "", rest


def _bare(rest: str, county: str) -> str:
    """Return a folded name without what may stand before it, in whatever order; a name that is nothing else stays."""
    before = _before(county)
    while prefix := next((one for one in before if rest.startswith(one) and rest != one), ""):
        rest = rest[len(prefix) :]
    return rest


def _before(county: str) -> tuple[str, ...]:
    return _prefixes(names_of(county))


@lru_cache(maxsize=32)
def _prefixes(names: tuple[str, ...]) -> tuple[str, ...]:
    return (*_BODIES, *map(folding.key, names))


def township_in(name: str, county: str) -> str:
    """Return the code of the township that the name begins with, under any of its names; "" if it begins with none."""
    return _split(name, county)[0]


def township_of_stem(text: str, county: str) -> str:
    """Return the code of the township that is typed without its kind (旗山), or by its code; "" for anything else."""
    typed = _bare(folding.key(text), county)
    return next((code for name, code in _townships(county) if typed in (code, name[:-1])), "")


class Names:
    """Names that are compared with many others: each costs the comparison with a few, not with all."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Take names with their folded forms."""
        self._by_core: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._by_pair: dict[str, set[str]] = defaultdict(set)
        for name, folded in names:
            self.add(name, folded)

    def add(self, name: str, folded: str) -> None:
        code, core = _core(folded)
        if core not in self._by_core and len(core) >= _SHORTEST_COMPARED:
            for pair in _pairs(core):
                self._by_pair[pair].add(core)
        self._by_core[core].append((name, code))

    def alike(self, folded: str) -> list[str]:
        """Return the names that may still mean the same body: only the kind of body, the township or a character
        differs.
        """
        code, core = _core(folded)
        cores = {core} | {other for other in self._near(core) if _ratio(core, other) >= _ALIKE}
        found = [row for near in cores for row in self._by_core.get(near, ())]
        return sorted(name for name, other in found if not (code and other and code != other))

    def _near(self, core: str) -> set[str]:
        if len(core) < _SHORTEST_COMPARED:
            return set()
        return {near for pair in _pairs(core) for near in self._by_pair.get(pair, ())}


def _core(folded: str) -> tuple[str, str]:
    """Return the township's code and what makes the name its own, of a name as `fold` writes it."""
    code, _colon, rest = folded.rpartition(":")
    return code, (_ENDINGS.sub("", rest) or rest).translate(_LOOSE)


def _pairs(core: str) -> set[str]:
    return {core[i : i + 2] for i in range(len(core) - 1)}


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def alike(one: str, other: str, county: str) -> bool:
    """Return whether two different names may still mean one body."""
    return bool(Names([(other, fold(other, county))]).alike(fold(one, county)))


def same_person(one: str, other: str) -> bool:
    """Return whether two names of a person differ only in spaces and shapes of characters."""
    return folding.key(one) == folding.key(other)


def indexed(text: str, township: str, county: str) -> str:
    """Return the words under which a body is found: its own, and every name that its township (a code) has had."""
    names = (name for name, code in _townships(county) if code == township)
    return " ".join((folding.characters(text), *names))


def sought(typed: str) -> str:
    """Return the words to search for: a township by its stem, so that 旗山區 and 旗山溪畔 find 旗山鎮溪畔; the county and the
    kind of body in law are left out, because not every name has them.
    """
    return _with_stems_apart(folding.characters(typed))


def words(typed: str) -> list[str]:
    """Return the words of `sought` as they are typed, for columns that are not folded."""
    return _with_stems_apart(typed).split()


def _with_stems_apart(typed: str) -> str:
    shorter, stems = typed.strip(), _stems(places.KEPT.get())
    for county in slugs():
        for prefix in _before(county):
            shorter = shorter.removeprefix(prefix).strip()
        for name in names_of(county):
            shorter = re.sub(f"^{folding.key(name)[:-1]}(?={stems})", "", shorter)
    with_kind = re.sub(f"{stems}[鄉鎮市區]", r"\1 ", shorter or typed)
    return re.sub(rf"(?<!\w){stems}(\w+)", _apart, with_kind)


def renamed(text: str, county: str, on: dt.date, suffix: str = "") -> str:
    """Return the text with former names of the county and its townships, where they stand together, replaced by those
    of the day.

    With a `suffix`, only names followed by it are replaced.
    """
    new_county = name_of(county, on)
    for old_county in names_of(county):
        if old_county in text:
            for old, new in _township_names(county, on):
                text = text.replace(f"{old_county}{old}{suffix}", f"{new_county}{new}{suffix}")
    return text


def present(text: str, county: str, on: dt.date, township: str = "") -> str:
    """Return an address, or what somebody wrote of an area, with the names that county and townships have on the day, also
    where they stand alone; and 村 as 里 where the township (a code, or named in the text) has become one without 村.
    """
    text = renamed(text, county, on)
    for old in former_names(county, on):
        text = text.replace(old, name_of(county, on))
    changed = _changed(places.KEPT.get(), county, on)
    for _code, old, new in changed:
        text = text.replace(old, new)
    turned = [(code, new) for code, old, new in changed if old.endswith("鄉") and not new.endswith("鄉")]
    before = [new for _code, new in turned if new in text]
    if any(code == township for code, _new in turned):
        before.append(r"^\d*")
    if not before:
        return text
    after_place = rf"({'|'.join(before)})([一-鿿]{{1,4}}?)村(?![路街巷弄段莊社里])"
    return _LISTED_VILLAGE.sub(r"\1里", re.sub(after_place, r"\1\2里", text))


@lru_cache(maxsize=32)
def _changed(names: places.Names, county: str, on: dt.date) -> tuple[tuple[str, str, str], ...]:
    """Return (code, a name that a township had before the day, its name on the day), the longest first."""
    ended = [row for row in names.rows if row.county == county and row.valid_to and row.valid_to < on]
    found = ((row.code, row.name, names.on(row.code, on)) for row in ended)
    return tuple(sorted((one for one in found if one[1] != one[2]), key=lambda one: -len(one[1])))


def _township_names(county: str, on: dt.date) -> list[tuple[str, str]]:
    """Return (a name that a township ever had, its name on the day), the longest first so that no part is taken for a
    whole.
    """
    names = places.KEPT.get()
    pairs = ((row.name, names.on(row.code, on)) for row in names.rows if row.county == county)
    return sorted(pairs, key=lambda pair: -len(pair[0]))


class Dated(Protocol):
    """A name of a township with its days, as `places.Name` and the rows of TownshipName."""

    @property
    def name(self) -> str: ...
    @property
    def valid_from(self) -> dt.date | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...


def names_in_words(names: Iterable[Dated]) -> str:
    """Return a township's names as they are shown: 旗山鎮（至99年12月24日）、旗山區（99年12月25日起）."""
    parts = []
    for name in names:
        begins = _("%(day)s起") % {"day": format_roc(name.valid_from)} if name.valid_from else ""
        ends = _("至%(day)s") % {"day": format_roc(name.valid_to)} if name.valid_to else ""
        days = "，".join(part for part in (begins, ends) if part)
        parts.append(f"{name.name}（{days}）" if days else name.name)
    return "、".join(parts)
