"""Whether the figures in the reason of a cut are those of its row, before the reason is printed beside them."""

import re
import unicodedata

from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.numbers import whole_number

_AMOUNT = r"(?P<figure>[0-9][0-9,]*) ?元"
# What stands before a figure says which of the row's figures it is.
_NAMED = re.compile(
    r"(?P<word>最多|上限(?:為|是)?|改為|改列|核列|核定|減為|降為|核給|補助|超出|超過|核減|刪減|減列|減少|原列|原申請|申請)"
    rf" ?(?:新臺幣)? ?{_AMOUNT}"
)
_LEFT = ("最多", "上限", "改", "核列", "核定", "減為", "降為", "核給", "補助")
_ASKED = ("原", "申請")
_PART = re.compile(r"[，。；、：,;:（）()]+(?![0-9]{3})")
# A part with one of these words speaks of a rate or of more than the row.
_OTHER = ("每", "單價", "合計", "整案", "全案", "總額", "全年", "年度", "其他補助", "自籌")


def figures_that_differ(reason: str, requested: int, amount: int) -> list[str]:
    """Return a sentence for each figure of the reason that contradicts the row: what is left, what is cut, what was
    asked for. Rates and sums of other rows are not looked at.
    """
    found = []
    for part in _PART.split(unicodedata.normalize("NFKC", reason)):
        if any(word in part for word in _OTHER):
            continue
        for match in _NAMED.finditer(part):
            name, right = _right(match["word"], requested, amount)
            if whole_number(match["figure"].replace(",", "")) != right:
                params = {"word": match["word"], "figure": match["figure"], "name": name, "right": format_amount(right)}
                found.append(_("理由寫「%(word)s %(figure)s 元」，這一列的%(name)s是 %(right)s 元。") % params)
    return found


def fitting(reason: str, label: str, requested: int, amount: int) -> str:
    """Return the reason if its figures are those of the row, else one made of the row's figures and the clause."""
    if reason and not figures_that_differ(reason, requested, amount):
        return reason
    params = {"left": format_amount(amount), "cut": format_amount(requested - amount), "label": label}
    return _("依規定核列 %(left)s 元，核減 %(cut)s 元（%(label)s）") % params


def _right(word: str, requested: int, amount: int) -> tuple[str, int]:
    if word.startswith(_LEFT):
        return _("核定金額"), amount
    if word.startswith(_ASKED):
        return _("申請金額"), requested
    return _("核減金額"), requested - amount
