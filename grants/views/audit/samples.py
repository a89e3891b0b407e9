"""Samples of cases that an auditor draws, layer by layer: drawing one, its list, its file and its check sheets."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from grants.forms.audit import SampleForm
from grants.models import AuditSample
from grants.queries.audit.sampling import cases_of, counties_of, samples_of, years_of
from grants.rules.sampling import draw
from grants.services.audit import check_sheets
from grants.services.audit.sampling import draw_sample
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.leads_back import no_page
from miaoli_kaohsiung.lists.pages import FORMATS, PER_PAGE
from miaoli_kaohsiung.lists.services import note_export


@audience(Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def samples(request: SignedIn) -> HttpResponse:
    """Show who drew what in the auditor's counties, and draw another one."""
    own = counties_of(request.user)
    named = [pair for pair in counties.choices() if pair[0] in own]
    years = sorted({clock.today().year, *(year for county in own for year in years_of(county))}, reverse=True)
    form, problems = SampleForm(request.POST or None, counties=named, years=years), []
    if request.method == "POST" and form.is_valid():
        try:
            made = draw_sample(request.user, form.plan())
        except Refused as refused:
            problems = [refused.reason]
        else:
            messages.success(
                request, _("抽好了：%(size)d 件中的 %(count)d 件。") % {"size": made.size, "count": made.count}
            )
            return redirect("grants:audit_sample", made.pk)
    page = Paginator(samples_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    status = 422 if problems or form.errors else 200
    return render(request, "audit/samples.html", {"form": form, "problems": problems, "page": page}, status=status)


@audience(Role.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: SignedIn, pk: int) -> HttpResponseBase:
    """Show the cases that were drawn; a POST takes out the list, or all the cases that it was drawn from."""
    found = get_object_or_404(samples_of(request.user), pk=pk)
    cases = cases_of(request.user, found)
    if (extension := request.POST.get("export")) in FORMATS:
        return _file(request, found, str(extension), _heads(), _rows(found, cases))
    if (extension := request.POST.get("frame")) in FORMATS:
        heads = [_("分層"), _("案號"), _("抽籤號"), _("抽中")]
        return _file(request, found, str(extension), heads, _frame(found), frame=True)
    layers = [(stratum, [(row, cases.get(row[0])) for row in stratum["drawn"]]) for stratum in found.strata]
    context = {"sample": found, "layers": layers, "formats": [(name, name.upper()) for name in FORMATS]}
    context |= {"turns": AuditSample.objects.filter(county=found.county, year=found.year).count()}
    return render(request, "audit/sample.html", context)


@audience(Role.AUDITOR)
@require_GET
@no_page
def sample_sheets(request: SignedIn, pk: int) -> HttpResponse:
    """Return a sheet for each case, to be printed and filled in by hand."""
    found = get_object_or_404(samples_of(request.user), pk=pk)
    try:
        data = check_sheets.printed(request.user, found)
    except Refused as refused:
        messages.error(request, refused.reason)
        return redirect("grants:audit_sample", pk)
    return made_pdf(data, f"check-sheets-{pk}.pdf")


def _file(
    request: SignedIn,
    found: AuditSample,
    extension: str,
    heads: list[str],
    rows: Iterator[list[Any]],
    frame: bool = False,
) -> HttpResponseBase:
    name = "audit-frame" if frame else "audit-sample"
    note_export(request.user, name, extension, str(found.pk), found.size if frame else found.count)
    return written_sheets.answer(f"{name}-{found.pk}", extension, _("稽核抽樣"), heads, rows)


def _heads() -> list[str]:
    return [
        _("分層"),
        _("案號"),
        _("抽籤號"),
        _("單位"),
        _("計畫名稱"),
        _("申請（元）"),
        _("核定（元）"),
        _("現在的狀態"),
    ]


def _rows(found: AuditSample, cases: dict[str, Any]) -> Iterator[list[Any]]:
    for stratum in found.strata:
        for number, drawn, requested, approved in stratum["drawn"]:
            case = cases.get(number)
            words = [case.organisation.name, case.title] if case else [_("（迴避）"), ""]
            status = str(case.award.get_status_display()) if case else ""
            yield [stratum["label"], number, drawn, *words, requested, approved, status]


def _frame(found: AuditSample) -> Iterator[list[Any]]:
    for stratum, numbers in zip(found.strata, found.frame, strict=True):
        drawn = {row[0] for row in stratum["drawn"]}
        for number in numbers:
            yield [stratum["label"], number, draw(found.seed, number), _("抽中") if number in drawn else ""]
