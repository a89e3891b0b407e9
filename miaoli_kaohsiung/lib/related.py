"""What points to one row, read as `prefetch_related_objects` reads it, with statements that are built once in a process.

`row.lines.all()` then asks nobody; what is asked beyond that (`row.lines.filter(…)`) is asked as ever.
"""

from functools import lru_cache
from typing import Any

from django.db.models import ForeignKey, Model, QuerySet

from .prepared import Prepared


def read_related(row: Model, *names: str, joined: tuple[str, ...] = ()) -> None:
    """Read the rows behind these names of the relations that point here, with what is `joined` to each, unless they were
    read before.
    """
    held = row.__dict__.setdefault("_prefetched_objects_cache", {})
    for name in names:
        if name not in held:
            held[name] = _held(row, name, joined)


def _held(row: Model, name: str, joined: tuple[str, ...]) -> QuerySet[Any]:
    key, prepared = _relation(type(row), name)
    found = prepared(joined, key=row.pk)
    for one in found:
        key.set_cached_value(one, row)
    rows: Any = getattr(row, name).all()
    rows._result_cache, rows._prefetch_done = found, True
    return rows  # type: ignore[no-any-return]  # as Django itself holds them


@lru_cache(maxsize=100)
def _relation(model: type[Model], name: str) -> tuple["ForeignKey[Any, Any]", Prepared[Any]]:
    """Return the key by which rows point here, and what reads them."""
    relation: Any = model._meta.get_field(name)
    rows, key = relation.related_model._default_manager, relation.field

    def pointing(joined: tuple[str, ...], **value: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(**{key.attname: value["key"]})
        return found.select_related(*joined) if joined else found

    return key, Prepared(pointing)
