"""Rows of the list into the tables: a few statements for a batch of them."""

from communities import actions, naming
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from communities.services.organisations import former_words, words_of
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.notices.services import close

from .rows import Row
from .terms import TermRow

# The trail is never emptied: it does not take a person's telephone and e-mail.
_PRIVATE = (".phone", ".email")


def write(rows: list[Row]) -> None:
    """Add and change the bodies of these rows and their terms, in the caller's unit of work."""
    touched = [row for row in rows if row.is_new or row.changes]
    added = [row for row in touched if row.is_new]
    changed = [row for row in touched if not row.is_new]
    former = former_words([row.body.pk for row in changed])
    for row in touched:
        row.body.folded_name = naming.fold(row.body.name, row.body.county)
        row.body.search = words_of(row.body, former.get(row.body.pk, ""))
    Organisation.objects.bulk_create(row.body for row in added)
    _update(changed)
    _write_terms([term for row in touched for term in row.terms])
    for row in added:
        _record(row, actions.IMPORT_NEW)
    for row in changed:
        _record(row, actions.IMPORT_CHANGE)


def _update(rows: list[Row]) -> None:
    fields = sorted({name for row in rows for name in row.fields} | {"folded_name", "search"})
    Organisation.objects.bulk_update([row.body for row in rows], fields)


def _write_terms(rows: list[TermRow]) -> None:
    OfficeTerm.objects.bulk_create(row.term for row in rows if row.is_new)
    changed = [row for row in rows if row.fields]
    if fields := sorted({name for row in changed for name in row.fields}):
        OfficeTerm.objects.bulk_update([row.term for row in changed], fields)
    chairs = [row.term for row in rows if row.term.office == Office.CHAIRPERSON and not row.fields]
    former = OfficeTerm.objects.filter(
        organisation__in=[term.organisation_id for term in chairs], office=Office.CHAIRPERSON
    ).exclude(pk__in=[term.pk for term in chairs])
    close(f"term:{pk}" for pk in former.values_list("pk", flat=True))


def _record(row: Row, action: str) -> None:
    changes = [change for change in row.changes if not change[0].endswith(_PRIVATE)]
    before = {key: old for key, old, _new in changes if old}
    trail.record(action, row.body, before=before or None, after={key: new for key, _old, new in changes})
