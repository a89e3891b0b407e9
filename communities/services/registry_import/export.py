"""The registry as a list in the columns of the import: taken out and brought back in, it changes nothing."""

from collections.abc import Iterator

from django.db.models import QuerySet

from communities.enums import Office
from communities.models import Organisation

from .columns import EXPORTED
from .terms import shown_term

CHUNK = 500


def heads() -> list[str]:
    return [str(column.label) for column in EXPORTED]


def rows_of(bodies: QuerySet[Organisation]) -> Iterator[list[str]]:
    """Return a row for each body, read in chunks with their terms: two queries a chunk."""
    found = bodies.order_by("county", "township__position", "name", "pk").defer("search").prefetch_related("terms")
    for body in found.iterator(chunk_size=CHUNK):
        terms = {office: shown_term(body, office) for office in Office.values}
        row = []
        for column in EXPORTED:
            term = terms.get(column.group)
            row.append(column.shown(body) if not column.group else column.shown(term) if term else "")
        yield row
