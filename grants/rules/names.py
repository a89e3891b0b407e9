"""Names of people as they are typed: several in one field, and how two of them are compared."""

import re
import unicodedata

# Names of indigenous people contain points and blanks: these do not separate people.
_APART = re.compile(r"[、,，;；/／\n]")


def people(text: str | None) -> tuple[str, ...]:
    """Return the people named in a text such as 「甲、乙、丙」, in order, each once."""
    names = (part.strip() for part in _APART.split(text or ""))
    return tuple(dict.fromkeys(name for name in names if name))


def folded(name: str) -> str:
    """Return a name for comparison, without differences of width, blanks, case and 臺/台."""
    return "".join(unicodedata.normalize("NFKC", name).split()).lower().replace("臺", "台")
