"""A reviewer's own data, with which the portal finds interests."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from grants.forms.panels.scoring import DetailsForm
from grants.models import ReviewerDetails
from grants.services.panels import interests
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience


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
