"""A change after the approval from the association's phone to the letter: money between lines, later days, giving up, and
a mistyped day of completion.
"""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from grants.models import Amendment, Award, Deadline, Letter
from tests.factories import money
from tests.factories.communities import chair_of, member_of
from tests.grants import amending, settling
from tests.grants.issuing import issue

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff():
    return money.county()


@pytest.fixture
def award(staff) -> Award:
    return money.approved(staff=staff, settlement_due=dt.date(2010, 9, 30))


def at(page: Page, user, path: str) -> Person:
    give_session(page, user)
    return Person(page, user).goes(path)


def link(row: Amendment) -> str:
    return f"/amendments/{row.pk}/"


def test_a_receipt_that_fits_no_line_leads_to_the_change_and_to_its_letter(
    phone, page_without_js, page, award, staff, axe
):
    body = award.application.organisation
    writer, chair = member_of(body), chair_of(body)
    settling.opened(award, writer)
    person = at(phone, writer, f"/settlements/{award.number}/").press("這張收據不符項目")
    first, second = award.lines.order_by("position")
    person.field("改為（元）", phone.locator(f"#line-{second.pk}")).fill("49,000")
    person.press("先檢查").sees("變更後合計 129,000 元", "多出 9,000 元，請從別的項目減列", "最多 48,000 元").fits()
    person.field("改為（元）", phone.locator(f"#line-{first.pk}")).fill("71,000")
    person.fill({"為什麼要變更": "印刷費有剩，改買材料"})
    attaches_a_quotation(person)
    axe(phone)
    row = Amendment.objects.get()
    at(page_without_js, chair, "/desk/").sees("待您確認變更").goes(link(row)).press("確認送出變更").sees("已送出")
    officer = at(page, staff.officer, link(row)).sees("80,000 元", "71,000 元", "超出 1,000 元")
    shown = page.get_by_role("region", name="變更的附件").get_by_role("img", name="新的報價單 第 1 頁")
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("picture => picture.naturalWidth") > 500
    for item in row.items.all():
        page.locator(f"input[name=item-{item.pk}][value=yes]").check()
    officer.press("送主管核定", page.locator("#answers")).sees("已送主管核定")
    head = at(page, staff.head, link(row)).sees("承辦意見")
    axe(page)
    head.press("決定並產生函稿").sees("已決定，並擬好函稿")
    letter = Letter.objects.get(kind="amendment_approved")
    assert "同意變更" in letter.subject
    issue(staff, letter)
    at(phone, writer, f"/awards/{award.number}/").sees("第 1 次計畫變更", "同意變更", "歷次核定內容").fits()
    assert [line.approved for line in award.lines.order_by("position")] == [71_000, 49_000]


def attaches_a_quotation(person: Person) -> None:
    """One file is sent when it is chosen, and waits until what is missing was written; another is added afterwards."""
    page = person.page
    page.get_by_text("附件：新的報價單、會議紀錄").click()
    page.get_by_label("附件 2 是什麼文件").fill("會議紀錄")
    person.press("送請理事長確認").sees("請選擇檔案")
    page.get_by_label("附件 2 是什麼文件").fill("")
    page.get_by_label("附件 1", exact=True).set_input_files(a_file("報價單.pdf"))
    expect(page.get_by_text("已收到")).to_be_visible()
    page.get_by_label("附件 1 是什麼文件").fill("新的報價單")
    person.press("先檢查").sees("已收到").press("送請理事長確認").sees("已送請理事長確認", "新的報價單").fits()
    page.get_by_text("再附一份文件").click()
    person.press("附上這份文件").sees("請選擇檔案").fits()
    person.fill({"這是什麼文件": "會議紀錄"}, page.locator("#papers"))
    person.field("檔案", page.locator("#papers")).set_input_files(a_file("報價單.pdf"))
    person.press("附上這份文件").sees("已附上「會議紀錄」")
    person.press("移除「會議紀錄」").sees("已移除「會議紀錄」").fits()


def test_an_item_that_the_approval_did_not_have_comes_into_letter_and_account(
    phone, page_without_js, page, award, staff, axe
):
    writer = member_of(award.application.organisation)
    settling.opened(award, writer)
    sees_what_the_law_says_of_a_lecturer(phone, writer, award, axe)
    adds_a_sundry_item(page_without_js, award)
    row = Amendment.objects.get()
    officer = at(page, staff.officer, link(row)).sees("新增經費項目", "全部由其他項目流入")
    for item in row.items.all():
        page.locator(f"input[name=item-{item.pk}][value=yes]").check()
    officer.press("送主管核定", page.locator("#answers")).sees("已送主管核定")
    axe(page)
    at(page, staff.head, link(row)).press("決定並產生函稿").sees("已決定，並擬好函稿")
    issue(staff, Letter.objects.get(kind="amendment_approved"))
    at(phone, writer, f"/settlements/{award.number}/").sees("雜支", "場地清潔").fits()
    at(phone, writer, f"/awards/{award.number}/").sees("第 1 次計畫變更新增").fits()


def sees_what_the_law_says_of_a_lecturer(phone: Page, writer, award: Award, axe) -> None:
    person = at(phone, writer, f"/awards/{award.number}/amendments/new/?line={award.lines.first().pk}")
    person.press("＋ 新增一項").sees("請先選一個經費項目").fits()
    phone.get_by_label("要加哪一種費用？").select_option("lecturer_fee")
    person.press("＋ 新增一項").sees("新增：講師鐘點費").fits()
    new = phone.locator("#new-1")
    expect(new.get_by_label("用途說明")).to_be_focused()
    axe(phone)
    person.press("先檢查").sees("請填要增加的金額").fits()
    person.fill({"用途說明": "防災課程", "時數（小時）": "10", "單價（元）": "2,000"}, new).press("先檢查")
    person.sees("多出 20,000 元", "新增的 20,000 元全部由其他項目流入", "上限").fits()
    assert new.get_by_label("申請補助（元）").input_value() == "20,000"


def adds_a_sundry_item(form: Page, award: Award) -> None:
    """Without a script the chairperson adds an item, and takes a second one away before sending."""
    first = award.lines.first().pk
    chair = at(form, chair_of(award.application.organisation), f"/awards/{award.number}/amendments/new/?line={first}")
    form.get_by_label("要加哪一種費用？").select_option("miscellaneous")
    chair.press("＋ 新增一項").sees("新增：雜支")
    form.get_by_label("要加哪一種費用？").select_option("printing")
    chair.press("＋ 新增一項")
    form.locator("#new-2").get_by_role("button", name="不加這一項").click()
    expect(form.locator("#new-2")).to_have_count(0)
    chair.fill({"用途說明": "場地清潔", "申請補助（元）": "6,000"}, form.locator("#new-1"))
    chair.field("改為（元）", form.locator(f"#line-{first}")).fill("74,000")
    chair.fill({"為什麼要變更": "場地要自己清潔"}).press("送出變更申請").sees("已送出", "新增雜支", "6,000 元")


def test_a_later_end_moves_the_settlement_once_the_letter_is_out(phone, page, award, staff):
    chair = chair_of(award.application.organisation)
    person = at(phone, chair, f"/awards/{award.number}/").press("申請計畫變更、流用或展延")
    person.fill({"結束日期": "99/10/31", "為什麼要變更": "颱風改期"}).press("送出變更申請").sees(
        "已送出，縣府會審核並函復"
    ).fits()
    row = amending.checked(staff, Amendment.objects.get())
    head = at(page, staff.head, "/desk/").press("決定變更")
    item = row.items.get()
    page.locator(f"input[name=item-{item.pk}][value=no]").check()
    page.locator(f"input[name=why-{item.pk}]").fill("")
    head.press("決定並產生函稿").sees("不同意的項目要寫理由")
    page.locator(f"input[name=item-{item.pk}][value=yes]").check()
    head.press("決定並產生函稿").sees("已決定")
    issue(staff, Letter.objects.get(kind="amendment_approved"))
    assert Deadline.objects.get(award=award, kind="settlement").due_on == dt.date(2010, 11, 30)
    at(phone, chair, f"/awards/{award.number}/").sees("99年10月31日", "99年11月30日")


def test_giving_up_tells_what_comes_back_before_it_is_sent(phone, award, staff):
    settling.paid_first(award, staff)
    chair = chair_of(award.application.organisation)
    person = at(phone, chair, f"/awards/{award.number}/").press("放棄計畫").sees("已撥的 60,000 元要全數繳回").fits()
    person.fill({"為什麼放棄": "理監事改選後無人接手"}).press("送出放棄申請").sees("已送出").fits()
    amending.decided(staff, Amendment.objects.get())
    issue(staff, Letter.objects.get(kind="relinquishment"))
    at(phone, chair, f"/settlements/{award.number}/").sees("請繳回 60,000 元")


def test_a_request_is_taken_back_until_it_is_decided(phone, award):
    row = amending.asked(award, amending.place(award))
    person = at(phone, member_of(award.application.organisation), link(row))
    person.press("撤回這件變更").sees("已撤回，原核定內容不變").fits()
    row.refresh_from_db()
    assert row.status == "withdrawn"


def test_a_mistyped_day_of_completion_is_corrected_by_two(phone, page, award, staff):
    writer = member_of(award.application.organisation)
    settling.opened(award, writer)
    person = at(phone, writer, f"/settlements/{award.number}/")
    phone.get_by_text("完成日登記錯了").click()
    form = phone.locator("#correct")
    person.fill({"正確的完成日": "99/5/20", "為什麼要更正": "日期打錯"}, form).press("請求更正", form).sees(
        "已提出更正"
    ).fits()
    at(page, staff.officer, "/desk/").sees("核對更正的日期和理由").goes(f"/settlements/{award.number}/").press(
        "確認更正"
    ).sees("已更正")
    assert Award.objects.get().completed_on == dt.date(2010, 5, 20)
