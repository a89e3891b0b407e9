"""Names of people as they are typed: several in one field, and how two of them are compared."""

import re
import unicodedata

# Names of indigenous people carry points and blanks: those part nobody.
_APART = re.compile(r"[、,，;；/／\n]")


def people(text: str | None) -> tuple[str, ...]:
    """The people named in a text such as 「甲、乙、丙」, in order, each once."""
    names = (part.strip() for part in _APART.split(text or ""))
    return tuple(dict.fromkeys(name for name in names if name))


def folded(name: str) -> str:
    """A name as it is compared: width, blanks, case and 臺/台 make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).split()).lower().replace("臺", "台")
