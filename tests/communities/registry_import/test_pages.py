"""The pages of the import, the registry as files, and both together: what is taken out and brought back changes nothing."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import OfficeTerm, Organisation, RegistryImport
from communities.services.organisations import index
from communities.services.registry_import import imports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, township, yuanli

from .lists import as_csv, numbered, row, table

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"communities:registry-{name}", args=args)


@pytest.fixture
def officer(client):
    township()
    user = person(Role.CASE_OFFICER)
    client.force_login(user)
    return user


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def brought(client, upload) -> RegistryImport:
    """The list after its first step."""
    answer = client.post(url("import"), {"county": "kaohsiung", "file": upload})
    made = RegistryImport.objects.get()
    assert answer.url == url("import-columns", made.pk)
    return made


def test_a_list_goes_from_its_file_to_the_result(client, officer):
    made = brought(client, as_csv(table([row("旗山鎮溪畔社區發展協會"), row("旗山鎮水岸社區發展協會", 統編="1")])))
    columns = client.get(url("import-columns", made.pk)).context["form"]
    chosen = {field.html_name: field.value() for field in columns}
    assert list(chosen.values())[:4] == ["name", "township_id", "registration_number", "tax_id"]
    assert client.post(url("import-columns", made.pk), chosen).url == url("import-preview", made.pk)
    page = client.get(url("import-preview", made.pk)).content.decode()
    assert "第 3 列「統編」：" in page
    assert "統一編號為8位數字" in page
    assert "確認匯入這 1 個單位" in page
    assert Organisation.objects.count() == 0
    done = client.post(url("import-confirm", made.pk), follow=True).content.decode()
    assert "新增 1 個單位，修改 0 個，1 列沒有匯入" in done
    assert Organisation.objects.get().name == "旗山鎮溪畔社區發展協會"


def test_another_column_is_chosen(client, officer):
    made = brought(client, as_csv(table([["甲", "旗山鎮溪畔社區發展協會"]], ["編碼", "誰"])))
    assert client.post(url("import-columns", made.pk), {"column_0": "", "column_1": ""}).status_code == 422
    assert client.post(url("import-columns", made.pk), {"column_0": "name", "column_1": "name"}).status_code == 422
    client.post(url("import-columns", made.pk), {"column_0": "", "column_1": "name"})
    made.refresh_from_db()
    assert made.counts == {"added": 1, "changed": 0, "unchanged": 0, "refused": 0}


def test_a_question_is_answered_on_the_page(client, officer):
    OrganisationFactory(name="旗山鎮溪畔社區發展協會", registration_number="府社區字第0990000001號")
    made = brought(client, as_csv(table([row("旗山鎮溪畔社區協會", 電話="0912345678")])))
    chosen = {field.html_name: field.value() for field in client.get(url("import-columns", made.pk)).context["form"]}
    client.post(url("import-columns", made.pk), chosen)
    asked = client.get(url("import-preview", made.pk)).context["questions"]
    assert [(one["code"], one["count"], one["answered"]) for one in asked] == [
        ("alike", 1, False),
        ("mobile", 1, False),
    ]
    client.post(url("import-preview", made.pk), {"accepted": ["mobile"]})
    made.refresh_from_db()
    assert (made.accepted, made.counts["refused"]) == (["mobile"], 1)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.pdf", b"%PDF-1.4\x00\xff"), "不是試算表"),
        (SimpleUploadedFile("a.csv", b""), "這個檔案是空的"),
        (as_csv([["a", "b"]] + [["1", "2"]] * (imports.MOST_ROWS + 11)), "列數太多"),
        (SimpleUploadedFile("a.csv", b"a,b\n" * 3_000_000), "最多 10 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_at_its_field(client, officer, upload, words):
    answer = client.post(url("import"), {"county": "kaohsiung", "file": upload})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])
    assert words in str(answer.context["form"].errors)
    assert not RegistryImport.objects.exists()


def test_another_county_is_neither_chosen_nor_seen(client, officer):
    yuanli()
    answer = client.post(url("import"), {"county": "miaoli", "file": as_csv(table([row("苑裡鎮房裡社區發展協會")]))})
    assert list(answer.context["form"].errors) == ["county"]
    made = imports.start(Actor(person(Role.CASE_OFFICER, MIAOLI)), "miaoli", as_csv(table([row("甲")])))
    assert client.get(url("import-columns", made.pk)).status_code == 404
    administrator = person(Role.ADMINISTRATOR, "")
    client.force_login(administrator)
    assert client.get(url("import-columns", made.pk)).status_code == 200


# --- The registry as a list ---------------------------------------------------------------------------------------------


def filled() -> None:
    """Bodies with every column, and with what a spreadsheet or a reader may take for something else."""
    body = OrganisationFactory(
        name="旗山鎮溪畔社區發展協會", tax_id="90316313", tax_id_reason="編配通知書", phone="07-6610001#12", village="溪畔里",
        email="a@example.org", households=1200, population=3456, members_count=88, area_served="第1到3鄰",
        purpose="=HYPERLINK(\"x\")\n第二段　文字", registration_number="字第12號", address="-1巷",
    )  # fmt: skip
    terms = {"organisation": body, "valid_to": dt.date(2013, 2, 28), "phone": "0912-345-678", "email": "b@example.org"}
    OfficeTerm.objects.create(
        office="chairperson", person_name="王大明", valid_from=dt.date(2009, 3, 1), board_term_number=3, **terms
    )
    OfficeTerm.objects.create(
        office="chairperson",
        person_name="陳示範",
        valid_from=dt.date(2005, 3, 1),
        **terms | {"valid_to": dt.date(2009, 2, 28)},
    )
    OfficeTerm.objects.create(
        office="accountant", person_name="林小美", valid_from=dt.date(2009, 3, 1), **terms | {"valid_to": None}
    )
    OrganisationFactory(
        name="全國性示範基金會", kind="national_nonprofit", township=None, registration_number="", status="dissolved"
    )
    OrganisationFactory(name="'舊名社區發展協會", registered_on=None, registration_county="")


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ods"])
def test_what_is_taken_out_and_brought_back_changes_nothing(client, officer, extension):
    filled()
    before = list(Organisation.objects.order_by("pk").values()), list(OfficeTerm.objects.order_by("pk").values())
    data = body_of(client.get(url("export", extension)))
    made = imports.start(Actor(officer), "kaohsiung", SimpleUploadedFile(f"x.{extension}", data))
    imports.preview(Actor(officer), made, imports.guessed(made), [])
    made.refresh_from_db()
    assert [(one.changes, one.problems) for one in made.rows.all()] == [([], [])] * 3
    assert made.counts == {"added": 0, "changed": 0, "unchanged": 3, "refused": 0}
    imports.confirm(Actor(officer), made)
    assert (
        list(Organisation.objects.order_by("pk").values()),
        list(OfficeTerm.objects.order_by("pk").values()),
    ) == before


def test_the_file_has_what_the_filter_shows_and_no_other_county(client, officer):
    filled()
    index(list(Organisation.objects.all()))
    OrganisationFactory(name="苑裡鎮房裡社區發展協會", county=MIAOLI, township=yuanli())
    text = body_of(client.get(url("export", "csv"), {"q": "溪畔"})).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 3, "the head, and a purpose of two lines"
    assert "旗山鎮溪畔社區發展協會" in text
    assert "房裡" not in body_of(client.get(url("export", "csv"))).decode()
    assert "'=HYPERLINK" in text
    assert client.get(url("export", "pdf")).status_code == 404


def test_a_longer_list_takes_no_more_queries_a_chunk(client, officer):
    counts = []
    for number in range(40):
        OrganisationFactory(name=numbered(number))
        if number in (3, 39):
            with CaptureQueriesContext(connection) as asked:
                body_of(client.get(url("export", "csv")))
            counts.append(len(asked))
    assert counts[1] <= counts[0]
