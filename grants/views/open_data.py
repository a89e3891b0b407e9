"""Open data: the list of datasets, and each as CSV, ODS or JSON, the open formats of the accessibility norm."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from communities import permissions, queries
from communities.models import Organisation
from grants.models import Scheme
from grants.queries.open_data.datasets import DATASETS
from grants.services.open_data import sample_forms
from grants.services.open_data.catalogue import CONTENT_TYPES, LICENCE, catalogue
from grants.services.open_data.files import file_of
from grants.services.open_data.registration_papers import as_pdf, as_text, papers_of
from miaoli_kaohsiung.accounts.audiences import PAPER_READERS
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience, public_page
from miaoli_kaohsiung.files.services import CONTENT_TYPES as STORED_TYPES
from miaoli_kaohsiung.files.services import made_pdf
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.leads_back import no_page


@public_page
@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """Show the datasets: what each column means, how many rows there are and how old they are."""
    rows = [(dataset, dataset.count(), dataset.newest()) for dataset in DATASETS.values()]
    context = {
        "datasets": rows,
        "formats": list(CONTENT_TYPES),
        "today": clock.today(),
        "schemes": Scheme.objects.all(),
        "licence": LICENCE,
        "samples": sample_forms.SAMPLES.values(),
    }
    return render(request, "grants/open_data/list.html", context)


@public_page
@require_safe
@limited("public_file")
def dataset_file(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """Return one dataset as of when its copy was made, at most minutes ago."""
    if slug not in DATASETS:
        raise Http404
    return _sent(slug, extension, CONTENT_TYPES[extension], f"{slug}-{clock.today():%Y%m%d}.{extension}")


@public_page
@require_safe
@limited("public_file")
def giving_file(request: HttpRequest) -> HttpResponseBase:
    """Return the awards in the 360Giving standard."""
    return _sent("awards", "giving", CONTENT_TYPES["json"], f"awards-360giving-{clock.today():%Y%m%d}.json")


def _sent(slug: str, extension: str, content_type: str, name: str) -> FileResponse:
    answer = FileResponse(file_of(DATASETS[slug], extension).open("rb"), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@public_page
@require_safe
@limited("public_file")
def catalogue_file(request: HttpRequest) -> JsonResponse:
    """Return the catalogue of the datasets (DCAT), for harvesters."""
    answer = JsonResponse(catalogue(), json_dumps_params={"ensure_ascii": False})
    answer["Content-Type"] = "application/ld+json; charset=utf-8"
    return answer


@public_page
@require_safe
@limited("public_file")
def sample_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the sample form of a registration (M5.10b)."""
    if slug not in sample_forms.SAMPLES:
        raise Http404
    county = name_of(sample_forms.COUNTY, clock.today())
    answer = HttpResponse(sample_forms.render(sample_forms.SAMPLES[slug], county), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-sample.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@audience(PAPER_READERS)
@require_safe
def registration_papers(request: SignedIn, pk: int) -> HttpResponse:
    """Show the registration papers of an association, filled from its record, with what stays blank."""
    body = _body(request, pk)
    papers = papers_of(request.user, body).values()
    return render(request, "grants/open_data/registration_papers.html", {"organisation": body, "papers": papers})


@audience(PAPER_READERS)
@require_safe
@no_page
def registration_paper(request: SignedIn, pk: int, slug: str, extension: str) -> HttpResponse:
    """Return one of them as text document or PDF."""
    body = _body(request, pk)
    papers = papers_of(request.user, body)
    if slug not in papers:
        raise Http404
    name = f"{slug}-{pk}.{extension}"
    if extension == "odt":
        answer = HttpResponse(as_text(papers[slug], body), content_type=STORED_TYPES["odt"])
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "private, no-store"
        return answer
    try:
        return made_pdf(as_pdf(papers[slug], body), name)
    except (Refused, pdf.UnavailableError) as refused:
        messages.error(request, str(refused))
        return redirect("grants:registration_papers", pk)


def _body(request: SignedIn, pk: int) -> Organisation:
    found = get_object_or_404(queries.registered(request.user), pk=pk)
    require(permissions.may_see_bank(request.user, found))
    return found
