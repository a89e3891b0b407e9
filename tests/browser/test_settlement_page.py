"""The association's page of the 結報: two windows, and files that are sent while something is typed."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from grants.models import Award, Settlement
from tests.factories.money import approved, member
from tests.grants.settling import opened

from . import settling_steps
from .acting import Person, a_file, give_session, hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^已儲存 \d\d:\d\d")


@pytest.fixture
def award() -> Award:
    award = approved()
    opened(award, member(award))
    return award


@pytest.fixture
def sits(award):
    """Somebody of the association at the page."""
    user = member(award)

    def sit(page: Page) -> Person:
        give_session(page, user)
        return Person(page, user).goes(f"/settlements/{award.number}/")

    return sit


@pytest.fixture
def windows(page, sits) -> tuple[Person, Person]:
    return sits(page), sits(page.context.new_page())


def state(person: Person) -> Locator:
    return person.page.locator("#report [data-autosave-state]")


def kept() -> tuple[str, int | None, int | None]:
    row = Settlement.objects.get()
    return row.outcome, row.people_served, row.lines.order_by("line__position").first().spent


class TestTwoWindows:
    def test_different_fields_are_both_kept(self, windows):
        first, second = windows
        second.fill({"第 1 項實支": "30,000"})
        expect(state(second)).to_have_text(SAVED)
        first.fill({"成果說明": "辦了二十場"})
        expect(state(first)).to_contain_text("剛改了「第 1 項實支」，已經帶進這一頁")
        expect(first.field("第 1 項實支")).to_have_value("30,000")
        settling_steps.forecast(first, "30,000")
        assert kept() == ("辦了二十場", None, 30_000)

    @pytest.mark.parametrize(("choice", "spent"), [("我填的", 20_000), ("現在存的", 30_000)])
    def test_the_same_figure_is_asked_with_both_texts(self, windows, axe, choice, spent):
        first, second = windows
        second.fill({"第 1 項實支": "30,000"})
        expect(state(second)).to_have_text(SAVED)
        first.fill({"第 1 項實支": "20,000", "服務人次": "640"})
        panel = first.page.locator("[data-conflicts]")
        for text in ("第 1 項實支", "20,000", "30,000"):
            expect(panel).to_contain_text(text)
        axe(first.page)
        assert kept() == ("", None, 30_000)
        # The button of the page neither sends nor overwrites while it is not decided.
        first.press("送出結報", first.page.locator(".next")).sees("我填的", "現在存的")
        assert (kept(), Settlement.objects.get().status) == (("", None, 30_000), "draft")
        first.page.locator("[data-conflicts]").get_by_label(re.compile(choice)).click()
        expect(state(first)).to_have_text(SAVED)
        expect(first.field("第 1 項實支")).to_have_value(f"{spent:,}")
        assert kept() == ("", 640, spent)

    def test_without_scripts_the_buttons_ask_and_ask_again(self, page_without_js, sits):
        first, second = sits(page_without_js), sits(page_without_js.context.new_page())
        second.fill({"成果說明": "第二個視窗"}).press("儲存，還不送出").sees("已儲存")
        first.fill({"成果說明": "第一個視窗", "服務人次": "640"}).press("送出結報")
        first.sees("我填的", "第一個視窗", "現在存的", "第二個視窗").press("儲存，還不送出")
        assert kept() == ("第二個視窗", None, None)
        first.page.get_by_label(re.compile("我填的")).check()
        first.press("儲存，還不送出")
        assert kept() == ("第一個視窗", 640, None)


class TestUploadWhileTyping:
    def test_what_is_typed_and_not_saved_outlives_each_upload(self, page, sits):
        held = hold(page, "**/report/")
        staff = sits(page)
        typed = {"第 1 項實支": "30,000", "成果說明": "辦了二十場", "服務人次": "640"}
        staff.fill(typed)
        vouchers = page.locator("#papers-vouchers")
        vouchers.locator("input[data-upload]").set_input_files([a_file("一.pdf"), a_file("二.pdf")])
        expect(vouchers.get_by_role("link", name="二.pdf")).to_be_visible()
        vouchers.get_by_role("button", name=re.compile("移除.*一.pdf")).click()
        vouchers.get_by_role("button", name="復原").click()
        expect(vouchers.get_by_role("link", name="一.pdf")).to_be_visible()
        page.locator("#papers-photos input[data-upload]").set_input_files(a_file("程式.pdf", b"MZ\x90\x00" + bytes(60)))
        expect(page.locator("#papers-photos")).to_contain_text("不能上傳")
        for label, value in typed.items():
            expect(staff.field(label)).to_have_value(value)
        assert kept() == ("", None, None)
        held.release()
        expect(state(staff)).to_have_text(SAVED)
        assert kept() == ("辦了二十場", 640, 30_000)
        assert Settlement.objects.get().documents.filter(kind="vouchers").count() == 2

    def test_without_scripts_every_button_carries_what_was_typed(self, page_without_js, sits):
        staff = sits(page_without_js)
        vouchers = staff.page.locator("#papers-vouchers")
        vouchers.locator("input[type=file]").set_input_files([a_file("一.pdf"), a_file("二.pdf")])
        staff.fill({"成果說明": "辦了二十場"}).press("儲存，還不送出").sees("已收到「一.pdf」", "已收到「二.pdf」")
        staff.fill({"服務人次": "640"}).press("移除", vouchers).sees("已移除「一.pdf」")
        staff.fill({"第 1 項實支": "30,000"}).press("復原", vouchers).sees("已復原「一.pdf」")
        assert kept() == ("辦了二十場", 640, 30_000)
        # What is chosen is taken in although a figure cannot be read, which stays as it was typed.
        vouchers.locator("input[type=file]").set_input_files(a_file("三.pdf"))
        staff.fill({"第 1 項實支": "三萬"}).press("送出結報").sees("已收到「三.pdf」")
        expect(staff.field("第 1 項實支")).to_have_value("三萬")
        assert Settlement.objects.get().documents.filter(kind="vouchers").count() == 3
