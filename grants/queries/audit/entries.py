"""The trail as an auditor may read it. It stands here, above the trail, because only this package knows a case's county."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from grants.models import Application
from grants.queries.audit.kinds import of_amount, of_kind
from grants.queries.audit.sentences import MONEY
from grants.queries.scope import apart
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.models import AuditEntry

PAGE_SIZE = 15


@dataclass(frozen=True)
class Page:
    """Entries, newest first; `older` is the number from which the next page goes on, None at the end."""

    rows: list[AuditEntry]
    older: int | None


def entries(user: User) -> QuerySet[AuditEntry]:
    """Return what was done on the cases of the auditor's counties, and what the county's people or a job did without a
    case.
    """
    counties = {post.county for post in posts_of(user) if post.role == Role.AUDITOR}
    cases = Application.objects.filter(county__in=counties).values("number")
    people = Post.objects.filter(Q(county__in=counties) | Q(county="")).values("user")
    own = Q(case__in=cases.filter(apart(user)))
    return AuditEntry.objects.filter(own | Q(case="", actor__isnull=True) | Q(case="", actor__in=people))


def sought(found: QuerySet[AuditEntry], wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    """Return the entries that match case, person, kind, words, days and amounts; a blank does not narrow."""
    if wanted.get("case"):
        found = found.filter(case__iexact=wanted["case"].strip())
    if wanted.get("person"):
        found = found.filter(actor_name__icontains=wanted["person"].strip())
    if wanted.get("action"):
        found = found.filter(of_kind(wanted["action"]))
    if wanted.get("words"):
        found = found.filter(object_label__icontains=wanted["words"].strip())
    if wanted.get("least") is not None or wanted.get("most") is not None:
        found = found.filter(of_amount(wanted.get("least"), wanted.get("most"), MONEY))
    return _between(found, wanted.get("since"), wanted.get("until"))


def _between(found: QuerySet[AuditEntry], since: dt.date | None, until: dt.date | None) -> QuerySet[AuditEntry]:
    if since:
        found = found.filter(portal_date__gte=since)
    return found.filter(portal_date__lte=until) if until else found


def page_of(found: QuerySet[AuditEntry], before: int | None) -> Page:
    """Return one page of entries before `before`, newest first, in one query however long the trail is."""
    rows = found.filter(seq__lt=before) if before else found
    shown = list(rows.order_by("-seq")[: PAGE_SIZE + 1])
    return Page(shown[:PAGE_SIZE], shown[PAGE_SIZE - 1].seq if len(shown) > PAGE_SIZE else None)
