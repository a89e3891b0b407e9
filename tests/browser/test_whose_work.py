"""Work that changes hands, in Chromium: a deputy for some days, cases ticked in a list, all of somebody's, a new chair."""

import datetime as dt
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from communities.models import OfficeTerm
from grants.enums import ApplicationStatus as S
from grants.models import Application, Handover
from miaoli_kaohsiung.accounts.enums import Office, Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.accounts import person
from tests.grants.desks import bare

from .acting import Person, county_and_association

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def world() -> SimpleNamespace:
    """An officer with three cases, and a colleague with none."""
    world = county_and_association()
    world.colleague = person(Role.CASE_OFFICER)
    world.cases = [bare(S.UNDER_REVIEW, officer=world.officer, title=f"社區計畫{number}") for number in (1, 2, 3)]
    return world


@pytest.mark.parametrize("window", [PHONE, {"java_script_enabled": False}], ids=["phone", "without JavaScript"])
def test_a_deputy_does_the_absent_officers_work_for_some_days(open_page, world, window):
    officer, colleague = (Person(open_page(**window), user) for user in (world.officer, world.colleague))
    officer.sign_in().goes("/accounts/deputies/").fits()
    officer.page.get_by_label("代理人").select_option(label=str(world.colleague))
    officer.fill({"代理起日": "99/6/2", "代理迄日": "99/6/4"}).press("安排").sees("已安排代理，並通知雙方").fits()
    with clock.travel(dt.date(2010, 6, 2)):
        colleague.sign_in().goes("/desk/").fits().sees("社區計畫1", f"代理{world.officer}")
        assert f"縣府承辦人（代理{world.officer}）" in colleague.page.content()
        officer.goes("/accounts/deputies/").press("結束代理").press("結束代理").sees("代理已經結束")
        colleague.goes("/desk/")
        assert colleague.page.get_by_text("社區計畫1").count() == 0


@pytest.mark.parametrize(
    "window", [{}, PHONE | {"java_script_enabled": False}], ids=["wide", "phone without JavaScript"]
)
def test_ticked_cases_go_to_another_officer(open_page, world, window):
    head = Person(open_page(**window), world.head).sign_in().goes("/applications/")
    for case in world.cases[:2]:
        head.page.get_by_label(f"勾選 {case.number}").check()
    head.press("移交並印清冊").sees("社區計畫1", "社區計畫2").fits()
    assert head.page.get_by_text("社區計畫3").count() == 0
    head.page.get_by_label("改由誰承辦").select_option(label=str(world.colleague))
    head.fill({"原因": "平均案量"}).press("改派並製作移交清冊").sees("共 2 件", "平均案量").fits()
    assert Application.objects.filter(officer=world.colleague).count() == 2


def test_all_of_a_leavers_cases_are_handed_over_and_signed_for(open_page, world):
    Post.objects.filter(user=world.officer).update(valid_to=dt.date(2010, 5, 31))
    head, colleague = (Person(open_page(), user) for user in (world.head, world.colleague))
    head.sign_in().goes("/desk/").press("移交和改派").sees(f"{world.officer}的案件")
    expect(head.page.locator("[data-pick-all] [role=status]")).to_have_text("已勾選 3 件")
    head.page.get_by_role("button", name="全不選").click()
    head.fill({"原因": "調職"}).press("改派並製作移交清冊").sees("請先勾選要改派的案件")
    head.page.get_by_role("button", name="全選", exact=True).click()
    head.press("改派並製作移交清冊").sees("共 3 件")
    colleague.sign_in().goes("/notices/").sees("有 3 件改由您承辦")
    made = Handover.objects.get()
    colleague.goes(f"/desk/handovers/{made.pk}/").press("簽收").sees("已簽收")
    paper = colleague.page.request.get(colleague.page.url + "paper.pdf")
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")


def test_a_new_chairperson_takes_over_on_a_phone(open_page, world):
    money.approved(staff=money.county(), organisation=world.organisation, receipt_due=dt.date(2010, 6, 20))
    before = {"valid_from": dt.date(2006, 6, 1), "valid_to": dt.date(2010, 5, 31)}
    former = {"office": Office.CHAIRPERSON, "person_name": "前理事長"}
    OfficeTerm.objects.create(organisation=world.organisation, **former, **before)
    OfficeTerm.objects.filter(user=world.chair).update(valid_from=dt.date(2010, 6, 1))
    chair = Person(open_page(**PHONE), world.chair).sign_in().goes("/desk/").sees("接任交接").fits()
    chair.goes(f"/desk/associations/{world.organisation.pk}/handover/").sees("未結案件", "領據期限").fits()
    chair.page.get_by_label("前任理事長無法聯絡，或不能來交接").check()
    chair.fill({"還缺什麼": "憑證"}).press("我看過了，接手").sees("已接手", "前任理事長無法聯絡；憑證").fits()
    chair.goes("/desk/")
    assert chair.page.get_by_text("接任交接").count() == 0


@pytest.mark.parametrize("window", [{}, PHONE, PHONE | {"java_script_enabled": False}], ids=["wide", "phone", "plain"])
def test_somebody_with_two_posts_changes_between_them(open_page, world, window):
    Post.objects.create(
        user=world.officer, role=Role.APPROVER, county="kaohsiung", valid_from=dt.date(2010, 1, 1), place_name=""
    )
    both = Person(open_page(**window), world.officer).sign_in().goes("/desk/").sees("社區計畫1")
    if window:
        both.page.locator("details.menu > summary").click()
    both.page.locator("details.as-whom > summary").click()
    both.fits()
    both.page.get_by_role("button", name="高雄縣 主管").click()
    both.sees("現在的身分：高雄縣 主管").fits()
    assert both.page.get_by_text("社區計畫1").count() == 0
