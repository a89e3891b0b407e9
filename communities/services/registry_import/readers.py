"""Readers of single cells: text and county in, the value of the column out, or ValueError with a sentence."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from communities import naming, places
from communities.enums import OrganisationKind, OrganisationStatus
from miaoli_kaohsiung.lib import clock, folding, identifiers, roc_date
from miaoli_kaohsiung.lib.text import half_width

LONGEST_TEXT = 2000
MOST_PEOPLE = 9_999_999
REGISTRATION = re.compile(r"[0-9０-９]{3,}")
_WHOLE = re.compile(r"[0-9]+")
# Between the two days of a term, the unmistakable ones first: 2010-01-01 has hyphens of its own.
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|–|—|－|起)\s*")
_HALVES = re.compile(r"(.*[0-9日])\s*-\s*(.*[0-9日])")
# A mobile number that a spreadsheet took for an amount has lost its first zero.
_LOST_ZERO = re.compile(r"9[0-9]{8}")


@dataclass(frozen=True)
class Doubtful:
    """A value that may be right: the officer is asked whether it is. `value` is what is taken after a yes."""

    code: str
    sentence: str
    value: Any


def text_up_to(longest: int) -> Callable[[str, str], str]:
    def read(text: str, county: str) -> str:
        if len(text) > longest:
            raise ValueError(_("太長了，最多 %(longest)d 個字。") % {"longest": longest})
        if private := folding.private(text):
            raise ValueError(_("有 %(count)d 個造字，別的電腦看不到，請改用通用的字。") % {"count": len(private)})
        return text

    return read


def whole(text: str, county: str) -> int:
    digits = half_width(text).replace(",", "")
    if not _WHOLE.fullmatch(digits) or int(digits) > 2**31 - 1:
        raise ValueError(_("請填數字。"))
    return int(digits)


def count(text: str, county: str) -> int:
    number = whole(re.sub(r"[戶人名位]$", "", text), county)
    if number > MOST_PEOPLE:
        raise ValueError(_("數字太大，請檢查是否多打了數字。"))
    return number


def board_number(text: str, county: str) -> int:
    number = whole(half_width(text).removeprefix("第").removesuffix("屆").strip(), county)
    if not 1 <= number <= 99:
        raise ValueError(_("屆次請填 1 到 99 的數字。"))
    return number


def day(text: str, county: str) -> dt.date:
    return roc_date.parse_date(text, today=clock.today())


def days(text: str, county: str) -> tuple[dt.date, dt.date]:
    halves = [half for half in _BETWEEN.split(text.rstrip("止")) if half]
    if len(halves) != 2 and (match := _HALVES.fullmatch(text)):
        halves = [match[1], match[2]]
    if len(halves) != 2:
        raise ValueError(_("任期請填起日和迄日，例如 99/1/1-102/12/31。"))
    first, last = (day(half, county) for half in halves)
    return first, last


def kind(text: str, county: str) -> str:
    return _choice(text, OrganisationKind.choices)


def status(text: str, county: str) -> str:
    return _choice(text, OrganisationStatus.choices)


def _choice(text: str, choices: list[tuple[str, Any]]) -> str:
    wanted = folding.key(text)
    for value, label in choices:
        if wanted == folding.key(str(label)):
            return value
    names = "、".join(str(label) for _value, label in choices)
    raise ValueError(_("沒有這個選項，可以填：%(names)s。") % {"names": names})


def township(text: str, county: str) -> str:
    code = naming.township_in(text, county) or naming.township_of_stem(text, county)
    if not code:
        raise ValueError(_("本縣沒有這個%(kinds)s。") % {"kinds": places.kinds(county)})
    return code


def registration_number(text: str, county: str) -> str:
    if not REGISTRATION.search(text):
        raise ValueError(_("和一般立案字號（例如府社區字第0980001234號）不一樣。確定沒錯，請在單位頁登錄並寫原因。"))
    return text_up_to(40)(text, county)


def tax_id(text: str, county: str) -> str:
    digits = identifiers.tax_id_digits(text)
    if not identifiers.has_check_digit(digits):
        raise ValueError(_("統一編號的檢查碼不符。真的是這個號碼，請在單位頁登錄並寫依據。"))
    return digits


def phone(text: str, county: str) -> str:
    typed = half_width(text)
    return str(identifiers.parse_phone(f"0{typed}" if _LOST_ZERO.fullmatch(typed) else typed))


def public_phone(text: str, county: str) -> str | Doubtful:
    number = phone(text, county)
    if identifiers.is_mobile(number):
        return Doubtful("mobile", _("這是手機號碼，會公開在社區名錄，每個人都看得到。"), number)
    return number


def email(text: str, county: str) -> str:
    address = half_width(text)
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise ValueError(_("電子信箱的寫法不對，例如 name@example.org。")) from wrong
    return address
