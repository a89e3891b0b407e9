"""Open data: the list of datasets, and each as CSV, ODS, XLSX or JSON."""

import csv
import json
from collections.abc import Iterator

import tablib
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants import samples
from grants.models import Scheme
from grants.queries.open_data import DATASETS, Dataset, headers, plain
from miaoli_kaohsiung.accounts.permissions import public_page
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.safe_cell import safe_row

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _Echo:
    """A file that gives back what is written, for csv.writer over a stream."""

    def write(self, text: str) -> str:
        return text


@public_page
@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """What there is, what each column means, how many rows and how old."""
    rows = [(dataset, dataset.count(), dataset.newest()) for dataset in DATASETS.values()]
    context = {
        "datasets": rows,
        "formats": list(CONTENT_TYPES),
        "today": clock.today(),
        "schemes": Scheme.objects.all(),
        "samples": samples.SAMPLES.values(),
    }
    return render(request, "grants/open_data/list.html", context)


@public_page
@require_safe
def dataset_file(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """One dataset of this moment. CSV and JSON are streamed row by row."""
    if slug not in DATASETS:
        raise Http404
    dataset = DATASETS[slug]
    if extension in ("csv", "json"):
        lines = _csv(dataset) if extension == "csv" else _json(dataset)
        answer: HttpResponseBase = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[extension])
    else:
        answer = HttpResponse(_spreadsheet(dataset, extension), content_type=CONTENT_TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{clock.today():%Y%m%d}.{extension}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@public_page
@require_safe
def sample_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The sample form of a registration (M5.10b)."""
    if slug not in samples.SAMPLES:
        raise Http404
    answer = HttpResponse(samples.render(samples.SAMPLES[slug]), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-sample.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _csv(dataset: Dataset) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheets take a CSV without this mark for another encoding.
    yield "\ufeff"
    yield writer.writerow(headers(dataset))
    for row in dataset.rows():
        yield writer.writerow(safe_row(plain(value) for value in row))


def _json(dataset: Dataset) -> Iterator[str]:
    keys = [field.key for field in dataset.fields]
    yield f'{{"dataset": {json.dumps(dataset.slug)}, "made_on": "{clock.today().isoformat()}", "rows": ['
    comma = ""
    for row in dataset.rows():
        told = dict(zip(keys, (plain(value) for value in row), strict=True))
        yield f"{comma}\n{json.dumps(told, ensure_ascii=False)}"
        comma = ","
    yield "\n]}\n"


def _spreadsheet(dataset: Dataset, extension: str) -> bytes:
    sheet = tablib.Dataset(headers=headers(dataset), title=dataset.slug)
    for row in dataset.rows():
        sheet.append(safe_row(plain(value) for value in row))
    return sheet.export(extension)
