"""Numbers of people, and seeds of second factors, at rest: sealed under a key of the environment, and found by a keyed mark without being opened.

The first key of `PERSONAL_DATA_KEYS` seals; what an earlier one sealed is still opened and found, until
`manage.py national_ids reseal` and `manage.py second_factors reseal` have gone over it and the key can go.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# How every sealed text begins: the version of its form, and the first bits of a moment of our time.
_HEAD = "gAAAA"


class KeyGoneError(RuntimeError):
    """None of the keys opens a sealed text: a key was taken away too early."""


def seal(text: str) -> str:
    """Return the text sealed; "" stays ""."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return what was sealed; "" for "". Raises KeyGoneError."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise KeyGoneError("PERSONAL_DATA_KEYS lacks the key of a sealed text.") from error


def looks_sealed(text: str) -> bool:
    """Return whether a text has the form of a sealed one, whatever its key."""
    return text.startswith(_HEAD)


def mark_of(text: str) -> str:
    """Return what the same text always has under the first key, and what nobody makes without that key; "" for ""."""
    return _mark(settings.PERSONAL_DATA_KEYS[0], text) if text else ""


def marks_of(text: str) -> list[str]:
    """Return the marks of a text under every key, to find what is not sealed anew yet."""
    return [_mark(key, text) for key in settings.PERSONAL_DATA_KEYS] if text else []


def _box() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_part(key, b"seal"))) for key in settings.PERSONAL_DATA_KEYS])


def _mark(key: str, text: str) -> str:
    return hmac.new(_part(key, b"mark"), text.encode(), hashlib.sha256).hexdigest()


def _part(key: str, use: bytes) -> bytes:
    """Return a key of 32 bytes for one use, so that a mark says nothing about the seal."""
    return hmac.new(key.encode(), b"portal personal data: " + use, hashlib.sha256).digest()
