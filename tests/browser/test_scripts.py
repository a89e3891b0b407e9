"""What the scripts add: drafts that save themselves whatever happens, small photos, single submits, checks while typing."""

import io
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image
from playwright.sync_api import Route, expect

from grants.models import Application
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.grants.filing import add_line, ready_case

from .acting import PASSWORD, Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATE = "[data-autosave-state]"
SAVED = re.compile(r"已儲存 \d\d:\d\d")


@pytest.fixture
def draft() -> SimpleNamespace:
    organisation = OrganisationFactory()
    staff = member_of(organisation)
    case = ready_case(organisation, staff)
    step = f"/applications/{case.number}/edit/project/"
    return SimpleNamespace(organisation=organisation, staff=staff, case=case, step=step)


@pytest.fixture
def staff(page, draft) -> Person:
    give_session(page, draft.staff)
    return Person(page, draft.staff)


def title() -> str:
    return Application.objects.get().title


class TestAutosave:
    def test_typing_saves_and_says_so(self, staff, draft):
        staff.goes(draft.step).fill({"計畫名稱": "長者共餐"})
        expect(staff.page.locator(STATE)).to_have_text(re.compile("尚未儲存|儲存中|已儲存"))
        expect(staff.page.locator(STATE)).to_have_text(SAVED)
        assert title() == "長者共餐"
        staff.goes(draft.step)
        expect(staff.page.get_by_role("button", name="帶回來")).to_have_count(0)

    def test_without_a_network_it_waits_on_the_device(self, staff, draft):
        staff.goes(draft.step)
        staff.page.context.set_offline(True)
        staff.fill({"計畫名稱": "山上沒有訊號"})
        expect(staff.page.locator(STATE)).to_contain_text("網路中斷，內容先留在這台裝置")
        staff.page.context.set_offline(False)
        expect(staff.page.locator(STATE)).to_have_text(SAVED)
        assert title() == "山上沒有訊號"

    def test_what_waited_on_the_device_is_brought_back(self, staff, draft):
        staff.goes(draft.step)
        staff.page.context.set_offline(True)
        staff.fill({"計畫名稱": "電池沒電了"})
        expect(staff.page.locator(STATE)).to_contain_text("網路中斷")
        context = staff.page.context
        staff.page.close()
        context.set_offline(False)
        later = Person(context.new_page(), draft.staff).goes(draft.step)
        expect(later.field("計畫名稱")).to_have_value(draft.case.title)
        later.page.get_by_role("button", name="帶回來").click()
        expect(later.field("計畫名稱")).to_have_value("電池沒電了")
        expect(later.page.locator(STATE)).to_have_text(SAVED)
        assert title() == "電池沒電了"

    def test_another_person_at_the_device_is_offered_nothing(self, staff, draft):
        staff.goes(draft.step)
        staff.page.context.set_offline(True)
        staff.fill({"計畫名稱": "留在裝置上"})
        expect(staff.page.locator(STATE)).to_contain_text("網路中斷")
        context = staff.page.context
        staff.page.close()
        context.set_offline(False)
        other = Person(context.new_page(), member_of(draft.organisation))
        give_session(other.page, other.user)
        other.goes(draft.step)
        expect(other.page.get_by_role("button", name="帶回來")).to_have_count(0)

    def test_a_session_that_ends_while_typing_loses_nothing(self, staff, draft):
        staff.goes(draft.step)
        staff.page.context.clear_cookies()
        staff.fill({"計畫名稱": "吃過飯回來再寫"})
        expect(staff.page.locator(STATE)).to_contain_text("登入已逾時，內容先留在這台裝置")
        expect(staff.page.get_by_role("link", name="在新分頁登入")).to_be_visible()
        assert title() == draft.case.title
        give_session(staff.page, draft.staff)
        staff.page.get_by_role("button", name="登入好了，再存一次").click()
        expect(staff.page.locator(STATE)).to_have_text(SAVED)
        expect(staff.field("計畫名稱")).to_have_value("吃過飯回來再寫")
        assert title() == "吃過飯回來再寫"

    @pytest.mark.parametrize("scripts", [True, False])
    def test_a_button_pressed_after_the_session_ended_loses_nothing(self, open_page, draft, scripts):
        staff = Person(open_page(java_script_enabled=scripts), draft.staff)
        give_session(staff.page, draft.staff)
        staff.goes(draft.step)
        staff.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        staff.fill({"計畫名稱": "按了才發現要重新登入"}).press("下一步")
        staff.fill({"帳號或電子信箱": staff.user.username, "密碼": PASSWORD}).press("登入")
        staff.sees("剛才填的內容還在").press("繼續")
        assert title() == "按了才發現要重新登入"

    def test_what_a_button_saved_is_not_offered_again(self, staff, draft):
        """Typing and adding a line at once: the device's copy is older than what the server holds."""
        staff.goes(f"/applications/{draft.case.number}/budget/")
        for count in (1, 2):
            staff.field("要加哪一種費用").select_option("stationery")
            staff.press("＋ 新增一項")
            expect(staff.page.locator(".entry", has_text="文具紙張")).to_have_count(count)
            expect(staff.page.get_by_role("button", name="帶回來")).to_have_count(0)
            staff.fill({"申請補助": "1,200"}, staff.page.locator(".entry", has_text="文具紙張").last)
        line = draft.case.lines.filter(item="stationery").first()
        assert line.requested == 1_200

    def test_what_cannot_be_read_is_said_and_the_rest_is_saved(self, staff, draft):
        staff.goes(draft.step).fill({"計畫名稱": "日期寫錯", "結束日期": "99/2/31"})
        expect(staff.page.locator(STATE)).to_contain_text("「結束日期」要改")
        assert title() == "日期寫錯"
        staff.fill({"結束日期": "99/12/31"})
        expect(staff.page.locator(STATE)).to_have_text(SAVED)


class TestLiveCheck:
    @pytest.fixture
    def lecturer(self, draft):
        values = {"requested": 9_600, "quantities": {"hours": 6, "in_house": False}}
        return add_line(draft.staff, draft.case, "lecturer_fee", description="講師", **values)

    @pytest.fixture
    def line(self, staff, draft, lecturer):
        staff.goes(f"/applications/{draft.case.number}/budget/")
        return staff.page.locator(f"#line-{lecturer.pk}")

    @pytest.fixture
    def held(self, staff, line) -> list[Route]:
        """Checks that are on their way and not answered, until the test lets them go."""
        held: list[Route] = []
        staff.page.route("**/budget/check/", lambda route: held.append(route))
        return held

    def test_findings_come_while_typing_and_are_read_out(self, staff, line):
        staff.fill({"申請補助": "10,200"}, line)
        expect(line).to_contain_text("超出 600 元")
        expect(line.get_by_role("button", name="改為上限 9,600 元")).to_be_visible()
        expect(staff.page.get_by_role("status").filter(has_text="還有 1 項必須修正")).to_have_count(1)
        expect(staff.page.locator("#budget-summary")).to_contain_text("還有 1 項必須修正")
        staff.fill({"申請補助": "9,600"}, line)
        expect(line).not_to_contain_text("必須修正")

    def test_one_check_at_a_time_and_the_last_word_wins(self, staff, line, held):
        staff.page.clock.install()
        with staff.page.expect_request("**/budget/check/"):
            staff.fill({"申請補助": "1"}, line)
            staff.page.clock.run_for(1_000)
        for amount in ("10", "102", "1020", "10200"):
            staff.fill({"申請補助": amount}, line)
            staff.page.clock.run_for(1_000)
        assert len(held) == 1
        with staff.page.expect_request("**/budget/check/") as second:
            staff.page.unroute("**/budget/check/")  # which lets the first one go
        assert "requested=10200" in (second.value.post_data or "")
        expect(line).to_contain_text("超出 600 元")

    def test_a_reason_typed_while_the_check_is_on_its_way_stays(self, staff, draft, line, held):
        values = {"requested": 2_160, "description": "電話費"}
        between = add_line(draft.staff, draft.case, "admin_overhead", **values)
        staff.goes(f"/applications/{draft.case.number}/budget/")
        margin = staff.page.locator(f"#margin-{between.pk}")
        with staff.page.expect_request("**/budget/check/"):
            staff.fill({"申請補助": "9500"}, line)
        staff.fill({"說明（送審查人員）": "電話比較多"}, margin)
        staff.field("用途說明", line).focus()
        with staff.page.expect_response("**/budget/check/"):
            held.pop().continue_()
        expect(margin).to_contain_text("19,500 元")
        expect(staff.field("說明（送審查人員）", margin)).to_have_value("電話比較多")
        staff.page.unroute("**/budget/check/")
        expect(staff.page.locator(STATE)).to_have_text(SAVED)
        assert draft.case.justifications.get().text == "電話比較多"

    def test_a_margin_that_somebody_is_in_is_renewed_and_keeps_the_focus(self, staff, draft, line, held):
        with staff.page.expect_request("**/budget/check/"):
            staff.fill({"申請補助": "10200"}, line)
        line.locator(".says summary").first.focus()
        with staff.page.expect_response("**/budget/check/"):
            held.pop().continue_()
        expect(line).to_contain_text("超出 600 元")
        assert staff.page.evaluate("document.activeElement.closest('.says') !== null")

    def test_an_answer_that_is_lost_on_the_way_blocks_nothing(self, staff, draft, line):
        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        staff.page.route("**/budget/check/", lose, times=1)
        staff.fill({"申請補助": "10200"}, line)
        expect(staff.page.locator(STATE)).to_contain_text("網路中斷")
        expect(staff.page.locator(STATE)).to_have_text(SAVED)
        expect(line).to_contain_text("超出 600 元")

    def test_a_button_pressed_during_a_check_is_not_refused_as_stale(self, staff, line, held):
        with staff.page.expect_request("**/budget/check/"):
            staff.fill({"申請補助": "9000"}, line)
        staff.page.get_by_label("要加哪一種費用").select_option("stationery")
        staff.page.get_by_role("button", name="＋ 新增一項").click()
        with staff.page.expect_navigation():
            held.pop().continue_()
        expect(staff.page.get_by_role("group", name=re.compile("文具紙張"))).to_be_visible()
        expect(staff.page.locator("[data-error-summary]")).to_have_count(0)
        assert Application.objects.get().lines.count() == 3


class TestUpload:
    def test_a_photo_is_made_smaller_before_it_is_sent(self, staff, draft):
        photo = _photo()
        staff.goes(f"/applications/{draft.case.number}/edit/documents/")
        section = staff.page.locator("#div-other")
        section.locator("input[type=file]").set_input_files(a_file("現場.jpg", photo, "image/jpeg"))
        expect(section).to_contain_text("已收到「現場.jpg」")
        stored = draft.case.documents.get(kind="other").file
        assert stored.size < len(photo)
        with default_storage.open(stored.path) as kept:
            assert Image.open(kept).size == (2400, 2080)

    def test_what_is_too_big_is_said_before_it_is_sent(self, staff, draft, settings):
        settings.MAX_UPLOAD_BYTES = 1000
        staff.goes(f"/applications/{draft.case.number}/edit/documents/")
        section = staff.page.locator("#div-other")
        field = section.locator("input[type=file]")
        limit = int(field.get_attribute("data-max-bytes"))
        field.set_input_files(a_file("掃描.pdf", bytes(limit + 1)))
        expect(section).to_contain_text("請換小一點的檔案")

    def test_chosen_files_are_sent_at_once_and_the_page_stays_where_it_is(self, staff, draft):
        staff.goes(f"/applications/{draft.case.number}/edit/documents/")
        section = staff.page.locator("#div-other")
        section.get_by_text("附其他文件").click()
        section.get_by_label("這是什麼文件？").fill("三家估價")
        section.locator("input[type=file]").scroll_into_view_if_needed()
        place = staff.page.evaluate("scrollY")
        section.locator("input[type=file]").set_input_files([a_file("一.pdf"), a_file("二.pdf")])
        expect(section).to_contain_text("已收到「二.pdf」")
        # What lies above may have grown or folded by a line or two; the page does not go back to its top.
        assert abs(staff.page.evaluate("scrollY") - place) < 120
        kept = draft.case.documents.filter(kind="other").order_by("id")
        assert [(row.file.name, row.note) for row in kept] == [("一.pdf", "三家估價"), ("二.pdf", "三家估價")]
        section.get_by_role("button", name=re.compile("移除.*一.pdf")).click()
        expect(section).to_contain_text("已移除「一.pdf」")
        section.get_by_role("button", name="復原").click()
        expect(section.get_by_role("link", name="一.pdf")).to_be_visible()
        assert kept.count() == 2

    def test_what_did_not_arrive_is_said_and_goes_with_the_main_button(self, staff, draft):
        staff.goes(f"/applications/{draft.case.number}/edit/documents/")
        section = staff.page.locator("#div-other")
        staff.page.context.set_offline(True)
        section.locator("input[type=file]").set_input_files(a_file("一.pdf"))
        expect(section).to_contain_text("「一.pdf」沒有傳上去")
        staff.page.context.set_offline(False)
        staff.press("下一步：確認送件")
        expect(staff.page).to_have_url(re.compile("/edit/review/$"))
        assert draft.case.documents.filter(kind="other", file__name="一.pdf").exists()

    def test_a_button_pressed_during_an_upload_waits_for_it(self, staff, draft):
        held = []
        staff.page.route(
            "**/edit/documents/", lambda route: held.append(route) if _is_xhr(route) else route.continue_()
        )
        staff.goes(f"/applications/{draft.case.number}/edit/documents/")
        with staff.page.expect_request("**/edit/documents/"):
            staff.page.locator("#div-other input[type=file]").set_input_files(a_file("一.pdf"))
        staff.page.get_by_role("button", name="下一步：確認送件").click()
        with staff.page.expect_navigation(url=re.compile("/edit/review/$")):
            held.pop().continue_()
        assert draft.case.documents.filter(kind="other").count() == 1


def test_a_double_click_files_once(page, draft):
    chair = Person(page, chair_of(draft.organisation))
    give_session(page, chair.user)
    posted = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    chair.goes(f"/applications/{draft.case.number}/edit/review/")
    with page.expect_navigation():
        page.get_by_role("button", name="確認送件").dblclick()
    chair.sees("已送件")
    assert len(posted) == 1
    assert draft.case.versions.count() == 1


def test_an_error_takes_the_focus_and_leads_to_its_field(staff, draft):
    staff.goes(draft.step).fill({"結束日期": "99/2/31"}).press("下一步")
    summary = staff.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(staff.field("結束日期")).to_be_focused()


def _is_xhr(route: Route) -> bool:
    return route.request.resource_type == "xhr"


def _photo() -> bytes:
    """A JPEG above 2 MB, as phones make them."""
    out = io.BytesIO()
    Image.effect_noise((3000, 2600), 90).convert("RGB").save(out, "JPEG", quality=85)
    assert len(out.getvalue()) > 2 * 1024 * 1024
    return out.getvalue()
