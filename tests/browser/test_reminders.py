"""Reminders at the screen: an officer edits one with a preview and another person confirms it, a township's calls, and by
which channels a person is reached; the link of a reminder leads, through the sign-in, to the place of the act.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from grants.enums import DeadlineKind
from grants.models import CallRecord, CountyReminder, Deadline
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.notices import deliveries, services
from miaoli_kaohsiung.notices.models import Reach
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of
from tests.factories.money import approved, county

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.portal_date(2010, 10, 8)]
DUE = dt.date(2010, 9, 30)


@pytest.fixture
def late():
    """A settlement that is eight days late, and its people."""
    staff, place = county(), OrganisationFactory(name="甲社區發展協會", phone="076612345")
    award = approved((50_000, 60_000), staff=staff, organisation=place)
    staff.member, staff.chair, staff.award = member_of(place), chair_of(place), award
    Deadline.objects.all().delete()
    unsaved(DeadlineKind.SETTLEMENT, award, clause="K7.2a", due_on=DUE, opened_on=dt.date(2010, 6, 1)).save()
    return staff


@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_a_reminder_is_edited_with_a_preview_and_confirmed_by_another(request, window, page, late, axe):
    officer = Person(request.getfixturevalue(window), late.officer)
    give_session(officer.page, officer.user)
    officer.goes("/reminders/").fits().press("結報逾期，再請協會補送").press("修改這個提醒")
    officer.fill({"主旨": "【期線】結報", "為什麼改": "說得客氣一點"}).press("預覽")
    officer.sees("【期線】 不能用").fits()
    officer.fill({"主旨": "想請您補送結報：【案號】"}).press("預覽")
    officer.sees("用本縣的一件實際案件", f"想請您補送結報：{late.award.number}", "99年10月1日").fits()
    if window == "phone":
        axe(officer.page)
    officer.press("送另一位確認").sees("等候另一位同仁確認")
    head = Person(page, late.head)
    give_session(page, head.user)
    page.goto(officer.page.url)
    head.sees(f"想請您補送結報：{late.award.number}", "說得客氣一點").press("確認這件變更").sees("已確認")
    assert CountyReminder.objects.get().subject == "想請您補送結報：【案號】"
    officer.goes("/reminders/kaohsiung/settlement.late/").sees("想請您補送結報", "歷次變更")


@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_a_township_calls_and_notes_what_came_of_it(request, window, late, axe):
    caller = Person(request.getfixturevalue(window), person(Role.TOWNSHIP_OFFICER, township_code=QISHAN))
    give_session(caller.page, caller.user)
    caller.goes("/desk/").press("電話聯絡清單").sees("甲社區發展協會", "076612345", "已逾 8 天").fits()
    if window == "phone":
        axe(caller.page)
    caller.fill({"紀錄": "下週三會送"}).press("登錄").sees("這一欄還沒有填")
    expect(caller.field("紀錄")).to_have_value("下週三會送")
    caller.page.get_by_label("接通，已說明").check()
    caller.press("登錄").sees("已登錄：甲社區發展協會", "現在沒有要打的電話").fits()
    assert CallRecord.objects.get().note == "下週三會送"


@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_a_number_a_line_account_and_a_calendar_on_ones_own_page(request, window, late, gateway, axe):
    member = Person(request.getfixturevalue(window), late.member)
    give_session(member.page, member.user)
    member.goes("/accounts/me/").press("通知管道").fits()
    member.fill({"手機號碼": "0912-345-678"}).press("寄驗證碼").sees("驗證碼已經寄到 0912345678")
    deliveries.deliver()
    ((_number, text),) = gateway.sms.values()
    member.fill({"驗證碼": "000"}).press("確認號碼").sees("驗證碼不對")
    member.fill({"驗證碼": text.partition("驗證碼 ")[2][:6]}).press("確認號碼").sees("已確認的號碼：0912345678")
    member.press("取得代碼")
    expect(member.page.locator("#line-code")).to_have_text(re.compile(r"^[0-9]{8}$"))
    member.press("建立行事曆網址").fits()
    address = member.field("您的行事曆網址").input_value()
    assert member.page.request.get(address.replace("http://127.0.0.1:8000", "")).status == 200
    if window == "phone":
        axe(member.page)
    member.page.get_by_label("簡訊", exact=True).uncheck()
    member.press("儲存").sees("已儲存")
    assert (Reach.objects.get().number, Reach.objects.get().sms) == ("0912345678", False)


def test_the_link_of_a_reminder_leads_through_the_sign_in_to_the_place(page, late):
    url = f"/settlements/{late.award.number}/#completion"
    notice = services.notify(late.member, "reminder.day", "case:1", DUE, "主旨", "內容", url)
    page.goto(f"/n/{notice.pk}/")
    member = Person(page, late.member)
    member.fill({"帳號或電子信箱": late.member.username, "密碼": "demo-88-2010"}).press("登入")
    expect(page).to_have_url(f"{page.evaluate('location.origin')}{url}")
    expect(page.locator("#completion")).to_be_in_viewport()
