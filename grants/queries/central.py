"""Reads of the central programmes and of what associations asked of them (M5.1)."""

from typing import Any

from django.db.models import Q, QuerySet

from communities.enums import Office
from communities.models import Organisation
from communities.queries import office_holders, township_name
from grants.models import Application, CentralProgramme, CentralRequest
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock

PROGRAMME = "central.programme"


def programmes(county: str) -> QuerySet[CentralProgramme]:
    return CentralProgramme.objects.filter(county=county)


def open_programmes(county: str) -> QuerySet[CentralProgramme]:
    """Return the programmes for which the county takes in requests today."""
    return programmes(county).filter(Q(closes_on=None) | Q(closes_on__gte=clock.today()), active=True)


def requests_of(user: User) -> QuerySet[CentralRequest]:
    """Return what the user may see: an association its own, the township's and the county's offices theirs."""
    seen = Q(pk__in=[])
    for post in posts_of(user):
        if post.role == Role.MEMBER:
            seen |= Q(organisation=post.organisation_id)
        elif post.role == Role.TOWNSHIP_OFFICER:
            seen |= Q(organisation__county=post.county, organisation__township=post.township_code)
        elif post.role in COUNTY_READERS:
            seen |= Q(organisation__county=post.county)
    return CentralRequest.objects.filter(seen).select_related("programme", "organisation", "application")


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """Return what a ministry's form asks of an association and the registry knows."""
    return {
        "name": organisation.name,
        "tax_id": organisation.tax_id,
        "registration_number": organisation.registration_number,
        "chair": "、".join(office_holders(organisation.pk, Office.CHAIRPERSON)),
        "township": township_name(organisation.township_id or ""),
        "address": organisation.present_address,
        "phone": organisation.phone,
    }


def cases_to_carry(organisation: Organisation) -> QuerySet[Application]:
    """Return the association's own filed cases, from which a request can take title, contents and amount."""
    return Application.objects.filter(organisation=organisation).exclude(first_filed_on=None).order_by("-pk")[:20]
