"""A newcomer's day: a county adopts an empty portal on screen, from its letterhead to the first letter that goes out.

The database holds what `migrate` brings and two administrators; docs/adopting.md tells the same steps to people.
"""

import io
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pypdf import PdfReader

from communities.models import Organisation, Township
from communities.services.organisations import load_townships
from grants.models import Application, Scheme
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from tests.communities.registry_import.lists import as_csv, numbered, row, table
from tests.communities.test_counties import LIST, TAITUNG
from tests.factories.accounts import person
from tests.grants.law_filing import TAITUNG as SLUG
from tests.grants.law_filing import TAITUNG_CITY
from tests.grants.rules.filing_laws import example

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEME = "/schemes/taitung-civic"
BODIES = 500
BODY = "臺東縣臺東市溪畔社區發展協會"
CHAIR = "林示範"
DISPATCH = "府社區字第0990005678號"
COUNTY = {
    "代號": SLUG,
    "縣市名稱": TAITUNG["name"],
    "郵遞區號": TAITUNG["postal_code"],
    "機關地址": TAITUNG["street"],
    "電話": TAITUNG["phone"],
    "署名的職銜": TAITUNG["signatory"],
    "署名的姓名": TAITUNG["signatory_name"],
    "主辦單位": TAITUNG["department"],
    "主計單位": TAITUNG["accounting"],
    "訴願管轄機關": TAITUNG["ministry"],
    "網頁顏色": TAITUNG["accent"],
}
# Where to write the seconds of each step, for the table of docs/adopting.md.
TIMES = os.environ.get("TIMES", "")


@contextmanager
def timed(step: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    if TIMES:
        with Path(TIMES).open("a", encoding="utf-8") as file:
            file.write(f"{step}\t{time.monotonic() - began:.1f}\n")


@pytest.fixture
def administrators(monkeypatch) -> list[User]:
    """Two administrators of a portal in which nothing else was done; what a test before this one emptied is filled."""
    load_townships()
    monkeypatch.setattr("getpass.getpass", lambda prompt: "demo-88-2010")
    for name in ("first", "second"):
        call_command("create_administrator", name, f"{name}@example.org", f"示範{name}")
    assert (User.objects.count(), Organisation.objects.count(), Scheme.objects.count()) == (2, 0, 0)
    return [*User.objects.order_by("pk")]


def at(page: Page, user: User) -> Person:
    page.context.clear_cookies()
    give_session(page, user)
    return Person(page, user)


def open_county(page: Page, administrators: list[User]) -> None:
    founder = at(page, administrators[0]).goes("/changes/").press("縣市名稱、公文抬頭").press("新增縣市")
    founder.fill(COUNTY).field("鄉鎮市區清單").set_input_files(a_file("鄉鎮.csv", LIST.encode(), "text/csv"))
    founder.press("提出，請另一位管理員確認").sees("新增縣市：臺東縣（3 個鄉鎮市區）")
    at(page, administrators[1]).goes("/changes/").press("新增縣市：臺東縣").press("確認這件變更").sees("已確認")
    assert Township.objects.filter(county=SLUG).count() == 3


def people_of_the_county() -> SimpleNamespace:
    """Who works there. Invitations by mail and the second administrator's word are shown by the tests of accounts."""
    return SimpleNamespace(
        officer=person(Role.CASE_OFFICER, SLUG),
        head=person(Role.APPROVER, SLUG),
        finance=person(Role.FINANCE_OFFICER, SLUG),
        clerk=person(Role.TOWNSHIP_OFFICER, SLUG, township_code=TAITUNG_CITY, place_name="臺東市公所"),
    )


def import_associations(page: Page, officer: User) -> None:
    names = [BODY, *(numbered(n).replace("旗山鎮", "臺東縣臺東市") for n in range(1, BODIES))]
    rows = [
        row(
            name,
            鄉鎮市區="臺東市",
            立案字號=f"府社區字第098{n:07}號",
            會址=f"臺東縣臺東市示範路{n + 1}號",
            電話="089-326141",
            理事長=CHAIR,
        )
        for n, name in enumerate(names)
    ]
    at_work = at(page, officer).goes("/registry/").press("匯入名單")
    at_work.field("名單檔案").set_input_files(a_file("名冊.csv", as_csv(table(rows)).read(), "text/csv"))
    at_work.press("讀這個檔案").press("下一步：預覽").sees(f"新增 {BODIES} 個單位")
    at_work.press(f"確認匯入這 {BODIES} 個單位").sees(f"新增 {BODIES} 個單位")
    assert Organisation.objects.filter(county=SLUG).count() == BODIES


def file_the_law(page: Page, staff: SimpleNamespace) -> None:
    officer = at(page, staff.officer).goes("/changes/").press("法規資料").press("放進新的法規")
    uploads = [a_file(name, text.encode(), "application/toml") for name, text in example().items()]
    officer.field("上傳檔案").set_input_files(uploads)
    officer.press("檢查並預覽").press("提出，請同仁確認")
    at(page, staff.head).goes("/desk/").press("看變更").press("確認這件變更").sees("已確認")


def open_the_year(page: Page, staff: SimpleNamespace) -> None:
    officer = at(page, staff.officer).goes(f"{SCHEME}/").press("方案資料與年度").press("開辦新年度")
    officer.fill({"受理起日": "99/6/1", "受理迄日": "99/11/30", "理由": "第一年"})
    officer.press("看看會變成什麼樣子").press("提出，請同仁確認")
    head = at(page, staff.head).goes("/desk/").press("看變更").press("確認這件變更").sees("已確認")
    head.goes(f"{SCHEME}/data/").press("登錄年度額度")
    head.fill({"年度": "99", "額度": "3,000,000", "簽文號": "簽99-1", "理由": "年度預算"})
    head.field("簽或預算書的掃描檔").set_input_files(a_file("簽.pdf"))
    head.press("登錄，送另一位確認").sees("請另一位主管或主計出納確認")
    at(page, staff.finance).goes(f"{SCHEME}/envelopes/").press("確認這筆額度").sees("3,000,000")


def file_at_the_counter(page: Page, clerk: User) -> str:
    """The township's clerk writes what the chairperson says, and sends it in with the signed sheet."""
    body = Organisation.objects.get(name=BODY)
    writer = at(page, clerk).goes(f"/registry/{body.pk}/").press("櫃檯代辦")
    writer.fill({"來的人姓名": CHAIR}).press("開始代辦").press("新的申請")
    writer.press("開始填寫", page.get_by_role("listitem").filter(has_text="社區節慶活動"))
    number = re.search(r"/applications/([^/]+)/", page.url)[1]  # type: ignore[index]
    write_down(writer)
    for paper in ("計畫書", "立案證書"):
        section = page.locator("section", has=page.get_by_role("heading", name=paper)).first
        section.locator("input[data-upload]").set_input_files(a_file(f"{paper}.pdf"))
        writer.sees(f"已收到「{paper}.pdf」")
    writer.press("下一步：確認送件")
    assert CHAIR in pdf_at(writer, "印確認單")
    writer.field("理事長簽名的確認單").set_input_files(a_file("確認單.pdf"))
    writer.press("上傳確認單").press("確認送件").sees("已送件")
    writer.goes(f"/registry/{body.pk}/counter/").fill({"辦了什麼": "送了一件申請"}).press("結束代辦")
    return number


def write_down(writer: Person) -> None:
    writer.fill(
        {
            "計畫名稱": "豐年節",
            "開始日期": "99/8/1",
            "結束日期": "99/8/2",
            "為什麼要辦": "傳承文化",
            "要做什麼": "歌舞和市集",
            "幫助到誰": "全體居民",
            "預計多少人參加": "200",
        }
    )
    writer.field("活動開放民眾參加嗎").select_option(label="是")
    writer.press("下一步：經費概算")
    choice = writer.field("要加哪一種費用")
    choice.select_option(choice.locator("option").filter(has_text="印刷費").first.get_attribute("value"))
    writer.press("＋ 新增一項")
    line = writer.page.get_by_role("group", name=re.compile("印刷費")).last
    writer.fill({"用途說明": "海報", "份數": "100", "申請補助": "5,000"}, line)
    # The law asks for own money; the page says so, and where it is written.
    writer.sees("還差 250 元", "填在每一項的「更多」裡")
    line.locator("details.more > summary").click()
    writer.fill({"自籌": "500"}, line)
    writer.press("下一步：附件")


def decide(page: Page, staff: SimpleNamespace, number: str) -> None:
    address = f"/applications/{number}/"
    clerk = at(page, staff.clerk).goes(f"{address}forward/")
    for item in page.locator("fieldset.check").all():
        item.get_by_role("radio").first.check()
    page.get_by_label("推薦", exact=True).check()
    clerk.press("層轉縣府")
    officer = at(page, staff.officer).goes(address).press("收件").goes(f"{address}check/")
    for item in page.locator("fieldset.check").all():
        item.get_by_role("radio").first.check()
    officer.press("檢核完成").goes(f"{address}proposal/").press("送主管核定").sees("已提出核定建議")
    at(page, staff.head).goes(f"{address}decision/").press("核定並產生函稿").sees("已核定")


def issue(page: Page, officer: User) -> None:
    writer = at(page, officer).goes("/letters/").press("（稿）")
    writer.fill({"發文字號": DISPATCH}).press("核對後發文").press("發文並鎖定", page.locator("#issue")).sees("已發文")
    letter = pdf_at(writer, "看公文 PDF")
    head = (TAITUNG["name"], TAITUNG["street"], TAITUNG["phone"], TAITUNG["signatory_name"], officer.display_name)
    wanted = ("臺東縣政府", *head, "臺東市公所", DISPATCH, BODY, "豐年節", "5,000")
    assert [words for words in wanted if words not in letter] == []
    assert "高雄" not in letter
    assert "苗栗" not in letter


def pdf_at(reader: Person, link: str) -> str:
    """The text of the PDF behind a link, without blanks and line breaks."""
    address = reader.page.locator("main").get_by_role("link", name=link).first.get_attribute("href")
    answer = reader.page.request.get(address or "")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages))


def test_an_empty_portal_becomes_a_countys_own(page, administrators):
    with timed("county"):
        open_county(page, administrators)
    staff = people_of_the_county()
    with timed("import"):
        import_associations(page, staff.officer)
    with timed("law"):
        file_the_law(page, staff)
    with timed("year"):
        open_the_year(page, staff)
    with timed("counter"):
        number = file_at_the_counter(page, staff.clerk)
    assert Application.objects.get().number == number
    with timed("decision"):
        decide(page, staff, number)
    with timed("letter"):
        issue(page, staff.officer)
