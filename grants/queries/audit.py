"""The trail as an auditor may read it. It stands here, above the trail, because only this package knows a case's county."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet

from grants.models import Application, ApplicationVersion, Letter
from grants.queries.scope import apart
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.proofs import proof_of
from miaoli_kaohsiung.audit.queries import history_of_object

PAGE_SIZE = 15
# The entries that have the hash of what was filed and of the letter's file.
FILING_KEPT = "application.keep"
LETTER_ISSUED = "letter.issue"


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
    """Return the entries that match case, person, action, words and days; a blank does not narrow."""
    if wanted.get("case"):
        found = found.filter(case__iexact=wanted["case"].strip())
    if wanted.get("person"):
        found = found.filter(actor_name__icontains=wanted["person"].strip())
    if wanted.get("action"):
        found = found.filter(action=wanted["action"])
    if wanted.get("words"):
        found = found.filter(object_label__icontains=wanted["words"].strip())
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


def changed_in_words(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """Return the entry's fields under their names on the screen, with the values before and after."""
    rows = entry.changed
    return [(_label(entry.object_type, name), _shown(before), _shown(after)) for name, before, after in rows]


def _shown(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _label(object_type: str, name: str) -> str:
    try:
        field = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return name
    words = str(getattr(field, "verbose_name", name))
    return words if words.replace(" ", "_") != name else name


def filing_proof(version: ApplicationVersion) -> bytes | None:
    """Return the proof that this filing stands in the trail, with all that was filed; None if an older release took it.
    Raises NotSealedError.
    """
    entry = history_of_object(version).filter(action=FILING_KEPT).first()
    return proof_of(entry, version.snapshot) if entry else None


def letter_proof(letter: Letter) -> bytes | None:
    """Return the proof that this letter was issued; its PDF is compared with it. Raises NotSealedError."""
    entry = history_of_object(letter).filter(action=LETTER_ISSUED).first()
    return proof_of(entry) if entry else None
