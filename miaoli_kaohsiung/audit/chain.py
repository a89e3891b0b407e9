"""How each entry is linked to the one before it: SHA-256 over canonical JSON. Pure, except for the names of the columns."""

import hashlib
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

# Every column but the hash itself, so that no cell of an entry can change unnoticed.
COLUMNS = (
    "seq", "at", "portal_date", "actor_id", "actor_name", "post_label", "action", "object_type", "object_id",
    "object_label", "case", "before", "after", "request_id", "prev_hash",
)  # fmt: skip


def hash_of(values: dict[str, Any]) -> str:
    """Return the hash of an entry given as column → value; independent of time zone and of the order of keys."""
    return digest_of(plain(values))


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return an entry given as column → value as the plain JSON that its hash covers."""
    found = {name: values[name] for name in COLUMNS}
    found["at"] = found["at"].astimezone(UTC).isoformat(timespec="microseconds")
    found["portal_date"] = found["portal_date"].isoformat()
    return found


def canonical(value: Any) -> bytes:
    """Return plain JSON in the one form in which it is hashed."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of plain JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def json_safe(value: Any) -> Any:
    """Return `value` as JSON that PostgreSQL returns unchanged.

    Dates and times become ISO 8601, decimals and floats text, rows their keys. Raises TypeError for a value without an obvious
    form, rather than store its repr.
    """
    match value:
        case None | bool() | int():
            return value
        case str() | Promise():
            return clean_text(str(value))
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case Decimal() | float() | UUID():
            return str(value)
        case models.Model():
            return json_safe(value.pk)
        case dict():
            return {clean_text(str(key)): json_safe(item) for key, item in value.items()}
        case list() | tuple() | models.QuerySet():
            return [json_safe(item) for item in value]
        case set() | frozenset():
            return sorted((json_safe(item) for item in value), key=str)
    raise TypeError(f"{type(value).__name__} has no place in the trail; give text, numbers, dates, lists or dicts.")


def clean_text(text: str) -> str:
    """Return text without NUL and lone surrogates, which PostgreSQL cannot store."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
