"""The office calendar with the mouse: a day proposed and confirmed; 停班停課 declared, looked at and taken back."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from grants.models import CalendarDay, Closure, Deadline
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import money
from tests.factories.accounts import person

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TUESDAY, WEDNESDAY, THURSDAY = (dt.date(2010, 6, day) for day in (1, 2, 3))


@pytest.mark.parametrize("window", ["page", "phone", "page_without_js"])
def test_a_day_is_proposed_and_another_person_confirms_it(request, window):
    browser, staff = request.getfixturevalue(window), money.county()
    award = money.approved(staff=staff, settlement_due=WEDNESDAY)
    give_session(browser, staff.officer)
    officer = Person(browser, staff.officer).goes("/calendar/")
    officer.press("改一天")
    officer.press("提出，請另一位確認")
    expect(browser.get_by_text("請寫依據，例如公布的機關、日期和文號。").first).to_be_visible()
    officer.fill({"日期": "99/6/2", "名稱": "補選投票日", "依據": "府人字第1號"})
    browser.get_by_label("放假", exact=True).check()
    officer.press("提出，請另一位確認")
    expect(browser.get_by_text("確認後有 1 個期限順延")).to_be_visible()
    give_session(browser, staff.head)
    head = Person(browser, staff.head).goes("/desk/")
    head.press("看變更")
    head.press("確認這件變更")
    expect(browser.get_by_text("已確認", exact=True).first).to_be_visible()
    assert Deadline.objects.get(award=award).due_on == THURSDAY
    assert CalendarDay.objects.get().name == "補選投票日"
    head.goes("/calendar/kaohsiung/2010/")
    expect(browser.get_by_text("2日 補選投票日")).to_be_visible()


@pytest.mark.parametrize("window", ["page", "phone", "page_without_js"])
def test_a_closed_day_is_declared_looked_at_and_taken_back(request, window):
    browser, staff = request.getfixturevalue(window), money.county()
    award = money.approved(staff=staff, settlement_due=TUESDAY)
    give_session(browser, staff.officer)
    officer = Person(browser, staff.officer).goes("/calendar/")
    officer.press("登錄停班停課")
    officer.fill({"原因": "凡那比颱風"}).press("看哪些期限會順延")
    expect(browser.get_by_text("這一天有 1 個期限會順延")).to_be_visible()
    officer.press("登錄並順延")
    expect(browser.get_by_text("已登錄，1 個期限順延，並已通知。")).to_be_visible()
    assert Deadline.objects.get(award=award).due_on == WEDNESDAY
    give_session(browser, staff.head)
    head = Person(browser, staff.head).goes("/desk/")
    head.press("看登錄")
    head.press("核對過了，沒有錯")
    assert Closure.objects.get().seen_by == staff.head
    head.press("登錄錯了，取消這一筆")
    head.fill({"為什麼取消": "日期登錄錯誤"}).press("取消這一筆登錄")
    expect(browser.get_by_text("已取消，1 個期限改回，並已通知。")).to_be_visible()
    assert Deadline.objects.get(award=award).due_on == TUESDAY


def test_some_townships_need_one_to_be_ticked(page):
    officer = person(Role.CASE_OFFICER)
    money.approved()  # with 旗山鎮
    give_session(page, officer)
    reader = Person(page, officer).goes("/calendar/kaohsiung/closures/new/")
    reader.fill({"原因": "豪雨"})
    page.get_by_label("部分鄉鎮市").check()
    reader.press("看哪些期限會順延")
    expect(page.get_by_text("請勾選停止上班的鄉鎮市。").first).to_be_visible()
    page.get_by_label("旗山鎮").check()
    reader.press("看哪些期限會順延")
    expect(page.get_by_text("這一天有 0 個期限會順延")).to_be_visible()
