"""The catalogue of the open data for harvesters, and the awards in the 360Giving standard."""

import json

import pytest

from grants.enums import LedgerKind
from grants.models import LedgerEntry
from grants.queries.open_data.datasets import DATASETS
from miaoli_kaohsiung.lib import clock
from tests.factories.money import approved

pytestmark = pytest.mark.django_db
# What the standard requires of a grant and of an organisation, with the type of each.
GRANT = {
    "id": str, "title": str, "description": str, "currency": str, "amountAwarded": int, "awardDate": str,
    "recipientOrganization": list, "fundingOrganization": list,
}  # fmt: skip
# What else of the standard is used here: nothing that it does not know.
ALSO = {
    "amountAppliedFor", "amountDisbursed", "plannedDates", "grantProgramme", "beneficiaryLocation", "dataSource",
    "dateModified",
}  # fmt: skip


def grants(client) -> list[dict]:
    answer = client.get("/open-data/awards-360giving.json")
    assert answer["Content-Type"].startswith("application/json")
    return json.loads(b"".join(answer.streaming_content))["grants"]


def test_every_award_is_a_grant_of_the_standard(client):
    award = approved()
    LedgerEntry.objects.create(
        envelope=award.envelope,
        award=award,
        instalment=award.instalments.first(),
        kind=LedgerKind.PAID,
        amount=60_000,
        on=clock.today(),
        at=clock.now(),
        by=award.approved_by,
    )
    approved((1_000,))
    first, second = grants(client)
    for grant in (first, second):
        assert {key: type(grant[key]) for key in GRANT} == GRANT
        assert set(grant) == GRANT.keys() | ALSO
        for role in ("recipientOrganization", "fundingOrganization"):
            (body,) = grant[role]
            assert all(isinstance(body[key], str) and body[key] for key in ("id", "name"))
    assert (first["amountAwarded"], first["amountDisbursed"], first["currency"]) == (120_000, 60_000, "TWD")
    assert (first["awardDate"], first["fundingOrganization"][0]["name"]) == ("2010-06-01", "高雄縣政府")
    assert first["recipientOrganization"][0]["name"] == award.application.organisation.name
    assert len({first["id"], second["id"]}) == 2
    assert first["dateModified"] == "2010-06-01T00:00:00+00:00"


def test_an_organisation_has_the_same_identifier_in_every_grant(client):
    award = approved()
    approved((2_000,), organisation=award.application.organisation)
    one, other = (grant["recipientOrganization"][0]["id"] for grant in grants(client))
    assert one == other == f"localhost-ORG-{award.application.organisation_id}" or one == other


def test_the_catalogue_names_every_dataset_file_and_column(client):
    approved()
    answer = client.get("/open-data/catalog.jsonld")
    assert answer["Content-Type"] == "application/ld+json; charset=utf-8"
    found = answer.json()
    assert (found["@type"], found["dct:modified"]["@value"]) == ("dcat:Catalog", "2010-06-01")
    assert [row["dct:identifier"] for row in found["dcat:dataset"]] == list(DATASETS)
    for row, dataset in zip(found["dcat:dataset"], DATASETS.values(), strict=True):
        assert row["dct:license"] == {"@id": "https://data.gov.tw/license"}
        columns = row["csvw:tableSchema"]["csvw:column"]
        assert [column["csvw:name"] for column in columns] == [field.key for field in dataset.fields]
        for file in row["dcat:distribution"]:
            path = "/" + file["dcat:downloadURL"]["@id"].split("/", 3)[3]
            answer = client.get(path)
            assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, file["dcat:mediaType"])
    (awards,) = (row for row in found["dcat:dataset"] if row["dct:identifier"] == "awards")
    assert [file.get("dct:conformsTo") for file in awards["dcat:distribution"]][-1] == {
        "@id": "https://standard.threesixtygiving.org/"
    }


def test_the_page_names_licence_catalogue_and_standard(client):
    html = client.get("/open-data/").content.decode()
    for address in ("https://data.gov.tw/license", "/open-data/catalog.jsonld", "/open-data/awards-360giving.json"):
        assert f'href="{address}"' in html
