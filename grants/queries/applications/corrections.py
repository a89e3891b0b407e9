"""The items that an office asked to correct, and the place in the form where each is corrected, if its words name one."""

from dataclasses import dataclass

from django.db.models import QuerySet

from grants.enums import DeadlineKind
from grants.models import Application, CorrectionItem, CorrectionRequest, Deadline

from .places import Place, places_of


@dataclass(frozen=True)
class Asked:
    """An item and the address of the field, line or paper that it names; "" if it names none."""

    item: CorrectionItem
    url: str
    label: str


def running(case: Application) -> QuerySet[Deadline]:
    """Return the open deadlines of corrections."""
    return Deadline.objects.filter(application=case, kind=DeadlineKind.CORRECTION, done_on__isnull=True)


def asked_of(case: Application, request: CorrectionRequest) -> list[Asked]:
    """Return the items in the office's order, each with its place in the form."""
    places = places_of(case)
    known = {place.key: place for place in places}
    return [Asked(item, *_link(known.get(item.about) or named_in(item.text, places))) for item in request.rows.all()]


def named_in(text: str, places: list[Place]) -> Place | None:
    """Return the place with the longest name that occurs in the text."""
    found = [place for place in places if _short(place) and _short(place) in text]
    return max(found, key=lambda place: len(_short(place)), default=None)


def _short(place: Place) -> str:
    """Return the name as people write it, without what stands in brackets."""
    return place.name.split("（")[0].rstrip("？")


def _link(place: Place | None) -> tuple[str, str]:
    return (place.url, _short(place)) if place else ("", "")
