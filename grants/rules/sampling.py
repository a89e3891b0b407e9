"""Which low-risk settlements are looked at voucher by voucher, and which cases an auditor looks at: pure functions of a
published seed and the case number, so that anybody can reckon it again and nobody chooses.
"""

from collections.abc import Iterable
from hashlib import sha256

# A draw is one of so many numbers.
NUMBERS = 10_000


def draw(seed: str, number: str) -> int:
    """Return the number that a case draws: the first eight bytes of SHA-256 of "seed number", modulo NUMBERS."""
    digest = sha256(f"{seed} {number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % NUMBERS


def is_drawn(seed: str, number: str, percent: int) -> bool:
    """Return whether the case is looked at whole, if so many of a hundred are."""
    return draw(seed, number) * 100 < percent * NUMBERS


def lowest(seed: str, numbers: Iterable[str], count: int) -> list[str]:
    """Return so many of the cases: those that draw the lowest numbers, and of equal ones the lower case number first."""
    return sorted(numbers, key=lambda number: (draw(seed, number), number))[:count]
