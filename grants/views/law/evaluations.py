"""The law's stored judgements of a case at filing, approval and settlement, for the county and the auditor."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from grants.compliance.stored import replay
from grants.queries.law import evaluations
from grants.views.applications.cases import case_or_404
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience


@audience(COUNTY_READERS)
@require_GET
def evaluation_list(request: SignedIn, number: str) -> HttpResponse:
    """Show the stored evaluations of a case, oldest first."""
    case = case_or_404(request, number)
    return render(request, "grants/law/evaluations/list.html", {"case": case, "rows": evaluations.of_case(case)})


@audience(COUNTY_READERS)
@require_GET
def evaluation_page(request: SignedIn, number: str, pk: int) -> HttpResponse:
    """Show one evaluation: its inputs, the law, the findings with their arithmetic, and whether a replay gives the same."""
    case = case_or_404(request, number)
    row = get_object_or_404(case.evaluations, pk=pk)
    same, _why = replay(row)
    context = {"case": case, "row": row, "same": same, **evaluations.shown(case, row)}
    return render(request, "grants/law/evaluations/detail.html", context)
