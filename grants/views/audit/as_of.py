"""A case as it was on a day."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from grants.forms.audit import AsOfForm
from grants.queries import scope
from grants.queries.audit.as_of import as_of, days_of
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.lib import clock


@audience(Role.AUDITOR)
@require_safe
def case_then(request: SignedIn, number: str) -> HttpResponse:
    """Show the case at the end of the day that is asked for, today if none is."""
    case = get_object_or_404(
        scope.cases(request.user).select_related("organisation", "scheme", "programme"), number=number
    )
    form = AsOfForm(request.GET if "day" in request.GET else None)
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else clock.today()
    context = {
        "case": case,
        "accent_county": case.county,
        "form": form,
        "then": as_of(case, day),
        "days": days_of(case),
    }
    return render(request, "audit/case_then.html", context)
