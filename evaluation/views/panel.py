"""Who judges: assigning judges to townships or ticked associations, with what lies with each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation import permissions
from evaluation.enums import Interest
from evaluation.forms.sheets import AssignForm
from evaluation.models import Entry, Round, Sheet
from evaluation.queries import rounds, sheets
from evaluation.services.sheets import Assigned, assign, take_back
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import access
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.numbers import whole_number

from .rounds import address_of, round_or_404


@audience(COUNTY_READERS)
@require_http_methods(["GET", "POST"])
def panel(request: SignedIn, year: int) -> HttpResponse:
    """Show the judges with their load and assign them."""
    found = round_or_404(request, year)
    if request.method == "POST":
        access.require(permissions.may_arrange(request.user, found))
    picked = _picked(request, found)
    loads = sheets.loads(found)
    townships = None if picked else sheets.townships_of(found)
    form = AssignForm(request.POST if request.method == "POST" else None, loads=loads, townships=townships)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = picked or list(sheets.entries_in(found, data["townships"]))
        try:
            done = assign(request.user, found, chosen, list(data["judges"]))
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            _say(request, done)
            return redirect(address_of("evaluation:panel", found))
    apart = Sheet.objects.filter(entry__round=found, interest=Interest.CONFLICT)
    context = {
        "round": found,
        "form": form,
        "loads": loads,
        "picked": picked,
        "apart": apart.select_related("judge", "entry__organisation").order_by("judge", "pk"),
        "may_arrange": permissions.may_arrange(request.user, found),
    }
    return render(request, "evaluation/panel.html", context, status=422 if form.errors else 200)


@audience(Role.CASE_OFFICER)
@require_POST
def take_sheet_back(request: SignedIn, pk: int) -> HttpResponse:
    """Take back an assignment."""
    entry = get_object_or_404(rounds.visible_entries(request.user), pk=pk)
    rows = Sheet.objects.filter(entry=entry).select_related("entry__round")
    sheet = get_object_or_404(rows, pk=whole_number(request.POST.get("sheet")) or 0)
    take_back(request.user, sheet)
    messages.success(request, _("已收回。"))
    return redirect("evaluation:entry", pk)


def _picked(request: SignedIn, round_: Round) -> list[Entry]:
    """Return the associations that were ticked in the list."""
    typed = request.GET.get("entries", "").split(",")
    keys = [key for text in typed if (key := whole_number(text)) is not None]
    rows = round_.entries.filter(pk__in=keys, not_evaluated="").select_related("organisation")
    return list(rows.order_by("organisation__name")) if keys else []


def _say(request: SignedIn, done: Assigned) -> None:
    if not done.new:
        messages.info(request, _("這些委員原來就評這些協會，沒有新的指派。"))
        return
    messages.success(request, _("已指派%(count)d張評分表，並通知委員。") % {"count": done.new - len(done.apart)})
    if done.apart:
        words = _("有%(count)d張因為比對出利害關係不評，列在下面；請看那些協會要不要加派別的委員。")
        messages.warning(request, words % {"count": len(done.apart)})
