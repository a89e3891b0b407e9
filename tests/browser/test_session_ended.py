"""The session ends before every single button: signing in again brings what was typed, and one button sends it on."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.conf import settings as portal
from playwright.sync_api import Locator, expect

from grants.models import Application, Award, Settlement
from tests.factories.money import approved, county, member
from tests.grants.settling import paid_first, tell

from . import deciding_steps, filing_steps, settling_steps
from .acting import PASSWORD, Person, a_file, county_and_association, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class LeftAlone(Person):
    """Somebody whose session has ended whenever a button is pressed."""

    rescued: int = 0

    def press(self, name: str, within: Locator | None = None) -> "LeftAlone":
        self.page.context.clear_cookies(name=portal.SESSION_COOKIE_NAME)
        super().press(name, within)
        assert "/accounts/login/" in self.page.url, f"{name}: {self.page.url}"
        sent = "rescued" in self.page.url
        self.fill({"帳號或電子信箱": self.user.username, "密碼": PASSWORD})
        super().press("登入")
        if sent:
            self.sees("剛才填的內容還在")
            super().press("繼續")
            self.rescued += 1
        return self


@pytest.fixture
def enters(open_page):
    def enter(user, **window) -> LeftAlone:
        person = LeftAlone(open_page(**window), user)
        give_session(person.page, user)
        return person

    return enter


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_at_every_button_of_filing(enters, scripts):
    world = county_and_association()
    staff, chair = (enters(user, java_script_enabled=scripts) for user in (world.staff, world.chair))
    number = filing_steps.start(staff)
    filing_steps.organisation(staff)
    filing_steps.project(staff)
    filing_steps.budget(staff, scripts)
    case = Application.objects.get()
    assert (case.title, case.contact_name, case.requested_total) == (filing_steps.TITLE, "王小明", 130_000)
    if scripts:
        filing_steps.documents(staff, scripts)
        filing_steps.hand_over(staff)
        chair.goes(f"/applications/{number}/").press("看內容並送件")
        chair.press("確認送件").sees("已送件", number)
    assert staff.rescued >= 8


@pytest.fixture
def world() -> SimpleNamespace:
    staff = county()
    award = approved(staff=staff)
    paid_first(award, staff)
    return SimpleNamespace(number=award.number, member=member(award), **vars(staff))


def test_at_every_button_of_the_settlement(enters, world):
    number, staff, officer = world.number, enters(world.member), enters(world.officer)
    settling_steps.complete(staff, number, "99/5/31")
    settling_steps.fill_in(staff, {1: "30,000", 2: "20,000"})
    staff.press("儲存，還不送出", staff.page.locator("#report")).sees("已儲存")
    expect(staff.field("第 1 項實支")).to_have_value("30,000")
    settling_steps.attach(staff, scripts=True)
    settling_steps.send(staff)
    finance = enters(world.finance)
    settling_steps.check_sums(finance, number)
    officer.goes(f"/settlements/{number}/").fill({"請補正的事項": "照片看不清楚"})
    officer.press("請協會補正", officer.page.locator("#correction")).sees("已請申請單位補正")
    staff.goes(f"/settlements/{number}/").sees("照片看不清楚")
    settling_steps.send(staff, "補正後送回")
    settling_steps.check_sums(finance, number)
    settling_steps.check_content(officer, number)
    head = enters(world.head)
    settling_steps.accept(head, number)
    assert Settlement.objects.get().eligible == 50_000
    tell(Award.objects.get(), world)
    settling_steps.show_return(staff, number, "10,000", "99/6/1")
    settling_steps.record_return(enters(world.cashier), number, "10,000", "收一")
    assert Award.objects.get().status == "closed"
    assert [person.rescued for person in (staff, finance, officer, head)] == [5, 2, 2, 1]


def test_at_the_receipt_the_held_file_is_kept_as_well(enters):
    people = county()
    award = approved(staff=people)
    staff = enters(member(award))
    deciding_steps.claim(staff, award.number, "60,000", "旗示字第1號")
    assert staff.rescued == 1
    officer = enters(people.officer)
    deciding_steps.approve_payment(officer, award.number)
    deciding_steps.pay(enters(people.cashier), award.number, "0990600001")
    assert award.instalments.get(number=1).status == "paid"


def test_the_settlement_saves_itself_again_after_signing_in(enters, world):
    staff = enters(world.member)
    settling_steps.complete(staff, world.number, "99/5/31")
    staff.page.context.clear_cookies(name=portal.SESSION_COOKIE_NAME)
    settling_steps.fill_in(staff, {1: "30,000"})
    state = staff.page.locator("#report [data-autosave-state]")
    expect(state).to_contain_text("登入已逾時，內容先留在這台裝置")
    give_session(staff.page, world.member)
    staff.page.get_by_role("button", name="登入好了，再存一次").click()
    settling_steps.saved(staff)
    row = Settlement.objects.get()
    assert (row.outcome, row.people_served, row.lines.first().spent) == ("辦了二十場，大家都說好", 640, 30_000)


class TestSignedInAgainInAnotherTab:
    """The page that lies open was made before; nothing on it is lost for that."""

    @pytest.fixture
    def report(self, world):
        """Somebody at the report whose session ended, and who signed in anew in a second tab."""

        def open_report(page) -> Person:
            give_session(page, world.member)
            staff = Person(page, world.member)
            settling_steps.complete(staff, world.number, "99/5/31")
            page.context.clear_cookies(name=portal.SESSION_COOKIE_NAME)
            Person(page.context.new_page(), world.member).sign_in()
            return staff

        return open_report

    def test_files_arrive_and_what_is_typed_saves_itself(self, page, report):
        staff = report(page)
        vouchers = page.locator("#papers-vouchers")
        vouchers.locator("input[data-upload]").set_input_files(a_file("一.pdf"))
        expect(vouchers.get_by_role("link", name="一.pdf")).to_be_visible()
        settling_steps.fill_in(staff, {1: "30,000"})
        settling_steps.saved(staff)
        assert Settlement.objects.get().lines.first().spent == 30_000

    def test_without_scripts_a_button_keeps_what_was_typed(self, page_without_js, report):
        staff = report(page_without_js)
        settling_steps.fill_in(staff, {1: "30,000"})
        staff.press("儲存，還不送出").sees("剛才填的內容還在").press("繼續").sees("已儲存")
        row = Settlement.objects.get()
        assert (row.outcome, row.lines.first().spent) == ("辦了二十場，大家都說好", 30_000)

    def test_an_upload_after_the_session_ended_says_so_and_keeps_what_was_typed(self, page, world):
        give_session(page, world.member)
        staff = Person(page, world.member)
        settling_steps.complete(staff, world.number, "99/5/31")
        staff.fill({"成果說明": "辦了二十場"})
        page.context.clear_cookies(name=portal.SESSION_COOKIE_NAME)
        vouchers = page.locator("#papers-vouchers")
        vouchers.locator("input[data-upload]").set_input_files(a_file("一.pdf"))
        expect(vouchers).to_contain_text("登入已逾時，檔案還沒傳上去")
        expect(staff.field("成果說明")).to_have_value("辦了二十場")
