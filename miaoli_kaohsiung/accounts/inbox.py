"""My notices on the screen. The outbox itself is in a lower package, which knows no permissions."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from miaoli_kaohsiung.notices import queries, services

from .permissions import SignedIn, signed_in

PAGE_SIZE = 30


@signed_in
def inbox(request: SignedIn) -> HttpResponse:
    """Show my notices, newest first: the current ones, or all; only those of one case if the address names it."""
    everything, case = request.GET.get("show") == "all", request.GET.get("case", "").replace("\x00", "")[:16]
    rows = queries.notices_of(request.user) if everything else queries.current_of(request.user)
    if case:
        rows = rows.filter(case_number=case)
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "unread": queries.unread_for(request.user).count(),
        "cases": queries.cases_of(request.user),
        "case": case,
        "everything": everything,
    }
    return render(request, "notices/list.html", context)


@signed_in
@require_POST
def read(request: SignedIn, pk: int) -> HttpResponse:
    """Mark one notice read and go to the page that it links to."""
    mine = queries.notices_of(request.user)
    notice = get_object_or_404(mine, pk=pk)
    services.mark_read(request.user, mine.filter(pk=pk))
    inside = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return HttpResponseRedirect(notice.url) if inside else redirect("notices")


@signed_in
@require_safe
def go(request: SignedIn, pk: int) -> HttpResponse:
    """Lead from the short link of a text to the page of one's own notice."""
    notice = get_object_or_404(queries.notices_of(request.user), pk=pk)
    inside = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return HttpResponseRedirect(notice.url) if inside else redirect("notices")


@signed_in
@require_POST
def read_all(request: SignedIn) -> HttpResponse:
    """Mark all my notices read."""
    services.mark_read(request.user, queries.notices_of(request.user))
    return redirect("notices")
