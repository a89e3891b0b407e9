"""The lock of a request for a change."""

from grants.models import Amendment
from grants.services.locks import lock_award
from miaoli_kaohsiung.lib.locks import lock


def locked(amendment: Amendment) -> Amendment:
    """Return the request, locked after its award."""
    award = lock_award(amendment.award)
    row = lock(Amendment.objects.all(), pk=amendment.pk)
    row.award = award
    return row
