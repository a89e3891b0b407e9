"""The papers of an application: a file is sent while something else on the page is typed and not saved yet."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from grants.services.applications import correction_requests
from grants.services.reviews import checks
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.grants.filing import filed_case
from tests.grants.pages import fresh

from .acting import Person, a_file, give_session, hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWER = "圖記已經蓋好，重新上傳"


@pytest.fixture
def world() -> SimpleNamespace:
    """A case that the county has sent back for two corrections."""
    organisation = OrganisationFactory()
    staff, chair, officer = member_of(organisation), chair_of(organisation), person(Role.CASE_OFFICER)
    case = filed_case(organisation, chair)
    checks.receive(officer, case)
    items = "申請書請蓋圖記\n計畫名稱請寫清楚"
    correction_requests.ask_correction(officer, fresh(case), items=items, days=10, edition=fresh(case).edition)
    return SimpleNamespace(staff=staff, case=fresh(case), step=f"/applications/{case.number}/edit/documents/")


def answers(world) -> list[tuple[bool, str]]:
    rows = world.case.corrections.get().rows.order_by("place")
    return list(rows.values_list("done", "answer"))


def test_an_answer_and_a_note_outlive_the_upload(page, world):
    give_session(page, world.staff)
    staff, held = Person(page, world.staff), hold(page, "**/corrections/")
    staff.goes(world.step)
    item = page.locator("#corrections li").first
    item.get_by_role("textbox").fill(ANSWER)
    item.get_by_role("checkbox").check()
    other = page.locator("#div-other")
    other.get_by_text("附其他文件").click()
    other.get_by_label("這是什麼文件？").fill("三家估價")
    form = page.locator("#div-application_form")
    form.get_by_text("再加檔案").first.click()
    form.locator("input[data-upload]").set_input_files(a_file("蓋章二版.pdf"))
    expect(form).to_contain_text("已收到「蓋章二版.pdf」")
    form.get_by_role("button", name=re.compile("移除.*蓋章二版.pdf")).click()
    expect(form).to_contain_text("已移除「蓋章二版.pdf」")
    expect(item.get_by_role("textbox")).to_have_value(ANSWER)
    expect(other.get_by_label("這是什麼文件？")).to_have_value("三家估價")
    assert answers(world) == [(False, ""), (False, "")]
    held.release()
    expect(page.locator("#corrections [data-autosave-state]")).to_contain_text("已儲存")
    assert answers(world) == [(True, ANSWER), (False, "")]


@pytest.mark.parametrize("step", ["organisation", "project", "budget", "budget/import", "documents", "review"])
def test_answers_to_the_county_save_themselves_on_every_step(page, world, step):
    give_session(page, world.staff)
    at = {"budget": "budget/", "budget/import": "budget/import/"}.get(step, f"edit/{step}/")
    Person(page, world.staff).goes(f"/applications/{world.case.number}/{at}")
    page.locator("#corrections li").first.get_by_role("textbox").fill(ANSWER)
    expect(page.locator("#corrections [data-autosave-state]")).to_contain_text("已儲存")
    assert answers(world) == [(False, ANSWER), (False, "")]


def test_without_scripts_the_files_and_their_note_go_with_each_button(page_without_js, world):
    give_session(page_without_js, world.staff)
    staff = Person(page_without_js, world.staff).goes(world.step)
    other = staff.page.locator("#div-other")
    other.get_by_text("附其他文件").click()
    staff.fill({"這是什麼文件？": "三家估價"}, other)
    other.locator("input[type=file]").set_input_files([a_file("一.pdf"), a_file("二.pdf")])
    staff.press("移除", staff.page.locator("#div-application_form")).sees(
        "已收到「一.pdf」", "已收到「二.pdf」", "已移除"
    )
    kept = world.case.documents.filter(kind="other").order_by("id")
    assert [(row.file.name, row.note) for row in kept] == [("一.pdf", "三家估價"), ("二.pdf", "三家估價")]
