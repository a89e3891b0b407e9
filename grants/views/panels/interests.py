"""A reviewer's own data, with which the portal finds interests, and an interest that a name alone shows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.forms.panels.scoring import DetailsForm, LiftingForm
from grants.models import Conflict, ReviewerDetails
from grants.permissions import holds
from grants.queries import scope
from grants.services.panels import interests, lifting
from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS, CHECK_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.changes.queries import history, open_change
from miaoli_kaohsiung.lib.access import Refused, require


@audience(Role.REVIEWER)
@require_http_methods(["GET", "POST"])
def reviewer_details(request: SignedIn) -> HttpResponse:
    """Let a reviewer fill in what is compared with the applicants."""
    row = ReviewerDetails.objects.filter(reviewer=request.user).first()
    initial = {name: getattr(row, name) for name in interests.FIELDS} if row else {}
    form = DetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        interests.save_details(request.user, form.cleaned_data)
        messages.success(request, _("已儲存，並和現有的案件比對過。"))
        return redirect("grants:desk")
    return render(request, "grants/panels/details.html", {"form": form}, status=422 if form.errors else 200)


@audience(CHECK_READERS)
@require_http_methods(["GET", "POST"])
def conflict(request: SignedIn, pk: int) -> HttpResponse:
    """Show an interest that was found by a name; an officer who verified that it is somebody else asks a head to lift it."""
    rows = Conflict.objects.filter(by_name=True, application__in=scope.cases(request.user))
    row = get_object_or_404(rows.select_related("application__organisation", "person"), pk=pk)
    case = row.application
    may_ask = bool(holds(request.user, case, CASE_OFFICERS)) and row.lifted_on is None
    form = LiftingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(holds(request.user, case, CASE_OFFICERS))
        if form.is_valid():
            try:
                change = lifting.ask(request.user, row, form.cleaned_data["reason"])
            except Refused as refused:
                form.add_error(None, refused.reason)
            else:
                messages.success(request, _("已送主管確認；確認以前，委員還是看不到這一件。"))
                return redirect("changes:show", change.pk)
    context = {
        "conflict": row,
        "case": case,
        "accent_county": case.county,
        "form": form if may_ask else None,
        "waiting": open_change(lifting.KIND.name, case.county, str(row.pk)),
        "history": history(lifting.KIND.name, case.county, str(row.pk)),
    }
    return render(request, "grants/panels/conflict.html", context, status=422 if form.errors else 200)
