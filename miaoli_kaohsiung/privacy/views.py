"""What people are to know about their data before they give them, and the register behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS, DISPOSAL_READERS, STAFF_ROLES
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, lets_in, public_page

from . import register


@public_page
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Show the notice at collection, and the files that the counties must publish."""
    user = request.user
    may_read_fields = not isinstance(user, User) or lets_in(user, STAFF_ROLES)
    return render(request, "privacy/notice.html", {"files": register.files(), "may_read_fields": may_read_fields})


@audience(STAFF_ROLES)
@require_safe
def fields(request: SignedIn) -> HttpResponse:
    """Show the register field by field."""
    shown = {
        "files": register.files(),
        "may_read_disposals": lets_in(request.user, DISPOSAL_READERS),
        "may_copy": lets_in(request.user, CASE_OFFICERS),
    }
    return render(request, "privacy/fields.html", shown)
