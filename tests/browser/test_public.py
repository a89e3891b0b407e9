"""What anybody can do: the check of two minutes with and without a script, a password that is looked at, a word explained."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from communities.services.organisations import load_townships
from grants.services.schemes import sync
from tests.factories.communities import QISHAN

pytestmark = pytest.mark.browser


def press(page: Page, label: str) -> None:
    page.get_by_text(label, exact=True).click()
    page.get_by_role("button", name="下一題").click()


def fill(page: Page, text: str) -> None:
    page.locator("form.check-form input[type=text]").fill(text)
    page.get_by_role("button", name="下一題").click()


def check(page: Page) -> None:
    """From the home page to the sum: eight questions, each a short page."""
    page.goto("/")
    page.locator("main").get_by_role("link", name="兩分鐘檢查").first.click()
    press(page, "社區發展協會")
    press(page, "高雄縣")
    press(page, "是")
    press(page, "讓長輩有地方活動、吃飯，行動不便的送餐到家。")
    page.locator("#id_area").select_option(QISHAN)
    page.get_by_role("button", name="下一題").click()
    fill(page, "99/7/1")
    fill(page, "六")
    expect(page.locator("#id_months_error")).to_contain_text("1 到 36")
    fill(page, "6")
    fill(page, "2位")
    expect(page.locator("h1")).to_have_text("可以申請")
    expect(page.locator(".big-sum")).to_contain_text("105,600")
    expect(page.locator(".contact-box")).to_contain_text("07-7477611")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("window", ["phone", "page_without_js"])
def test_the_check_of_two_minutes(request, window, axe):
    sync.sync()
    load_townships()
    page = request.getfixturevalue(window)
    check(page)
    # A change asks that one question again and keeps the others.
    page.locator(".answered dl > div", has_text="打算從什麼時候開始").get_by_role("link").click()
    fill(page, "99/8/1")
    expect(page.locator(".answered")).to_contain_text("99年8月1日")
    if window == "phone":
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_password_can_be_looked_at_and_is_hidden_again(page):
    page.goto(reverse("account_login"))
    field = page.locator("#id_password")
    field.fill("demo")
    page.get_by_role("button", name="顯示密碼").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="隱藏密碼").click()
    expect(field).to_have_attribute("type", "password")


def test_a_word_of_the_office_explains_itself(page_without_js):
    sync.sync()
    page_without_js.goto(reverse("grants:scheme", args=["miaoli-welfare"]))
    words = page_without_js.locator(".term-words").first
    expect(words).to_be_hidden()
    page_without_js.get_by_role("button", name="初審").click()
    expect(words).to_be_visible()
    expect(words).to_contain_text("先看一次文件齊不齊")
    page_without_js.keyboard.press("Escape")
    expect(words).to_be_hidden()
