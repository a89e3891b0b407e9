"""The pages on which a county files a law as data: every mistake at its file, nothing lost, a preview, then another person."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.forms.law import as_fields
from grants.models import FiledLaw, Scheme
from grants.rules.filed import shape
from grants.rules.filed.shape import FILES
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.grants.law_filing import changed, file_law
from tests.grants.rules.filing_laws import SLUG, example

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = person(Role.CASE_OFFICER, MIAOLI)
    client.force_login(officer)
    return officer


def zipped(files: dict[str, str], folder: str = "") -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{folder}{name}", text)
    return SimpleUploadedFile("law.zip", out.getvalue())


def post(client, button="check", *, uploads=(), files=None, **more):
    data = {"county": MIAOLI, "starts_on": "99/6/1", button: "", **as_fields(files or {}), **more}
    return client.post("/laws/new/", data | ({"uploads": list(uploads)} if uploads else {}))


def test_a_zip_is_checked_shown_proposed_and_confirmed(client, officer):
    page = post(client, uploads=[zipped(example(), "要點/")])
    assert page.status_code == 200
    text = page.content.decode()
    assert "檔案沒有錯" in text
    assert "第六點　補助項目和標準" in text
    assert "申請 4,000 元可以；申請 4,001 元：誤餐費每人最高 80 元：50 人 × 80 = 4,000 元，超出 1 元。" in text
    assert "方案「臺東縣社區活動補助（範例）」，99年1月1日起受理" in text
    assert page.context["form"]["rules"].value() == example()["rules.toml"]
    answer = post(client, "propose", files=example(), reason="新要點", memo_number="簽99-1")
    change = Change.objects.get()
    assert answer.url == f"/changes/{change.pk}/"
    head = person(Role.APPROVER, MIAOLI)
    client.force_login(head)
    shown = client.get(answer.url).content.decode()
    assert "場地費每日須未滿 3,000 元" in shown
    assert client.post(f"/changes/{change.pk}/confirm/").status_code == 302
    assert client.get("/schemes/taitung-civic/law/").status_code == 200
    listed = client.get("/laws/").content.decode()
    assert "/schemes/taitung-civic/law/" in listed


def test_each_mistake_stands_at_its_file_with_its_line_and_nothing_is_lost(client, officer):
    wrong = changed("rules.toml", '"meals.head"', '"meals.heads"')
    page = post(client, uploads=[SimpleUploadedFile(name, text.encode()) for name, text in wrong.items()])
    assert page.status_code == 422
    form = page.context["form"]
    line = wrong["rules.toml"].splitlines().index('parameter = "meals.heads"') + 1
    said = f"rules.toml 第 {line} 行　[[cap]] 第 5 個　parameter：law.toml 裡沒有標準 meals.heads　「parameter = "
    assert form.errors["rules"][0].startswith(said)
    assert {name: field.value() for name, field in form.texts()} == wrong
    assert post(client, "propose", files=wrong).status_code == 422
    assert not Change.objects.exists()
    mended = post(
        client, files={name: field.value().replace("meals.heads", "meals.head") for name, field in form.texts()}
    )
    assert mended.status_code == 200


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (lambda: SimpleUploadedFile("rules.py", b"print()"), "不認得 rules.py；檔名要是 law.toml"),
        (lambda: SimpleUploadedFile("rules.toml", b"\xff\xfe"), "rules.toml 不是 UTF-8 文字檔。用記事本"),
        (lambda: SimpleUploadedFile("rules.toml", b"#" * 400_001), "rules.toml 太大，最多 400 KB。"),
        (lambda: SimpleUploadedFile("law.zip", b"PK\x03\x04broken"), "law.zip 打不開"),
        (lambda: zipped({f"{number}.toml": "#" for number in range(21)}), "law.zip 裡的檔案太多或太大。"),
        (lambda: zipped({"rules.toml": "#" * 400_001}), "law.zip 裡的檔案太多或太大。"),
        (lambda: zipped({**example(), "readme.md": "x"}), "不認得 readme.md"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_upload(client, officer, upload, says):
    page = post(client, uploads=[upload()], files=example())
    assert page.status_code == 422
    assert says in page.context["form"].errors["uploads"][0]
    assert page.context["form"]["rules"].value() == example()["rules.toml"]


def test_what_can_be_read_stays_beside_what_cannot(client, officer):
    files = {name: text.encode() for name, text in example().items()} | {"rules.toml": "名稱".encode("big5")}
    page = post(client, uploads=[SimpleUploadedFile(name, content) for name, content in files.items()])
    form = page.context["form"]
    assert form.errors["uploads"] == ["rules.toml 不是 UTF-8 文字檔。用記事本開啟，另存新檔，編碼選 UTF-8，再上傳。"]
    assert {name for name, field in form.texts() if field.value()} == set(files) - {"rules.toml"}


def test_two_files_of_one_name_are_told_and_what_a_mac_adds_is_left_out(client, officer):
    twice = zipped({**example(), "新/items.toml": "# other", "__MACOSX/._law.toml": "\x00", ".DS_Store": "\x00"})
    page = post(client, uploads=[twice])
    assert page.context["form"].errors["uploads"] == [
        "有兩個不同的 items.toml，用了先讀到的那一個；請看下面的內容對不對。"
    ]
    assert page.context["form"]["items"].value() == example()["items.toml"]
    assert post(client, uploads=[zipped({**example(), ".DS_Store": "\x00"})]).status_code == 200


def test_a_number_that_begins_after_the_law_does_is_said_at_its_line(client, officer):
    late = changed("law.toml", "from = 2010-01-01, value = 1_600", "from = 2011-01-01, value = 1_600")
    page = post(client, files=late)
    assert page.status_code == 422
    assert "那一天還沒有值" in page.context["form"].errors["law"][0]
    assert post(client, files=late, starts_on="100/1/1").status_code == 200


def test_a_file_with_a_mark_and_other_line_ends_is_read_as_it_is_meant(client, officer):
    other = {
        name: SimpleUploadedFile(name, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        for name, text in example().items()
    }
    page = post(client, uploads=other.values())
    assert page.status_code == 200
    assert page.context["form"]["law"].value() == example()["law.toml"]


def test_only_ones_own_county(client, officer):
    file_law(KAOHSIUNG)
    assert client.get(f"/laws/{SLUG}/new/").status_code == 404
    assert client.get(f"/laws/{FiledLaw.objects.get().pk}/files.zip").status_code == 404
    assert client.get("/laws/").context["laws"] == []
    page = post(client, files=example(), county=KAOHSIUNG)
    assert "county" in page.context["form"].errors


def test_a_version_is_taken_out_and_changed(client, officer):
    row = file_law(by=officer)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/laws/{row.pk}/files.zip").content)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == example()
    form = client.get(f"/laws/{SLUG}/new/").context["form"]
    assert form["rules"].value() == example()["rules.toml"]
    dearer = changed("law.toml", "value = 1_600 }]", "value = 2_000 }]")
    change = Change.objects.get(pk=int(post(client, "propose", files=dearer).url.split("/")[2]))
    client.force_login(person(Role.APPROVER, MIAOLI))
    shown = client.get(f"/changes/{change.pk}/").content.decode()
    assert "＋ values = [{ from = 2010-01-01, value = 2_000 }]" in shown
    assert "－ values = [{ from = 2010-01-01, value = 1_600 }]" in shown
    services.confirm(person(Role.APPROVER, MIAOLI), change)
    assert Scheme.objects.get().law_version == FiledLaw.objects.get(change=change).pk


def test_the_page_of_what_may_be_written_has_every_kind_and_an_example_that_can_be_filed(client, officer):
    text = client.get("/laws/kinds/").content.decode()
    assert all(f'id="{kind}"' in text for table in shape.BY_TABLE.values() for kind in table)
    with zipfile.ZipFile(io.BytesIO(client.get("/laws/example.zip").content)) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == example()
    assert set(example()) == set(FILES)
