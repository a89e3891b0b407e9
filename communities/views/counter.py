"""Acting for an association at the counter: begin, see what can be done, end with a note."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities import permissions, queries
from communities.forms.counter import CounterEndForm, VisitorForm
from communities.models import CounterVisit, Organisation
from communities.services import counter
from miaoli_kaohsiung.accounts.audiences import CORRECTION_ASKERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib.access import Refused, require


@audience(CORRECTION_ASKERS)
@require_http_methods(["GET", "POST"])
def visit(request: SignedIn, pk: int) -> HttpResponse:
    """Ask who came and begin; while a visit is open, show what can be done and the form that ends it."""
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_help(request.user, found))
    now = queries.open_visit(request.user)
    if now and now.organisation_id == found.pk:
        return _shown(request, found, {"visit": now, "end_form": CounterEndForm(initial={"said": now.said})})
    form = VisitorForm(request.POST or None, head=found.head_word)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            counter.begin(
                request.user, found, counter.Visitor(data["person_name"], data["office"], data["way"], data["said"])
            )
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(
                request, _("開始代辦。接下來做的每一步，都會記下您和%(name)s。") % {"name": data["person_name"]}
            )
            return redirect("communities:counter", pk)
    return _shown(request, found, {"form": form, "other": now}, 422 if form.errors else 200)


@audience(CORRECTION_ASKERS)
@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    now = get_object_or_404(CounterVisit.objects.select_related("organisation"), pk=pk, clerk=request.user)
    form = CounterEndForm(request.POST)
    if not form.is_valid():
        return _shown(request, now.organisation, {"visit": now, "end_form": form}, 422)
    counter.end(request.user, now, form.cleaned_data["said"])
    messages.success(request, _("代辦已結束，紀錄留在這個單位的頁面。"))
    return redirect("communities:organisation", now.organisation_id)


def _shown(request: SignedIn, found: Organisation, more: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "communities/counter.html", {"organisation": found, **more}, status=status)
