"""Whole numbers from outside: a key in a body, a page number, a part of a field's name."""

# The most digits that a 64-bit key of the database surely holds.
KEY_DIGITS = 18


def whole_number(text: str | None, *, digits: int = KEY_DIGITS) -> int | None:
    """Return the number of a text of ASCII digits, at most `digits` of them; None for any other text.

    `int` alone accepts signs, spaces and the digits of other scripts, and raises ValueError above 4,300 digits.
    """
    if not text or len(text) > digits or not text.isascii() or not text.isdecimal():
        return None
    return int(text)
