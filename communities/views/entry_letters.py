"""Letters with which office holders get in without e-mail, and a new password for one of them by two persons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities import permissions, queries
from communities.forms.own_changes import RecoveryForm
from communities.models import OfficeTerm
from communities.services import entry_letters, recoveries
from miaoli_kaohsiung.accounts.audiences import CLERKS, RECOVERY_PRINTERS
from miaoli_kaohsiung.accounts.entry_codes import DAYS_VALID
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.changes.queries import visible_to
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import access, pdf
from miaoli_kaohsiung.lib.access import Refused


@audience(Role.CASE_OFFICER)
def letter(request: SignedIn, pk: int, term: int) -> HttpResponse:
    """Explain the letter; with the button, make the account and return its letter."""
    found = _term(request, pk, term)
    access.require(permissions.may_register(request.user, found.organisation))
    problem = ""
    if request.method == "POST":
        by = actor(request.user, Role.CASE_OFFICER, county=found.organisation.county)
        try:
            return made_pdf(entry_letters.first_letters(by, [found]), "letter.pdf")
        except (Refused, pdf.UnavailableError) as refused:
            problem = str(refused)
    context = {
        "organisation": found.organisation,
        "term": found,
        "days": DAYS_VALID,
        "problems": [problem] if problem else [],
    }
    return render(request, "communities/entry_letter.html", context, status=422 if problem else 200)


@audience(CLERKS)
def recover(request: SignedIn, pk: int, term: int) -> HttpResponse:
    """Ask for a new password of an office holder; another person confirms."""
    found = _term(request, pk, term)
    access.require(permissions.may_ask_recovery(request.user, found.organisation))
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = recoveries.ask(request.user, found, form.words(), form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("已送出，等另一位同仁確認；確認後在這裡印開通碼。"))
            return redirect("changes:show", change.pk)
    context = {"form": form, "organisation": found.organisation, "term": found, "title": _("重設密碼")}
    return render(request, "communities/organisation_form.html", context, status=422 if form.errors else 200)


@audience(RECOVERY_PRINTERS)
@require_POST
def recovery_letter(request: SignedIn, pk: int) -> HttpResponse:
    """Return the letter with the new code, to one of the two who agreed on it."""
    change = get_object_or_404(visible_to(request.user), kind=recoveries.RECOVERY.name, pk=pk)
    try:
        return made_pdf(recoveries.letter(request.user, change), "letter.pdf")
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("changes:show", pk)


def _term(request: SignedIn, pk: int, term: int) -> OfficeTerm:
    organisation = get_object_or_404(queries.registered(request.user), pk=pk)
    return get_object_or_404(organisation.terms.select_related("user", "organisation"), pk=term)
