"""My desk: what waits for me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from grants.queries.desk import desk_of, entries_of, envelopes_of
from miaoli_kaohsiung.accounts.permissions import signed_in


@signed_in
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The most urgent thing with its button, then what waits, by kind."""
    context = {
        "desk": desk_of(request.user),
        "entries": entries_of(request.user),
        "envelopes": envelopes_of(request.user),
    }
    return render(request, "grants/desk/desk.html", context)
