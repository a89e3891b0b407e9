"""Changes of people that wait for a second person, and a person's new address that waits for its mail to be read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from miaoli_kaohsiung.lib.leads_back import no_page

from . import changes
from .audiences import CHANGE_CONFIRMERS
from .enums import ChangeKind
from .limits import limited
from .models import IdentityChange
from .permissions import SignedIn, audience, may_decide_change, public_page, signed_in
from .queries import changes_to_decide


@audience(CHANGE_CONFIRMERS)
@require_safe
def waiting(request: SignedIn) -> HttpResponse:
    """Show the waiting changes, with buttons for those who may decide them and the reason for those who may not."""
    rows = [(change, may_decide_change(request.user, change)) for change in changes_to_decide(request.user)]
    return render(request, "accounts/changes.html", {"rows": rows})


@audience(CHANGE_CONFIRMERS)
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    change = get_object_or_404(changes_to_decide(request.user), pk=pk)
    try:
        done = changes.confirm(request.user, change)
    except changes.ChangeError as refused:
        messages.error(request, refused.reason)
    else:
        message = _("已確認，變更已經生效，並通知本人。本人接下來：%(next)s")
        messages.success(request, message % {"next": changes.what_follows(done)})
    return redirect("changes")


@audience(CHANGE_CONFIRMERS)
@require_POST
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    change = get_object_or_404(changes_to_decide(request.user), pk=pk)
    changes.refuse(request.user, change)
    messages.success(request, _("已回覆不同意，沒有變更任何資料。"))
    return redirect("changes")


@signed_in
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw a change, as its proposer."""
    change = get_object_or_404(IdentityChange, proposed_by=request.user, pk=pk)
    changes.withdraw(request.user, change)
    messages.success(request, _("已收回，沒有變更任何資料。"))
    if change.kind == ChangeKind.DEPUTY:
        return redirect("deputies")
    return redirect("me" if change.user_id == request.user.pk else "changes")


@no_page
@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@limited("public_file", "POST")
def own_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page of the link in the mail to the new address, with one button: a mail program that opens it confirms
    nothing.
    """
    try:
        change = changes.open_own_address(token)
        if request.method == "POST":
            done = changes.confirm_own_address(token)
            messages.success(request, _("電子信箱已經換好了。") + changes.what_follows(done))
            return redirect("me")
    except changes.ChangeError as refused:
        return render(request, "accounts/own_address.html", {"problem": refused.reason}, status=410)
    return render(request, "accounts/own_address.html", {"change": change})
