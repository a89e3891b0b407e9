"""The awards in the 360Giving Data Standard (JSON): one object a grant with funder, recipient, amounts and days.

The standard asks for `id`, `title`, `description`, `currency`, `amountAwarded`, `awardDate`, `recipientOrganization` and
`fundingOrganization`. Neither portal nor county has a prefix in its register, so every identifier begins with the host of
the portal.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from communities.queries import township_name
from grants.models import Award
from grants.queries.open_data.fields import CHUNK
from grants.queries.open_data.money import with_payments
from miaoli_kaohsiung.accounts.counties import office_of
from miaoli_kaohsiung.lib import clock

CURRENCY = "TWD"


def prefix() -> str:
    """Return what every identifier begins with: the host of the portal."""
    return urlsplit(settings.PORTAL_URL).hostname or "portal"


def grants() -> Iterator[dict[str, Any]]:
    """Yield every award as an object of the standard."""
    changed = dt.datetime.combine(clock.today(), dt.time(), dt.UTC).isoformat()
    for award in with_payments(Award.objects.order_by("pk")).iterator(chunk_size=CHUNK):
        yield _grant(award, award.paid - award.returned, changed)


def _grant(award: Award, disbursed: int, changed: str) -> dict[str, Any]:
    case = award.application
    body = case.organisation
    county = case.scheme.county
    return {
        "id": f"{prefix()}-{award.number}",
        "title": case.title,
        "description": f"{case.scheme.name}：{case.programme.name}，{case.title}",
        "currency": CURRENCY,
        "amountAppliedFor": case.requested_total,
        "amountAwarded": award.total,
        "amountDisbursed": disbursed,
        "awardDate": award.approved_on.isoformat(),
        "plannedDates": [{"startDate": award.starts_on.isoformat(), "endDate": award.ends_on.isoformat()}],
        "recipientOrganization": [
            {
                "id": f"{prefix()}-ORG-{body.pk}",
                "name": body.name,
                "addressCountry": "TW",
                "url": settings.PORTAL_URL + reverse("communities:community", args=[body.pk]),
            }
        ],
        "fundingOrganization": [{"id": f"{prefix()}-COUNTY-{county}", "name": office_of(county, award.approved_on)}],
        "grantProgramme": [{"code": case.programme.code, "title": case.programme.name}],
        "beneficiaryLocation": [{"name": township_name(case.township_code), "countryCode": "TW"}],
        "dataSource": settings.PORTAL_URL + reverse("grants:open_data"),
        "dateModified": changed,
    }
