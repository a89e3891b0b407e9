"""A judge with a tablet on a visit: the sheet is filled in without net, two devices lose nothing, the next association comes."""

import re

import pytest
from playwright.sync_api import Page, expect

from evaluation.models import Sheet
from evaluation.services.sheets import assign
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory
from tests.factories.evaluation import a_round

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATE = "[data-autosave-state]"
SAVED = re.compile(r"已儲存 \d\d:\d\d")
FIRST, SECOND = "會員大會", "任期、改選"


def at(window: Page, judge, sheet: Sheet) -> Person:
    give_session(window, judge)
    return Person(window, judge).goes(f"/evaluation/sheets/{sheet.pk}/")


def points_of(sheet: Sheet) -> list[str]:
    return [str(score.points) for score in sheet.scores.order_by("indicator__position")]


def two_devices_lose_nothing(tablet: Person, desk: Person, sheet: Sheet) -> None:
    """Without net the sheet stays on the device, and goes when the net is back; meanwhile the desk wrote other points."""
    tablet.page.context.set_offline(True)
    tablet.fill({FIRST: "7.5", SECOND: "5"})
    expect(tablet.page.locator(STATE)).to_contain_text("內容先留在這台裝置")
    desk.fill({FIRST: "6"})
    expect(desk.page.locator(STATE)).to_have_text(SAVED)
    tablet.page.context.set_offline(False)
    panel = tablet.page.locator("[data-conflicts]")
    expect(panel).to_contain_text("7.5")
    assert points_of(sheet) == ["6.0"]
    panel.get_by_label(re.compile("我填的")).click()
    expect(tablet.page.locator(STATE)).to_have_text(SAVED)
    assert points_of(sheet) == ["7.5", "5.0"]


def a_whole_sheet_leads_on(tablet: Person, sheet: Sheet, following: Sheet) -> None:
    """What lacks is said, what cannot be points is said at its field, and then the next association comes."""
    tablet.press("送出，評下一個").sees("還有8項沒有評分")
    for field in tablet.page.locator("fieldset input[type=text]").all()[2:]:
        field.fill("3")
    tablet.fill({SECOND: "9", "評語": "資料齊全"}).press("送出，評下一個").sees("這一項最高6分")
    tablet.fill({SECOND: "6"}).press("送出，評下一個").sees("接著是下一個協會", following.entry.organisation.name)
    sheet.refresh_from_db()
    assert (points_of(sheet), bool(sheet.submitted_on)) == (["7.5", "6.0", *["3.0"] * 8], True)


def the_grid_saves_each_row(tablet: Person, following: Sheet, axe) -> None:
    tablet.page.get_by_label("沒有", exact=True).check()
    tablet.press("送出聲明").goes("/evaluation/99/grid/").fits()
    axe(tablet.page)
    row = tablet.page.locator(f"#sheet-{following.pk}")
    row.get_by_label(re.compile(FIRST)).fill("4.5")
    expect(row.locator(STATE)).to_have_text(SAVED)
    assert points_of(following) == ["4.5"]


def test_a_judge_scores_on_a_visit_without_net_and_on_two_devices(phone, page, axe):
    OrganisationFactory.create_batch(2)
    round_, judge = a_round(), person(Role.REVIEWER)
    assign(round_.opened_by, round_, round_.entries.all(), [judge])
    sheet, following = Sheet.objects.order_by("entry__organisation__name")
    tablet = at(phone, judge, sheet)
    tablet.page.get_by_label("沒有", exact=True).check()
    tablet.press("送出聲明").fits()
    axe(tablet.page)
    desk = at(page, judge, sheet)
    two_devices_lose_nothing(tablet, desk, sheet)
    a_whole_sheet_leads_on(tablet, sheet, following)
    the_grid_saves_each_row(tablet, following, axe)
    # Keys are quiet while somebody is in a field.
    desk.page.get_by_role("heading", level=1).click()
    desk.page.keyboard.press("n")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(following.entry.organisation.name)
