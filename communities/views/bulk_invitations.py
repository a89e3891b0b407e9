"""Invitations of many office holders at once, from the list of the registry: by mail, or as printed letters."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from communities import queries
from communities.forms.bulk_invitations import BulkForm
from communities.models import OfficeTerm
from communities.queries import waiting
from communities.services import entry_letters, terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import post_with
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

MOST = 60


@audience(Role.CASE_OFFICER)
def invite(request: SignedIn) -> HttpResponse:
    """Show who of the ticked bodies has no account yet, and who of them no address; mail to some, print for others."""
    ticked = [pk for text in request.GET.getlist("body") if (pk := whole_number(text)) is not None]
    bodies = queries.registered(request.user).filter(pk__in=ticked)
    found = waiting.without_account(bodies)
    form = BulkForm(request.POST or None, terms=found[:MOST])
    problem = ""
    if request.method == "POST" and form.is_valid():
        if not form.ticked():
            problem = _("請至少勾選一個人。")
        elif request.POST.get("do") == "letter":
            try:
                return made_pdf(entry_letters.first_letters(_officer(request), form.ticked()), "letters.pdf")
            except (Refused, pdf.UnavailableError) as refused:
                problem = str(refused)
        elif sent := _mailed(request, form):
            message = _("已寄出 %(count)d 封邀請信。還在下面的人沒有信箱，可以印開通信。")
            messages.success(request, message % {"count": sent})
            return redirect(request.get_full_path())
        else:
            problem = _("勾選的人都沒有信箱，沒有寄出。請填信箱，或印開通信。")
    context = {
        "form": form,
        "missing": sum(not term.email for term in form.terms),
        "more": len(found) - len(form.terms),
        "problems": [problem] if problem else [],
    }
    status = 422 if form.errors or problem else 200
    return render(request, "communities/bulk_invitations.html", context, status=status)


def _mailed(request: SignedIn, form: BulkForm) -> int:
    """Mail to those with an address; what is refused for one person stands at their row, and the others get theirs."""
    sent = 0
    for term in form.ticked():
        if not (email := form.email_of(term)):
            continue
        try:
            terms.invite(_officer(request), term, email)
            sent += 1
        except Refused as refused:
            messages.error(request, _who(term, refused.reason))
    return sent


def _who(term: OfficeTerm, reason: str) -> str:
    return f"{term.organisation.name}　{term.person_name}：{reason}"


def _officer(request: SignedIn) -> Actor:
    post = post_with(request.user, Role.CASE_OFFICER)
    return Actor(request.user, post.label if post else "")
