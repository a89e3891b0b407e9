"""Reads of partners: the county's contacts, an association's own, who can help where, and when each was asked last."""

from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from communities.enums import HelpWay
from communities.models import Organisation, Partner, PartnerHelp
from miaoli_kaohsiung.accounts.audiences import OFFICE_READERS, PARTNER_READERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

from . import registered, township_name

MOST_FOUND = 50
GIVEN = Q(help__way=HelpWay.GIVEN)


def with_help(rows: QuerySet[Partner]) -> QuerySet[Any]:
    """Add `promised` and `given`, how often, and `last_on`, the day on which help was given last."""
    return rows.annotate(
        promised=Count("help", filter=Q(help__way=HelpWay.PROMISED)),
        given=Count("help", filter=GIVEN),
        last_on=Max("help__day", filter=GIVEN),
    )


def contacts_seen(user: User) -> QuerySet[Partner]:
    """Return the contacts of the counties in whose offices the user works."""
    counties = {post.county for post in posts_of(user) if post.role in OFFICE_READERS}
    return Partner.objects.filter(organisation=None, county__in=counties)


def seen_by(user: User) -> QuerySet[Partner]:
    """Return every partner that the user may open: the contacts of one's counties, and the partners of associations that
    one sees in the registry.
    """
    posts = [post for post in posts_of(user) if post.role in PARTNER_READERS]
    counties = {post.county for post in posts}
    own = registered(user).values("pk")
    seen = Q(organisation=None, county__in=counties) | Q(organisation__in=own)
    return Partner.objects.filter(seen).select_related("organisation")


def of_organisation(organisation: Organisation) -> QuerySet[Any]:
    """Return the association's own partners that still help, with their help."""
    return with_help(Partner.objects.filter(organisation=organisation, ended_on=None)).order_by("name", "pk")


def who_can_help(organisation: Organisation, text: str) -> list[Any]:
    """Return the county's contacts that serve the association's township, and its own partners, in which all words that
    were typed occur; all of them if nothing was typed. The own ones come first, then who helped last.
    """
    place = organisation.township_id or ""
    near = Q(organisation=None, county=organisation.county) & (Q(townships=[]) | Q(townships__contains=[place]))
    rows = Partner.objects.filter(near | Q(organisation=organisation), ended_on=None)
    kinds = dict(Partner._meta.get_field("kind").flatchoices)
    for word in text.split():
        named = [kind for kind, label in kinds.items() if word in str(label)]
        rows = rows.filter(Q(name__icontains=word) | Q(offers__icontains=word) | Q(kind__in=named))
    found = with_help(rows).order_by("organisation", F("last_on").desc(nulls_last=True), "name", "pk")
    return list(found[:MOST_FOUND])


def help_of(partner: Partner) -> QuerySet[PartnerHelp]:
    """Return what it promised and gave, the newest first."""
    return partner.help.select_related("organisation", "written_by").order_by("-day", "-pk")


def area_of(partner: Partner) -> str:
    """Return the townships that it serves in words; "" for the whole county."""
    return "、".join(township_name(code) for code in partner.townships)
