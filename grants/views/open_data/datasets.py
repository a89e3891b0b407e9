"""Open data: the list of datasets, and each as CSV, ODS or JSON, the open formats of the accessibility norm."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.models import Scheme
from grants.queries.open_data.datasets import DATASETS
from grants.queries.open_data.fields import Dataset
from grants.services.open_data import sample_forms
from grants.services.open_data.catalogue import CONTENT_TYPES, LICENCE, catalogue
from grants.services.open_data.files import file_of
from miaoli_kaohsiung.accounts.counties import name_of
from miaoli_kaohsiung.accounts.limits import limited
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import clock


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
    return sent(DATASETS[slug], extension, CONTENT_TYPES[extension], f"{slug}-{clock.today():%Y%m%d}.{extension}")


@public_page
@require_safe
@limited("public_file")
def giving_file(request: HttpRequest) -> HttpResponseBase:
    """Return the awards in the 360Giving standard."""
    return sent(DATASETS["awards"], "giving", CONTENT_TYPES["json"], f"awards-360giving-{clock.today():%Y%m%d}.json")


def sent(dataset: Dataset, extension: str, content_type: str, name: str) -> FileResponse:
    """Return today's copy of a dataset under a name of its own."""
    answer = FileResponse(file_of(dataset, extension).open("rb"), content_type=content_type)
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
