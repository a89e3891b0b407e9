"""What each room knows of its own rows when two records become one. A higher room registers its part when its app is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from communities.models import Organisation


def nothing(kept: Organisation, merged: Organisation) -> list[str]:
    return []


@dataclass(frozen=True)
class Part:
    """`model` is the label of the table. `refusals` returns sentences that say why the two cannot be one. With `move` the
    room points the rows of `merged` to `kept` itself and returns how many; else all of them are pointed as they are.
    `lock` locks rows that other work locks before it asks for the body.
    """

    model: str
    refusals: Callable[[Organisation, Organisation], list[str]] = nothing
    move: Callable[[Organisation, Organisation], int] | None = None
    lock: Callable[[list[int]], None] | None = None


_parts: dict[str, Part] = {}


def register(part: Part) -> Part:
    """Make the part known and return it. Raises ValueError for a table that has one."""
    if part.model in _parts:
        raise ValueError(f"The table {part.model!r} has its part already.")
    _parts[part.model] = part
    return part


def of(model: str) -> Part:
    return _parts.get(model, Part(model))


def refusals(kept: Organisation, merged: Organisation) -> list[str]:
    """Return what every room has against it."""
    return [sentence for part in _parts.values() for sentence in part.refusals(kept, merged)]


def lock_rows(bodies: list[int]) -> None:
    """Lock what other work locks before these bodies, in the order of the parts."""
    for part in _parts.values():
        if part.lock:
            part.lock(bodies)
