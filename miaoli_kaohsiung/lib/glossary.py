"""Words of the office explained in plain words, from one file, for {% term %} and for the page with all of them."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "glossary.toml"


@cache
def terms() -> dict[str, str]:
    """Return every word with its explanation, in the order of the file: as a case goes, money first."""
    words: dict[str, str] = tomllib.loads(FILE.read_text(encoding="utf-8"))["terms"]
    return words


def explain(word: str) -> str:
    """Return the explanation of a word. Raises LookupError for one that the file does not have."""
    return terms()[word]
