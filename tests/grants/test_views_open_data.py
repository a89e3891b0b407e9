"""Open data: every dataset in every format, nothing personal, no formula in a spreadsheet, no query a row."""

import csv
import datetime as dt
import io
import json
import zipfile
from decimal import Decimal

import pypdf
import pytest
import tablib
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Organisation
from communities.services import centres, volunteers
from communities.services.tiers import decide_tier, propose_tier
from grants.enums import LedgerKind
from grants.models import LedgerEntry
from grants.queries.open_data.datasets import DATASETS
from grants.queries.open_data.fields import headers
from grants.services.open_data import sample_forms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock, pdf
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import EnvelopeFactory
from tests.factories.money import approved
from tests.factories.training import announced

pytestmark = pytest.mark.django_db
JUNE = dt.date(2010, 6, 1)
EVIL = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1")


def body(client, slug, extension):
    response = client.get(f"/open-data/{slug}.{extension}")
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows(client, slug):
    return list(csv.DictReader(io.StringIO(body(client, slug, "csv").decode("utf-8-sig"))))


def something_in_each() -> None:
    """An award, a confirmed tier, a course and a volunteer's hours, of one association."""
    body = approved().application.organisation
    chair, officer, head = chair_of(body), person(Role.CASE_OFFICER), person(Role.APPROVER)
    made = propose_tier(officer, body, year=2010, tier="potential", basis="decision", reason="帳冊完整")
    decide_tier(head, made, confirm=True, note="")
    announced(officer)
    team = volunteers.found_team(chair, body, name="志工隊", insured_from=JUNE, insured_until=JUNE)
    (volunteer,) = volunteers.join(chair, team, ["甲示範"], JUNE)
    centre = centres.enter(officer, body.township, name="溪畔活動中心", address="溪畔路1號", organisation=body, area=90)
    centres.put(officer, centre, name="投影機", quantity=2, condition="good")
    centres.look(officer, centre, JUNE, "repair", "漏水", None)
    volunteers.write_month(chair, team, JUNE, {volunteer.pk: Decimal("2.5")})


def only_body() -> str:
    return Organisation.objects.get().name


def test_tiers_courses_and_hours_as_they_are_published(client):
    something_in_each()
    (tier,), (course,), (hours,) = (rows(client, slug) for slug in ("tiers", "courses", "volunteer-hours"))
    assert (tier["年度"], tier["分級"], tier["依據"], tier["確認日期"]) == ("2010", "潛力型", "個案認定", "2010-06-01")
    assert (course["名稱"], course["日期"], course["時數"], course["名額"], course["出席"]) == (
        "會計與核銷實務", "2010-06-01", "3.0", "30", "0",
    )  # fmt: skip
    (centre,) = rows(client, "activity-centres")
    assert list(centre.values())[2:] == [
        "旗山鎮", "溪畔活動中心", "溪畔路1號", only_body(), "", "90", "2", "待修", "2010-06-01", "",
    ]  # fmt: skip
    assert list(hours.values()) == ["高雄縣", "旗山鎮", "2010", "1", "1", "2.5"]


def test_the_page_names_datasets_fields_and_age(client):
    OrganisationFactory()
    html = client.get("/open-data/").content.decode()
    for dataset in DATASETS.values():
        assert str(dataset.title) in html
        assert [f"<code>{field.key}</code>" in html for field in dataset.fields] == [True] * len(dataset.fields)
    assert "1 筆，99年6月1日產生；最近一筆更新在 99年1月4日。" in html


@pytest.mark.parametrize("slug", list(DATASETS))
@pytest.mark.parametrize("extension", ["csv", "json", "ods"])
def test_every_dataset_in_every_format(client, slug, extension):
    something_in_each()
    content = body(client, slug, extension)
    expected = list(DATASETS[slug].rows())
    assert expected
    if extension == "json":
        dataset = json.loads(content)
        assert dataset["made_on"] == "2010-06-01"
        assert [list(row) for row in dataset["rows"]] == [[f.key for f in DATASETS[slug].fields]] * len(expected)
    elif extension == "csv":
        assert next(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == headers(DATASETS[slug])
    else:
        sheet = tablib.Databook().load(content, "ods").sheets()[0]
        assert (sheet.headers, len(sheet)) == (headers(DATASETS[slug]), len(expected))


@pytest.mark.parametrize("path", ["nothing.csv", "organisations.exe", "organisations.xlsx", "Organisations.csv"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/open-data/{path}").status_code == 404


def test_an_award_says_who_got_how_much_and_what_was_paid(client):
    award = approved()
    paid, back = (
        LedgerEntry(
            envelope=award.envelope,
            award=award,
            instalment=award.instalments.first(),
            kind=kind,
            amount=amount,
            on=clock.today(),
            at=clock.now(),
            by=award.approved_by,
        )
        for kind, amount in ((LedgerKind.PAID, 60_000), (LedgerKind.RETURNED, 1_000))
    )
    LedgerEntry.objects.bulk_create([paid, back])
    (row,) = rows(client, "awards")
    assert (row["案號"], row["受補助單位"], row["核定金額"], row["已撥付"], row["已繳回"]) == (
        award.number,
        award.application.organisation.name,
        "120000",
        "60000",
        "1000",
    )
    (use,) = rows(client, "envelopes")
    assert (use["額度"], use["已核定"], use["已撥付"], use["尚可核定"]) == ("30000000", "120000", "59000", "29880000")


def test_nothing_personal_leaves(client):
    organisation = OrganisationFactory(
        phone="07-6610001",
        address="秘密路1號",
        bank_account="99887766554433",
        bank_account_name="戶名甲",
        email="secret@example.org",
        tax_id="04595257",
    )
    chair = chair_of(organisation)
    award = approved(organisation=organisation)
    everything = "".join(body(client, slug, kind).decode() for slug in DATASETS for kind in ("csv", "json"))
    secrets = (
        organisation.phone,
        organisation.address,
        organisation.bank_account,
        organisation.bank_account_name,
        organisation.email,
        chair.display_name,
        chair.email,
        award.approved_by.display_name,
    )
    assert [secret for secret in secrets if secret in everything] == []


def test_no_cell_is_a_formula(client):
    for number, text in enumerate(EVIL):
        OrganisationFactory(name=f"{text}{'甲乙丙丁戊己'[number]}協會", village=text)
    kept = {text.strip() for text in EVIL}  # a field of one line loses its tabs and line ends when it is saved
    assert {row["村里"] for row in rows(client, "organisations")} == {f"'{text}" for text in kept}
    file = body(client, "organisations", "ods")
    cells = [str(cell) for row in tablib.Databook().load(file, "ods").sheets()[0] for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "'=HYPERLINK(1)甲協會" in cells
    content = zipfile.ZipFile(io.BytesIO(file)).read("content.xml").decode()
    assert "table:formula" not in content
    assert ">=HYPERLINK" not in content
    villages = {row["village"] for row in json.loads(body(client, "organisations", "json"))["rows"]}
    assert villages == kept


@pytest.mark.parametrize("slug", list(DATASETS))
def test_the_same_queries_for_one_and_thirty(slug):
    def queries():
        with CaptureQueriesContext(connection) as found:
            list(DATASETS[slug].rows())
        return len(found)

    approved()
    queries()
    first = queries()
    for number in range(29):
        approved((1000,))
        EnvelopeFactory(year=2020 + number)
    assert Organisation.objects.count() == 30
    assert queries() == first


@pytest.mark.parametrize(
    ("slug", "title"), [("founding-registration", "設立登記"), ("change-registration", "變更登記")]
)
def test_the_sample_forms_of_registration_are_offered_and_marked_as_samples(client, slug, title):
    assert f'href="/open-data/forms/{slug}.pdf"' in client.get("/open-data/").content.decode()
    response = client.get(f"/open-data/forms/{slug}.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    (page,) = pypdf.PdfReader(io.BytesIO(response.content)).pages
    text = page.extract_text()
    assert [word in text for word in ("範例", f"社區發展協會{title}申請書", "檢附文件")] == [True] * 3


def test_no_other_form_is_there(client):
    assert client.get("/open-data/forms/letter.pdf").status_code == 404


def test_the_sample_forms_use_no_sign_that_the_fonts_lack():
    html = "".join(str(form) for form in sample_forms.SAMPLES.values())
    assert pdf.missing_glyphs(html) == []
