"""The money of the awards, as every publication shows it: one query (`with_payments`) for the open data, the quarterly list,
the list for the central system, the table of a year and the public page of an association.
"""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from communities.models import Organisation
from communities.queries import township_name
from grants.enums import BACK, LedgerKind
from grants.models import Award, Envelope
from grants.queries.schemes.public import envelope_uses

from .fields import CHUNK

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    PaidAward = WithAnnotations[Award, "Payments"]


class Payments(TypedDict):
    """What `with_payments` adds to an award, whole NT dollars."""

    paid: int
    returned: int
    paid_within: int
    returned_within: int


def with_payments(awards: QuerySet[Award], within: tuple[dt.date, dt.date] | None = None) -> "QuerySet[PaidAward]":
    """Return the awards with what was paid and what came back, in whole NT dollars: `paid` and `returned` in all,
    `paid_within` and `returned_within` between two days, both inclusive (in all if none are named).
    """
    out, back = Q(entries__kind=LedgerKind.PAID), Q(entries__kind__in=BACK)
    then = Q(entries__on__range=within) if within else Q()
    loaded = awards.select_related("application__scheme", "application__programme", "application__organisation")
    return loaded.defer("application__organisation__search", "application__search").annotate(
        paid=Coalesce(Sum("entries__amount", filter=out), 0),
        returned=Coalesce(Sum("entries__amount", filter=back), 0),
        paid_within=Coalesce(Sum("entries__amount", filter=out & then), 0),
        returned_within=Coalesce(Sum("entries__amount", filter=back & then), 0),
    )


def awards_of(organisation: Organisation) -> "QuerySet[PaidAward]":
    """Return an organisation's awards, newest first, as its public page shows them."""
    return with_payments(Award.objects.filter(application__organisation=organisation).order_by("-approved_on", "-pk"))


def awards() -> Iterator[list[Any]]:
    for row in with_payments(Award.objects.order_by("pk")).iterator(chunk_size=CHUNK):
        case = row.application
        yield [
            row.number,
            case.scheme.name,
            case.scheme.get_county_display(),
            case.programme.name,
            case.organisation_id,
            case.organisation.name,
            township_name(case.township_code),
            case.title,
            case.requested_total,
            row.total,
            row.approved_on,
            row.starts_on,
            row.ends_on,
            row.get_status_display(),
            row.paid,
            row.returned,
        ]


def envelopes() -> Iterator[list[Any]]:
    for use in envelope_uses(Envelope.objects.order_by("scheme", "year")):
        scheme = use.envelope.scheme
        county = scheme.get_county_display()
        yield [scheme.name, county, use.envelope.year, use.envelope.amount, use.approved, use.paid, use.left]
