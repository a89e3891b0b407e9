"""Words for a search index in a language written without spaces.

A column of a PostgreSQL tsvector is filled with `of()` and searched with `sought()`; every word sought must be found.
Trigram indexes do not help here: people mostly search a name by two characters.
"""

import re
from collections.abc import Callable

from miaoli_kaohsiung.lib import folding

_CJK = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+)")


def of(text: str) -> list[str]:
    """Return every single character and every pair of neighbours of Chinese runs, and other words in lower case, once
    each.
    """
    return _words(text, lambda run: [*run, *_pairs(run)])


def sought(text: str) -> list[str]:
    """Return the fewest words of `of()` that a text must have to match what was typed: pairs if there are any."""
    return _words(text, lambda run: _pairs(run) or [run])


def _words(text: str, cut: Callable[[str], list[str]]) -> list[str]:
    found: dict[str, None] = {}
    for match in _RUNS.finditer(folding.characters(text)):
        found.update(dict.fromkeys(cut(match["cjk"]) if match["cjk"] else [match["word"]]))
    return list(found)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
