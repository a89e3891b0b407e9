"""What no password may be: made of the words of the house, which whoever guesses tries first, or found in a breach."""

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import counties

# With the names of the counties (docs/operations.md, *Limits*).
HOUSE_WORDS = (
    "portal", "grants", "grant", "community", "subsidy", "county", "township", "shequ", "buzhu", "xianfu", "gongsuo",
    "社區", "補助", "申請", "縣府", "縣政府", "公所", "協會", "發展",
)  # fmt: skip
# So many different characters must be left of a password when the words of the house are taken away.
LEFT = 6


class HouseWordsValidator:
    """Refuses a password with a word of the house and little beside it: kaohsiung2010!, 社區補助社區補助1234."""

    def validate(self, password: str, user: object = None) -> None:
        rest, found = re.subn("|".join(_words()), "", password.casefold())
        if found and len(set(rest)) < LEFT:
            message = _("密碼除了縣名和本網的用語，其餘的字太少，容易被猜到。請再加幾個別的字。")
            raise ValidationError(message, code="password_of_the_house")

    def get_help_text(self) -> str:
        return _("不要只用縣名、「社區」、「補助」這些字加上數字。")


class BreachedPasswordValidator:
    """Refuses a password that was found in a breach: whose SHA-1 stands in the file of that path (OWASP ASVS 5.0, 6.2.12).

    The file has a line for each, `HASH` or `HASH:COUNT`, in the order of the hashes, as *Have I Been Pwned* gives them away;
    some forty places of it are read. Nothing of a password leaves the machine. An OSError where it cannot be read; without a
    path nothing is refused.
    """

    def __init__(self, path: str = "") -> None:
        self.path = path

    def validate(self, password: str, user: object = None) -> None:
        if not self.path:
            return
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with Path(self.path).open("rb") as file:
            if _stands_in(file, wanted):
                raise ValidationError(_("這個密碼曾在別的網站外洩，容易被猜到。請換一個。"), code="password_breached")

    def get_help_text(self) -> str:
        return _("不要用在別的網站用過的密碼。")


def _stands_in(file: BinaryIO, wanted: bytes) -> bool:
    """Whether a line of the sorted file begins with what is wanted."""
    low, high = 0, file.seek(0, 2)
    # The line is among those that begin at or behind `low` and before `high`.
    while low < high:
        file.seek(middle := (low + high) // 2)
        if middle > low:
            file.seek(middle - 1)
            file.readline()  # to where the next line begins: here, or behind the one that began before
        if file.tell() >= high:
            high = middle
            continue
        found = file.readline()[: len(wanted)].upper()
        if found == wanted:
            return True
        low, high = (file.tell(), high) if found < wanted else (low, middle)
    return False


def _words() -> list[str]:
    names = [part for slug, name in counties.choices() for part in (slug, name, name.rstrip("縣市"))]
    return [re.escape(word) for word in sorted({*HOUSE_WORDS, *names}, key=len, reverse=True)]
