"""Finding what belongs to a body by the body's name."""

from django.db.models import Q

from communities.models import Organisation
from communities.queries import search


def called(column: str, text: str) -> Q:
    """Return a filter for rows whose body, under `column`, has this in its name, however either is written."""
    bodies = search(Organisation.objects.all(), text)
    return Q(**{f"{column}__name__icontains": text}) | Q(**{f"{column}__in": bodies.values("pk")})
