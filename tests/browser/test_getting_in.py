"""From a claim to the desk on a phone, a new body, a new chairperson, a couple with one address, and a lost password."""

import re
from io import BytesIO

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect
from pypdf import PdfReader

from communities.enums import Office
from communities.models import AccountRequest, OfficeTerm, Organisation
from communities.services import terms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.models import Change
from tests.factories.accounts import UserFactory, person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of, township

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "鹿野-88-2010-good"


@pytest.fixture(autouse=True)
def nothing_counted(transactional_db):
    cache.clear()


@pytest.fixture
def body():
    return OrganisationFactory(name="高雄縣旗山鎮溪畔社區發展協會")


def code_of(user, address: str) -> str:
    """The code in the text of the PDF that the button returns."""
    client = Client()
    client.force_login(user)
    answer = client.post(address)
    assert answer["Content-Type"] == "application/pdf", answer.content.decode()[:500]
    return re.search(r"\d{4}-\d{4}-\d{4}", PdfReader(BytesIO(answer.content)).pages[0].extract_text())[0]


def enter(phone, login: str, code: str) -> Person:
    """Somebody at a phone, with the letter in the hand."""
    reader = Person(phone, User.objects.get(username=login)).goes("/accounts/login/")
    reader.press("第一次登入，手上有縣府或公所的開通信").fits()
    reader.fill({"登入帳號": login, "開通碼": code}).press("下一步：設密碼").fits()
    return reader.fill({"密碼": PASSWORD, "再輸入一次密碼": PASSWORD}).press("用這個密碼登入")


def test_a_claim_ends_on_the_desk_of_a_phone(page_without_js, page, phone, body, axe):
    visitor = Person(page_without_js, person(Role.AUDITOR)).goes(f"/communities/{body.pk}/").press("認領這個單位")
    visitor.fill({"立案字號": "府社區字第0980001234號", "您的姓名": "王大明", "聯絡電話": "0912345678"})
    visitor.field("您的職稱").select_option("chairperson")
    visitor.field("當選證明書").set_input_files(a_file("當選.pdf"))
    visitor.fill({"屆次": "5", "任期起": "99/5/1", "任期迄": "98/5/31"}).press("送出認領").sees("任期迄不能早於任期起")
    visitor.fill({"任期迄": "103/4/30"}).press("送出認領").sees("我們收到您的申請了")
    officer = person(Role.CASE_OFFICER)
    give_session(page, officer)
    clerk = Person(page, officer).goes("/desk/").press("看申請").sees("和登記的資料對照", "王大明", "第 5 屆")
    axe(page)
    expect(clerk.field("任期迄")).to_have_value("103/4/30")
    clerk.press("登錄任期並讓他登入").sees("接著請印開通信")
    code = code_of(officer, page.url)
    enter(phone, "王大明", code).sees("密碼設好了，並已經登入", "目前沒有等您處理的事").fits()
    axe(phone)


def test_a_new_body_is_registered(phone, page, axe):
    township()
    visitor = Person(phone, person(Role.AUDITOR)).goes("/communities/new/").fits()
    axe(phone)
    visitor.fill(
        {"協會或單位全名": "高雄縣旗山鎮新生社區發展協會", "立案字號": "府社區字第0990005678號", "立案日期": "99/5/3"}
    )
    visitor.fill({"會址": "旗山鎮新生路1號", "您的姓名": "王大明", "您的任期起": "99/5/1", "您的任期迄": "103/4/30"})
    visitor.fill({"聯絡電話": "0912345678", "電子信箱": "wang@example.org"})
    visitor.field("在哪個鄉鎮市").select_option(QISHAN)
    visitor.field("您的職稱").select_option("chairperson")
    visitor.field("立案證書").set_input_files(a_file("立案.pdf"))
    visitor.press("送出登記").sees("負責人當選證明書")
    # Only what is missing is chosen: the first file was kept.
    visitor.field("負責人當選證明書").set_input_files(a_file("當選.pdf"))
    visitor.press("送出登記").sees("我們收到您的申請了")
    officer = person(Role.CASE_OFFICER)
    give_session(page, officer)
    clerk = Person(page, officer).goes(f"/registry/requests/{AccountRequest.objects.get().pk}/")
    axe(page)
    clerk.press("登錄單位並讓他登入").sees("邀請信已經寄出")
    assert Organisation.objects.get().terms.get().person_name == "王大明"
    assert [message.to for message in mail.outbox] == [["wang@example.org"]]


def test_a_new_chairperson_after_an_election(page, open_page, body, axe):
    former, staff = chair_of(body), member_of(body)
    give_session(page, staff)
    own = Person(page, staff).goes("/registry/mine/").press("換理事長")
    own.fill({"姓名": "林新任", "屆次": "5", "任期起": "99/6/10", "任期迄": "103/6/9", "電子信箱": "lin@example.org"})
    own.field("當選證明書").set_input_files(a_file("當選.pdf"))
    own.press("送出變更").sees("等候縣府確認", "林新任", former.display_name)
    axe(page)
    officer, office = person(Role.CASE_OFFICER), open_page()
    give_session(office, officer)
    Person(office, officer).goes("/desk/").press("看變更").sees("林新任").press("確認這件變更").sees("已確認")
    assert OfficeTerm.objects.get(person_name="林新任").valid_from.isoformat() == "2010-06-10"
    assert mail.outbox[0].to == ["lin@example.org"]


def test_a_couple_with_one_address(page, phone, body):
    husband = chair_of(body)
    User.objects.filter(pk=husband.pk).update(email="home@example.org", username="husband", display_name="王先生")
    officer = person(Role.CASE_OFFICER)
    wife = terms.record_term(
        Actor(officer), body, office=Office.STAFF, person_name="李太太", valid_from=husband.posts.get().valid_from
    )
    give_session(page, officer)
    clerk = Person(page, officer).goes(f"/registry/{body.pk}/terms/{wife.pk}/invite/")
    clerk.fill({"電子信箱": "home@example.org"}).press("邀請使用帳號").sees("「王先生」的帳號在用")
    page.get_by_label("我確認過了，沒有錯").check()
    clerk.press("邀請使用帳號").sees("邀請信已經寄出")
    link = "/accounts/invitations/" + mail.outbox[-1].body.split("/accounts/invitations/")[1].split()[0]
    reader = Person(phone, husband).goes(link)
    reader.fill({"登入帳號": "wife", "密碼": PASSWORD, "再輸入一次密碼": PASSWORD})
    with phone.expect_navigation():
        phone.locator("main form button").last.click()
    reader.sees("目前沒有等您處理的事")
    asks = phone.context.browser.new_page(base_url=page.url.split("/registry")[0])
    asks.goto("/accounts/password/reset/")
    asks.get_by_label("電子信箱或登入帳號").fill("home@example.org")
    asks.get_by_role("button", name="寄信給我").click()
    expect(asks.get_by_text("請到信箱收信")).to_be_visible()
    assert {name in mail.outbox[-1].body for name in ("王先生", "李太太")} == {True}
    asks.close()


def test_a_lost_password_takes_two_people(page, open_page, phone, body):
    user = UserFactory(username="王大明", email="", display_name="王大明")
    term = OfficeTerm.objects.get(user=member_of(body, Office.CHAIRPERSON, user=user))
    clerk, officer = person(Role.TOWNSHIP_OFFICER, township_code=QISHAN, place_name="公所"), person(Role.CASE_OFFICER)
    give_session(page, clerk)
    counter = Person(page, clerk).goes(f"/registry/{body.pk}/").press("重設密碼")
    counter.field("怎麼確認是本人").select_option("papers")
    counter.press("重設密碼").sees("等另一位同仁確認", "看過身分證件")
    office = open_page()
    give_session(office, officer)
    Person(office, officer).goes("/desk/").press("看變更").press("確認這件變更").sees("印開通碼（PDF）")
    code = code_of(clerk, f"/registry/recoveries/{Change.objects.get().pk}/letter/")
    enter(phone, "王大明", code).sees("密碼設好了")
    assert term.user_id == user.pk
