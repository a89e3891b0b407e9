"""A case as it was on a day, on the screen and as a bundle of all that belongs to it."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.forms.audit import AsOfForm
from grants.models import Application
from grants.queries import scope
from grants.queries.audit.as_of import as_of, days_of, facts_of
from grants.queries.audit.bundles import taken
from grants.services.audit import bundles
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.leads_back import no_page


@audience(Role.AUDITOR)
@require_safe
def case_then(request: SignedIn, number: str) -> HttpResponse:
    """Show the case at the end of the day that is asked for, today if none is."""
    case = _case_or_404(request, number)
    form, day = _day_of(request)
    then = as_of(case, day)
    context = {"case": case, "accent_county": case.county, "form": form, "then": then}
    context |= {"facts": facts_of(then), "days": days_of(case), "taken": taken(case)}
    return render(request, "audit/case_then.html", context)


@audience(Role.AUDITOR)
@require_safe
@no_page
def case_bundle(request: SignedIn, number: str) -> HttpResponseBase:
    """Return all of the case of that day in one ZIP file, made while it is sent."""
    case = _case_or_404(request, number)
    form, day = _day_of(request)
    if form.errors:
        return redirect(f"{reverse('grants:audit_case', args=[case.number])}?{request.GET.urlencode()}")
    try:
        parts = bundles.made(request.user, case, as_of(case, day))
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("grants:audit_case", case.number)
    answer = StreamingHttpResponse(parts, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="case-{case.number}-{day.isoformat()}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _case_or_404(request: SignedIn, number: str) -> Application:
    rows = scope.cases(request.user).select_related("organisation", "scheme", "programme")
    return get_object_or_404(rows, number=number)


def _day_of(request: SignedIn) -> tuple[AsOfForm, dt.date]:
    form = AsOfForm(request.GET if "day" in request.GET else None)
    return form, form.cleaned_data["day"] if form.is_bound and form.is_valid() else clock.today()
