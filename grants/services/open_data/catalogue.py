"""The catalogue of the open data in DCAT, as JSON-LD, for harvesters: what there is, of whom, under which licence, how old,
where each file lies and what its columns mean.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from grants.queries.open_data.datasets import DATASETS
from grants.queries.open_data.fields import Dataset
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.lib import clock

# What a file is, by its extension, in the order in which the page offers them.
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
LICENCE = "https://data.gov.tw/license"
STANDARD = "https://standard.threesixtygiving.org/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "csvw": "http://www.w3.org/ns/csvw#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue() -> dict[str, Any]:
    """Return the catalogue with every dataset."""
    today = clock.today()
    publishers = [{"@type": "foaf:Organization", "foaf:name": counties.office_of(c, today)} for c in counties.slugs()]
    return {
        "@context": CONTEXT,
        "@id": _whole(reverse("grants:open_data_catalogue")),
        "@type": "dcat:Catalog",
        "dct:title": "社區補助入口網站開放資料",
        "dct:publisher": publishers,
        "dct:language": "zh-Hant-TW",
        "dct:license": {"@id": LICENCE},
        "dct:modified": _day(today.isoformat()),
        "dcat:dataset": [_described(dataset, publishers) for dataset in DATASETS.values()],
    }


def _described(dataset: Dataset, publishers: list[dict[str, str]]) -> dict[str, Any]:
    page = _whole(reverse("grants:open_data"))
    found: dict[str, Any] = {
        "@id": f"{page}#{dataset.slug}",
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.slug,
        "dct:title": str(dataset.title),
        "dct:description": str(dataset.about),
        "dct:publisher": publishers,
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {"@id": "http://purl.org/cld/freq/daily"},
        "dcat:landingPage": {"@id": f"{page}#{dataset.slug}"},
        "dcat:distribution": [_file(dataset, kind) for kind in CONTENT_TYPES],
        "csvw:tableSchema": {
            "csvw:column": [
                {"csvw:name": field.key, "csvw:title": str(field.label), "dct:description": str(field.about)}
                for field in dataset.fields
            ]
        },
    }
    if newest := dataset.newest():
        found["dct:modified"] = _day(newest.isoformat())
    if dataset.slug == "awards":
        found["dcat:distribution"].append(_in_the_standard())
    return found


def _file(dataset: Dataset, kind: str) -> dict[str, Any]:
    address = _whole(reverse("grants:open_data_file", args=[dataset.slug, kind]))
    return _distribution(address, f"{dataset.title}（{kind.upper()}）", CONTENT_TYPES[kind].partition(";")[0])


def _in_the_standard() -> dict[str, Any]:
    found = _distribution(_whole(reverse("grants:open_data_giving")), "核定補助（360Giving）", "application/json")
    return found | {"dct:conformsTo": {"@id": STANDARD}}


def _distribution(address: str, title: str, media: str) -> dict[str, Any]:
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": title,
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": media,
        "dct:license": {"@id": LICENCE},
    }


def _day(text: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": text}


def _whole(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
