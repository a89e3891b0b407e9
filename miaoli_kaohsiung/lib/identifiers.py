"""Numbers that Taiwan gives to bodies, telephones and bank accounts: checked and brought to one form.

A check returns the number as it is stored, or raises ValueError with a sentence for the person who typed.
"""

import re
from dataclasses import dataclass

from miaoli_kaohsiung.lib.text import half_width

_TAX_ID_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)

POST_OFFICE = "700"

# Longest area code first; with the number of digits that follow it.
_AREA_CODES = (
    ("0826", (5,)),
    ("0836", (5,)),
    ("037", (6,)),
    ("049", (7,)),
    ("082", (6,)),
    ("089", (6,)),
    # Free of charge for the caller.
    ("0800", (6,)),
    ("0809", (6,)),
    ("02", (8,)),
    ("03", (7,)),
    ("04", (7, 8)),
    ("05", (7,)),
    ("06", (7,)),
    ("07", (7,)),
    ("08", (7,)),
)
# The first letter of a number of a person stands for two digits; the second letter of the old kind for one.
_LETTERS = {letter: code for code, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}
_PERSON = re.compile(r"[A-Z][1289A-D][0-9]{8}")
_PERSON_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_PHONE = re.compile(r"(?P<number>[0-9]+)(?:(?:#|轉分機|轉|分機|EXT):?(?P<extension>[0-9]{1,6}))?")


@dataclass(frozen=True)
class Phone:
    """Digits with area code, and the extension apart; both are text."""

    digits: str
    extension: str = ""

    def __str__(self) -> str:
        if self.digits.startswith("09"):
            number = f"{self.digits[:4]}-{self.digits[4:7]}-{self.digits[7:]}"
        else:
            area = _area_code(self.digits)
            number = f"{area}-{self.digits[len(area) :]}"
        return f"{number}#{self.extension}" if self.extension else number


def check_tax_id(text: str) -> str:
    """Check a 統一編號, eight digits, by the rule in force since 2023-04-01, which also holds for every older number."""
    digits = tax_id_digits(text)
    if not has_check_digit(digits):
        raise ValueError("統一編號的檢查碼不符，請對照扣繳單位編配通知書或立案資料再填一次。")
    return digits


def tax_id_digits(text: str) -> str:
    """Return the eight digits of a 統一編號 as typed, even with a wrong check digit: some issued numbers fail it."""
    digits = _compact(text)
    if not re.fullmatch(r"[0-9]{8}", digits):
        raise ValueError("統一編號為8位數字，請檢查是否少打或多打。")
    return digits


def has_check_digit(digits: str) -> bool:
    """Return whether eight digits pass the rule in force since 2023-04-01."""
    return any(total % 5 == 0 for total in _tax_id_totals(digits))


def is_mobile(phone: str) -> bool:
    """Return whether a telephone number, as `Phone` writes it, is that of a mobile: it belongs to a person."""
    return phone.startswith("09")


def is_new_range_tax_id(digits: str) -> bool:
    """Return whether a valid number passes only the rule of 2023: such a body was numbered after that day."""
    return not any(total % 10 == 0 for total in _tax_id_totals(digits))


def parse_phone(text: str) -> Phone:
    """Read a telephone number as typed: 037-322150, (07)747-7611#123, 0912-345-678, +886 912 345 678, 07-7477611轉123."""
    typed = re.sub(r"[\s()\-–—‐.]", "", half_width(text).upper())
    match = _PHONE.fullmatch(re.sub(r"^(?:\+|00)?8860?", "0", typed))
    if match is None:
        raise ValueError("電話請填數字，例如 037-322150、07-7477611#123 或 0912-345-678。")
    number = match["number"]
    if number.startswith("09"):
        if len(number) != 10:
            raise ValueError("手機號碼為10位數字，例如 0912-345-678。")
    elif not _area_code(number):
        raise ValueError("市內電話請連區域號碼一起填，例如 037-322150、07-7477611。")
    return Phone(number, match["extension"] or "")


def check_national_id(text: str) -> str:
    """Check a 身分證字號 or 統一證號 of a resident from abroad, of the old kind (two letters) or the new one."""
    number = _compact(text)
    if not _PERSON.fullmatch(number):
        raise ValueError("身分證字號是1個英文字母加9位數字，例如 A123456789；居留證號請照居留證填。")
    second = str(_LETTERS[number[1]] % 10) if number[1].isalpha() else number[1]
    digits = f"{_LETTERS[number[0]]}{second}{number[2:]}"
    if sum(int(digit) * weight for digit, weight in zip(digits, _PERSON_WEIGHTS, strict=True)) % 10:
        raise ValueError("身分證字號的檢查碼不符，請對照證件再填一次。")
    return number


def masked_national_id(number: str) -> str:
    """Return the number as it stands where it is not needed: A1234****9."""
    return f"{number[:5]}****{number[-1]}" if number else ""


def check_bank_code(text: str) -> str:
    """Check a 金融機構代號: three digits of the bank and four of the branch."""
    digits = _compact(text)
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise ValueError("金融機構代號為7位數字（總行3位加分行4位），請對照存摺封面。")
    return digits


def check_bank_account(text: str, bank_code: str) -> str:
    """Return a 帳號 as text with its leading zeros: 10 to 16 digits; at the post office 局號 and 帳號 together, 14."""
    digits = _compact(text)
    if bank_code.startswith(POST_OFFICE):
        if not re.fullmatch(r"[0-9]{14}", digits):
            raise ValueError("郵局帳號請填局號7位加帳號7位，共14位數字。")
    elif not re.fullmatch(r"[0-9]{10,16}", digits):
        raise ValueError("銀行帳號為10到16位數字，前面的0也要填，請對照存摺封面。")
    return digits


def check_invoice_number(text: str) -> str:
    """Check the number of a 統一發票: two letters and eight digits."""
    if not is_invoice_number(text):
        raise ValueError("發票號碼是2個英文字母加8位數字，例如 AB-12345678。")
    return _compact(text)


def is_invoice_number(text: str) -> bool:
    """Return whether a number, however it is typed, has the form of one of a 統一發票."""
    return bool(re.fullmatch(r"[A-Z]{2}[0-9]{8}", _compact(text)))


def paper_number(text: str) -> str:
    """Return the number of a paper as it is kept and compared: that of an invoice without its hyphen, any other in half
    width.
    """
    return _compact(text) if is_invoice_number(text) else half_width(text)


def _compact(text: str) -> str:
    return re.sub(r"[\s\-–—‐]", "", half_width(text)).upper()


def _tax_id_totals(digits: str) -> tuple[int, ...]:
    products = [int(digit) * weight for digit, weight in zip(digits, _TAX_ID_WEIGHTS, strict=True)]
    total = sum(product // 10 + product % 10 for product in products)
    # 7 × 4 = 28, 2 + 8 = 10: the law lets that count as 1 + 0 or as 0.
    return (total, total + 1) if digits[6] == "7" else (total,)


def _area_code(digits: str) -> str:
    """Return the area code of a complete number of a landline, or ""."""
    for code, lengths in _AREA_CODES:
        if digits.startswith(code) and len(digits) - len(code) in lengths:
            return code
    return ""
