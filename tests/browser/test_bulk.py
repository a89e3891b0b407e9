"""An officer with sixty waiting cases receives them all in one act; on a phone and without JavaScript as well."""

import pytest
from playwright.sync_api import expect

from grants.enums import ApplicationStatus as S
from grants.models import Application
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lists.bulk import services
from tests.chromium import PHONE_WINDOW
from tests.factories.accounts import person
from tests.grants.desks import bare

from .acting import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "window", [{}, PHONE_WINDOW | {"java_script_enabled": False}], ids=["wide", "phone without JavaScript"]
)
def test_sixty_waiting_cases_are_received_with_four_clicks(open_page, window):
    officer = person(Role.CASE_OFFICER)
    for number in range(60):
        bare(S.SUBMITTED, title=f"社區計畫{number}")
    at = Person(open_page(**window), officer).sign_in().goes("/desk/")
    clicks = 0

    def click(words: str) -> None:
        nonlocal clicks
        at.press(words).fits()
        clicks += 1

    click("待收件")
    at.sees("待收件：60 件")
    at.page.get_by_label("全部 60 筆").check()
    clicks += 1
    click("收件")
    at.sees("整批收件：60 件")
    click("確認收件 60 件")
    assert clicks == 4
    at.sees("還有 60 件在辦")
    services.work_pending()
    at.goes("/bulk/").press("收件")
    at.sees("辦完了，60 件都辦好了").fits()
    assert Application.objects.filter(status=S.COMPLETENESS_CHECK, officer=officer).count() == 60
    expect(at.page.locator(".tag.good")).to_have_count(60)
