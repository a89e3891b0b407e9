"""What no password may be made of: the words of the house, which whoever guesses tries first."""

import re

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


def _words() -> list[str]:
    names = [part for slug, name in counties.choices() for part in (slug, name, name.rstrip("縣市"))]
    return [re.escape(word) for word in sorted({*HOUSE_WORDS, *names}, key=len, reverse=True)]
