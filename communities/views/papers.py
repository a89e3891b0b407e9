"""Papers that an association keeps with the portal: uploaded once, offered in each case."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import permissions, queries
from communities.forms.registry import KeptPaperForm
from communities.models import KeptPaper
from communities.services.papers import add, retire, revive
from miaoli_kaohsiung.accounts.audiences import ASSOCIATION_OR_OFFICER, PAPER_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.files.fields import hold_files
from miaoli_kaohsiung.files.services import response
from miaoli_kaohsiung.lib import access, clock
from miaoli_kaohsiung.lib.leads_back import no_page


@audience(ASSOCIATION_OR_OFFICER)
@require_http_methods(["GET", "POST"])
def papers(request: SignedIn, pk: int) -> HttpResponse:
    """Show the association's papers, with an upload for more."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_update_contact(request.user, found))
    form = KeptPaperForm(request.POST, request.FILES) if request.method == "POST" else KeptPaperForm()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        row = add(actor(request.user, ASSOCIATION_OR_OFFICER), found, data["kind"], data["paper"], data["valid_until"])
        messages.success(request, _("已留存「%(name)s」，以後申請時可以沿用。") % {"name": row.file.name})
        return redirect("communities:organisation-papers", pk)
    hold_files(form, actor(request.user, ASSOCIATION_OR_OFFICER))
    rows = found.kept_papers.select_related("file")
    context = {
        "organisation": found,
        "accent_county": found.county,
        "form": form,
        "papers": rows.filter(replaced_on=None),
        # Only today's: what was just removed or replaced can be restored.
        "gone": rows.filter(replaced_on=clock.today()),
        "today": clock.today(),
    }
    return render(request, "communities/organisation_papers.html", context, status=422 if form.errors else 200)


@audience(PAPER_READERS)
@require_safe
@no_page
def paper(request: SignedIn, pk: int, paper_id: int) -> HttpResponseBase:
    """Return one paper, to the association and the county: it may hold personal data."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_see_bank(request.user, found))
    row = get_object_or_404(found.kept_papers.select_related("file"), pk=paper_id)
    return response(row.file, inline=True)


@audience(ASSOCIATION_OR_OFFICER)
@require_POST
def paper_set(request: SignedIn, pk: int, paper_id: int) -> HttpResponse:
    """Stop offering a paper, or (keep=yes) offer it again."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    access.require(permissions.may_update_contact(request.user, found))
    row: KeptPaper = get_object_or_404(found.kept_papers.select_related("file"), pk=paper_id)
    by = actor(request.user, ASSOCIATION_OR_OFFICER)
    if request.POST.get("keep") == "yes":
        revive(by, row)
        messages.success(request, _("已復原「%(name)s」。") % {"name": row.file.name})
    else:
        retire(by, row)
        messages.success(request, _("已移除「%(name)s」，還可以復原。") % {"name": row.file.name})
    return redirect("communities:organisation-papers", pk)
