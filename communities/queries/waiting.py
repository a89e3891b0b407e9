"""What waits for an officer: changes that an association proposes about itself, requests of people without an account, terms
of office that end, and tiers to be confirmed.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from communities.enums import RequestKind, TierDecisionStatus
from communities.models import AccountRequest, OfficeTerm, Organisation, TierDecision
from communities.queries import EXPIRY_WARNING_DAYS, alike, named, office_holders
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.entry_codes import may_start
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Invitation, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.kinds import Row, kind_of
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.queries import open_change, visible_to
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared

# --- Changes that wait ---------------------------------------------------------------------------------------------------


# What an association proposes about itself (services.record_changes, services.chair_changes).
OWN_KINDS = ("organisation.record", "organisation.bank", "organisation.chair")


def waiting_changes(user: User, organisation: Organisation) -> list[tuple[Change, list[Row]]]:
    """Return the changes of the record that wait to be confirmed, with old and new, as far as the user sees them."""
    rows = visible_to(user).filter(kind__in=OWN_KINDS, subject=str(organisation.pk))
    return [(change, kind_of(change).rows(change)) for change in rows.filter(status=ChangeStatus.WAITING)]


def waiting_change(kind: str, organisation: Organisation) -> Change | None:
    return open_change(kind, organisation.county, str(organisation.pk))


# --- Requests for an account ----------------------------------------------------------------------------------------------


def account_requests(user: User) -> QuerySet[AccountRequest]:
    """Return the requests of the counties in which the user is case officer."""
    counties = [post.county for post in posts_of(user) if post.role == Role.CASE_OFFICER]
    rows = AccountRequest.objects.filter(county__in=counties)
    return rows.select_related("organisation", "decided_by")


def bodies_for(asked: AccountRequest) -> QuerySet[Organisation]:
    """Return the bodies that a request may mean: the one that is claimed, those with this very name or number, else all
    of its township.
    """
    own = Organisation.objects.filter(county=asked.county).order_by("name")
    if asked.organisation_id:
        return own.filter(pk=asked.organisation_id)
    same = named(asked.organisation_name, asked.county)
    if asked.registration_number:
        same |= Q(county=asked.county, registration_number=asked.registration_number)
    found = own.filter(same)
    if asked.kind == RequestKind.REGISTRATION:
        near = [pk for pk, _name in alike(asked.organisation_name, asked.county)]
        return own.filter(same | Q(pk__in=near))
    return found if found.exists() else own.filter(township_id=asked.township_id)


def compared(asked: AccountRequest) -> list[Row]:
    """Return the record of the claimed body beside what was typed."""
    body = asked.organisation
    if asked.kind != RequestKind.CLAIM or body is None:
        return []
    holders = office_holders(body.pk, asked.office)
    return [
        Row(_("全名"), body.name, asked.organisation_name),
        Row(_("立案字號"), body.registration_number, asked.registration_number),
        Row(asked.get_office_display(), "、".join(holders), asked.person_name),
        Row(_("電話"), body.phone, asked.phone),
        Row(_("電子信箱"), body.email, asked.email),
    ]


def without_account(bodies: QuerySet[Organisation]) -> list[OfficeTerm]:
    """Return the terms of these bodies that are not over and whose holder never had a password, nor a link by mail that is
    still good; by body, the chairperson first.
    """
    today = clock.today()
    invited = Invitation.objects.filter(office_term_id=OuterRef("pk"), used_at=None, expires_on__gte=today)
    rows = OfficeTerm.objects.filter(organisation__in=bodies).exclude(valid_to__lt=today).exclude(Exists(invited))
    rows = rows.select_related("organisation", "user").order_by("organisation__name", "office", "pk")
    return [term for term in rows if term.user is None or may_start(term.user)]


# --- Counted above the registry ---------------------------------------------------------------------------------------------


def _expiring(counties: list[str], since: dt.date, until: dt.date) -> QuerySet[OfficeTerm, Any]:
    rows = OfficeTerm.objects.filter(organisation__county__in=counties, valid_to__range=(since, until))
    return rows.order_by().values_list("organisation__county").annotate(n=Count("pk"))


_EXPIRING = Prepared(_expiring)


def expiring_terms(counties: Collection[str]) -> int:
    """Return how many terms of the counties' organisations end within EXPIRY_WARNING_DAYS from today."""
    today = clock.today()
    until = today + dt.timedelta(days=EXPIRY_WARNING_DAYS)
    return sum(number for _county, number in _EXPIRING(counties=tuple(counties), since=today, until=until))


def tier_proposals(user: User) -> QuerySet[TierDecision]:
    """Return proposals that wait for an approver of the user's county."""
    rows = _proposed(_counties_read(user)).select_related("organisation", "proposed_by")
    return rows.order_by("year", "organisation__name", "pk")


def count_tier_proposals(user: User) -> int:
    """Return how many they are."""
    return sum(number for _county, number in _PROPOSED(counties=_counties_read(user)))


def _counties_read(user: User) -> tuple[str, ...]:
    return tuple(post.county for post in posts_of(user) if post.role in COUNTY_READERS)


def _proposed(counties: Collection[str]) -> QuerySet[TierDecision]:
    return TierDecision.objects.filter(status=TierDecisionStatus.PROPOSED, organisation__county__in=counties)


def _proposed_by_county(counties: list[str]) -> QuerySet[TierDecision, Any]:
    return _proposed(counties).order_by().values_list("organisation__county").annotate(n=Count("pk"))


_PROPOSED = Prepared(_proposed_by_county)
