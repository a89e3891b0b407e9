"""The two rows that most services lock, each with what is usually read of it. The order of locks: docs/architecture.md."""

from django.db.models import prefetch_related_objects

from grants.models import Application, Award
from miaoli_kaohsiung.lib.locks import lock, lock_prepared, locking
from miaoli_kaohsiung.lib.prepared import Prepared

_WITH_CASE = ("scheme", "programme", "organisation__township", "filed_under")
_CASE = Prepared(lambda key: locking(Application.objects.filter(pk=key).select_related(*_WITH_CASE)))
_DRAFT = Prepared(lambda key: locking(Application.objects.filter(pk=key).defer("search")))


def lock_case(case: Application) -> Application:
    """Return the case, locked, with what its letters and notices mention."""
    return lock_prepared(_CASE, key=case.pk)


def lock_draft(case: Application) -> Application:
    """Return the case, locked and as it stands now, with the scheme, the programme and the association that were read for
    the page a moment ago, as long as it still belongs to them.
    """
    row = lock_prepared(_DRAFT, key=case.pk)
    read = case._state.fields_cache
    for name in ("scheme", "programme", "organisation", "filed_under"):
        if name in read and getattr(row, f"{name}_id") == getattr(case, f"{name}_id"):
            setattr(row, name, read[name])
    return row


def with_law(case: Application) -> None:
    """Read the rulings of the case's scheme once, so that a whole step rests on one law."""
    prefetch_related_objects([case.scheme], "rulings")


def lock_award(award: Award) -> Award:
    """Return the award, locked before its settlement and instalments."""
    rows = Award.objects.select_related("application__organisation", "application__programme", "application__scheme")
    return lock(rows, pk=award.pk)
