"""By keyboard alone: the filing and the deciding flow, the skip link, the visible focus."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from grants.enums import ApplicationStatus
from grants.models import Application
from grants.services.applications import filing
from grants.services.reviews.checks import receive
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import EnvelopeFactory
from tests.grants.filing import add_line, ready_case

from .acting import PASSWORD, Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_STEPS = 150


@pytest.fixture
def world() -> SimpleNamespace:
    organisation = OrganisationFactory()
    chair = chair_of(organisation)
    return SimpleNamespace(
        chair=chair,
        case=ready_case(organisation, chair),
        officer=person(Role.CASE_OFFICER),
        head=person(Role.APPROVER),
    )


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus, which must be seen wherever it stands."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            expect(wanted).to_be_in_viewport()
            assert focus_is_seen(page), page.evaluate("document.activeElement.outerHTML")
            return
    raise AssertionError(f"{wanted} is not reached with Tab on {page.url}")


def focus_is_seen(page: Page) -> bool:
    """Whether the element in focus is drawn with an outline or a ring around it."""
    return page.evaluate(
        """() => {
            const style = getComputedStyle(document.activeElement);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
        }"""
    )


def enter(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to a button or link with Tab and press it."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press(key)


def button(page: Page, words: str) -> Locator:
    return page.locator("main").get_by_role("button", name=re.compile(f"^\\s*{words}")).first


def test_signing_in_and_the_skip_link(page, world):
    page.goto("/accounts/login/")
    skip = page.get_by_role("link", name="跳到主要內容區塊")
    tab_to(page, skip)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, page.locator("[name=login]"))
    page.keyboard.type(world.chair.username)
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desk/$"))


def test_filling_in_and_filing(page, world):
    """A line over its limit is mended, a wrong date said and mended, the case filed."""
    line = add_line(world.chair, world.case, "casual_pay", description="活動人力", quantities={"hours": 20})
    give_session(page, world.chair)
    page.goto(f"/applications/{world.case.number}/edit/project/")
    tab_to(page, page.locator("[name=ends_on]"))
    page.keyboard.press("Control+A")
    page.keyboard.type("99/2/31")
    enter(page, button(page, "下一步"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=ends_on]")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("99/12/31")
    enter(page, button(page, "下一步"))

    tab_to(page, page.locator(f"[name=line-{line.pk}-requested]"))
    page.keyboard.type("2000")
    cap = page.get_by_role("button", name="改為上限 1,900 元")
    expect(cap).to_be_visible()
    enter(page, cap, "Space")
    expect(page.locator(f"[name=line-{line.pk}-requested]")).to_have_value("1,900")
    enter(page, button(page, "下一步"))
    page.goto(f"/applications/{world.case.number}/edit/review/")
    enter(page, button(page, "確認送件"))
    expect(page.locator("main")).to_contain_text("已送件")
    assert Application.objects.get().status == ApplicationStatus.SUBMITTED


def test_enter_in_a_budget_field_removes_nothing(page, world):
    give_session(page, world.chair)
    page.goto(f"/applications/{world.case.number}/budget/")
    line = world.case.lines.get()
    tab_to(page, page.locator(f"[name=line-{line.pk}-requested]"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(f"#line-{line.pk}")).to_be_visible()
    assert world.case.lines.count() == 1


def test_checking_proposing_and_deciding(page, open_page, world):
    filing.file(world.chair, world.case, "00000000-0000-4000-8000-000000000001", edition=world.case.edition)
    EnvelopeFactory(scheme=world.case.scheme)
    officer = Person(page, world.officer)
    give_session(page, world.officer)
    officer.goes(f"/applications/{world.case.number}/")
    enter(page, button(page, "收件"))
    for row in page.locator("fieldset.check").all():
        tab_to(page, row.get_by_role("radio").first)
        page.keyboard.press("Space")
    enter(page, page.locator(".foot button", has_text="檢核完成"))
    line = world.case.lines.get()
    tab_to(page, page.locator(f"[name=amount-{line.pk}]"))
    page.keyboard.press("Control+A")
    page.keyboard.type("9000")
    tab_to(page, page.locator(f"[name=reason-{line.pk}]"))
    page.keyboard.type("依市價核減")
    enter(page, page.locator(".foot button", has_text="送主管核定"))
    officer.sees("已提出核定建議")

    desk = open_page()
    give_session(desk, world.head)
    desk.goto(f"/applications/{world.case.number}/decision/")
    enter(desk, desk.locator("#decision button", has_text="核定並產生函稿"))
    expect(desk.locator("main")).to_contain_text("已核定")
    assert Application.objects.get().status == ApplicationStatus.APPROVED


def test_enter_in_a_figure_of_the_proposal_proposes_nothing(page, world):
    filing.file(world.chair, world.case, "00000000-0000-4000-8000-000000000001", edition=world.case.edition)
    people = SimpleNamespace(officer=world.officer)
    case = reviews.checked(people, receive(world.officer, world.case))
    give_session(page, world.officer)
    page.goto(f"/applications/{case.number}/proposal/")
    tab_to(page, page.locator(f"[name=amount-{case.lines.get().pk}]"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Application.objects.get().status == ApplicationStatus.UNDER_REVIEW
