"""A year of a scheme from the officer's copy of last year's to the checker's desk; the association files on a phone."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from grants.enums import ApplicationStatus
from grants.models import Application, Scheme, SchemeRound
from tests.factories.grants import terms_of
from tests.grants.filing import ready_case

from .acting import Person, a_file, county_and_association, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST_YEAR = {
    "code": "own_1",
    "label": "去年辦了幾場？",
    "help": "",
    "type": "number",
    "choices": [],
    "required": False,
    "programmes": [],
}


@pytest.fixture
def world():
    """Last year's round has closed, and a draft of this year waits for the next."""
    made = county_and_association()
    made.scheme = Scheme.objects.get(slug="kaohsiung-88")
    SchemeRound.objects.create(
        scheme=made.scheme, year=2009, opens_on=dt.date(2010, 1, 8), closes_on=dt.date(2010, 3, 31)
    )
    terms_of(made.scheme, questions=[LAST_YEAR])
    programme = made.scheme.programmes.get(code="growth_prevention")
    made.case = ready_case(made.organisation, made.staff, programme=programme)
    return made


def open_year(officer: Person) -> None:
    officer.goes("/schemes/kaohsiung-88/data/").press("開辦新年度")
    expect(officer.field("年度（民國）")).to_have_value("99")
    officer.fill({"受理起日": "99/6/1", "受理迄日": "99/5/1", "理由": "新年度計畫"})
    officer.press("看看會變成什麼樣子").sees("受理迄日不可以早於受理起日。")
    officer.fill({"受理迄日": "99/7/31"})
    questions, papers = (officer.page.locator(f"#{name} .own-row") for name in ("questions", "papers"))
    expect(officer.field("問題", questions.nth(0))).to_have_value("去年辦了幾場？")
    officer.fill({"問題": "場地有多大？", "一句話說明": "坪數"}, questions.nth(1))
    officer.field("怎麼回答", questions.nth(1)).select_option(label="數字")
    officer.fill({"文件名稱": "場地平面圖", "一句話說明": "手繪也可以"}, papers.nth(0))
    officer.press("看看會變成什麼樣子").sees(
        "公開的方案頁會這樣寫", "99年度：99年6月1日至99年7月31日", "還沒送件的草稿 1 件"
    )
    expect(officer.page.locator(".proposed").nth(1)).to_contain_text("場地平面圖")
    officer.press("提出，請同仁確認").sees("已提出。另一位承辦人或主管確認後才生效。")


def test_from_last_years_copy_to_the_checker(world, page, phone, axe):
    chair, number = Person(phone, world.chair), world.case.number
    give_session(phone, world.chair)
    chair.goes(f"/applications/{number}/").sees("下一次受理的日期還沒有公布")

    give_session(page, world.officer)
    open_year(Person(page, world.officer))
    axe(page)
    give_session(page, world.head)
    head = Person(page, world.head).goes("/desk/")
    head.press("看變更").sees("場地有多大？（數字；必答；坪數）")
    head.press("確認這件變更").sees("已確認")

    chair.goes("/schemes/kaohsiung-88/").sees("99年度：99年6月1日至99年7月31日", "場地平面圖").fits()
    chair.goes(f"/applications/{number}/edit/review/").sees("請回答「場地有多大？」。", "請附上「場地平面圖」。").fits()
    chair.goes(f"/applications/{number}/edit/project/").fill({"場地有多大？": "12"}).fits()
    chair.press("下一步：經費概算")
    chair.goes(f"/applications/{number}/edit/documents/").fits()
    paper = phone.locator("section", has=phone.get_by_role("heading", name="場地平面圖")).first
    paper.locator("input[data-upload]").set_input_files(a_file("平面圖.pdf"))
    expect(paper).to_contain_text("已上傳")
    chair.press("下一步：確認送件").press("確認送件")
    case = Application.objects.get(number=number)
    assert (case.status, case.answers["own_3"]) == (ApplicationStatus.SUBMITTED, 12)

    give_session(page, world.officer)
    officer = Person(page, world.officer).goes(f"/applications/{number}/check/")
    officer.sees("場地有多大？", "12", "場地平面圖", "縣府要求")
    paper_row = page.get_by_role("group", name=re.compile("場地平面圖"))
    expect(paper_row).to_contain_text("已附")
