from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from . import queries, services

PAGE_SIZE = 15


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """My notices, newest first."""
    page = Paginator(queries.notices_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"page": page, "unread": queries.unread_for(request.user).count()})


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it leads."""
    mine = queries.notices_of(request.user)
    notice = get_object_or_404(mine, pk=pk)
    services.mark_read(mine.filter(pk=pk), request.user)
    inside = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return HttpResponseRedirect(notice.url) if inside else redirect("notices")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of mine read."""
    services.mark_read(queries.notices_of(request.user), request.user)
    return redirect("notices")


# The room of accounts lies above this one, so the audience of its `signed_in` is stated by hand.
for _view in (inbox, read, read_all):
    _view.audience = "signed-in"  # type: ignore[attr-defined]
