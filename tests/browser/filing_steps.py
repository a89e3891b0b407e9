"""Filling in an application as the association's staff does, page by page, without a shortcut."""

import re

from playwright.sync_api import Locator, expect

from tests.files import samples

from .acting import Person, a_file

PROGRAMME = "成長性或預防性計畫"
TITLE = "婦女成長讀書會"


def start(staff: Person) -> str:
    """Start the application; answers its number."""
    staff.goes("/applications/new/")
    card = staff.page.get_by_role("listitem").filter(has_text=PROGRAMME)
    staff.press("開始填寫", card)
    return re.search(r"/applications/([^/]+)/", staff.page.url)[1]  # type: ignore[index]


def organisation(staff: Person) -> None:
    staff.fill({"聯絡人": "王小明", "聯絡電話": "07-6610000"}).fits()
    staff.press("下一步：計畫內容")


def project(staff: Person) -> None:
    """With 31 February first: a sentence at the field, and nothing else lost."""
    staff.fill(
        {
            "計畫名稱": TITLE,
            "開始日期": "99/6/7",
            "結束日期": "99/2/31",
            "為什麼要辦": "風災後婦女需要互相支持",
            "要做什麼": "每週一次讀書會和烹飪課",
            "幫助到誰": "社區婦女三十位",
        }
    ).fits()
    staff.page.get_by_label("成長與支持").check()
    staff.field("活動性質").select_option(label="一般服務或學習活動")
    for question in ("有開課嗎", "會使用土地"):
        staff.field(question).select_option(label="否")
    staff.press("下一步：經費概算")
    summary = staff.page.locator("[data-error-summary]")
    expect(summary).to_contain_text("結束日期")
    expect(staff.field("結束日期")).to_have_value("99/2/31")
    expect(staff.field("計畫名稱")).to_have_value(TITLE)
    staff.fill({"結束日期": "９９年７月９日"}).press("下一步：經費概算")


def budget(staff: Person, scripts: bool) -> None:
    """Four lines: a lecturer over the hourly limit, mended by its button, and an insurance that wants a reason."""
    lecturer = _add(staff, "講師鐘點費")
    _open(lecturer)
    staff.fill({"用途說明": "讀書會講師", "姓名": "林講師", "時數": "6", "申請補助": "10,200"}, lecturer)
    staff.field("內聘或外聘", lecturer).select_option(label="外聘")
    _check(staff, scripts)
    expect(lecturer).to_contain_text("必須修正")
    expect(lecturer).to_contain_text("超出 600 元")
    staff.press("改為上限 9,600 元", lecturer)
    lecturer = _line(staff, "講師鐘點費")
    expect(staff.field("申請補助", lecturer)).to_have_value("9,600")
    expect(lecturer).not_to_contain_text("必須修正")

    insurance = _add(staff, "保險費")
    staff.fill({"用途說明": "活動場地火險", "申請補助": "2,400"}, insurance)
    staff.field("保險種類", insurance).select_option(label="其他")
    _check(staff, scripts)
    expect(insurance).to_contain_text("請說明")
    staff.fill({"說明（送審查人員）": "場地是木造房屋，所有人要求投保火險"}, insurance)

    meals = _add(staff, "膳雜費")
    staff.fill({"用途說明": "烹飪課食材", "申請補助": "６０，０００"}, meals)
    materials = _add(staff, "課程教材及材料費")
    staff.fill({"用途說明": "書籍", "申請補助": "一千"}, materials)
    staff.press("下一步：附件")
    expect(staff.page.locator("[data-error-summary]")).to_contain_text("阿拉伯數字")
    materials = _line(staff, "課程教材及材料費")
    expect(staff.field("申請補助", materials)).to_have_value("一千")
    staff.fill({"申請補助": "NT$58,000元"}, materials).fits()
    staff.press("下一步：附件")


def documents(staff: Person, scripts: bool) -> None:
    """A program that calls itself a PDF is refused with a sentence; then the two papers."""
    staff.fits()
    first = staff.page.locator("section", has=staff.page.get_by_role("heading", name="申請書")).first
    _choose(first, "申請書.pdf", samples.PROGRAM)
    if not scripts:
        staff.press("下一步：確認送件")
    staff.sees("這個檔案是程式（執行檔），不是文件或照片，不能上傳")
    for section in _asked_for(staff):
        _choose(staff.page.locator(f"#{section}"), f"{section}.pdf")
        if scripts:
            expect(staff.page.locator(f"#{section}")).to_contain_text(f"已收到「{section}.pdf」")
    staff.press("下一步：確認送件")


def hand_over(staff: Person) -> None:
    staff.sees("都齊了", TITLE, "王小明", "場地是木造房屋").fits()
    staff.press("送請理事長確認")
    staff.sees("已送請理事長確認", "等理事長登入確認送件")


def correct(staff: Person, number: str, scripts: bool) -> None:
    """Write what the county asked for; the chairperson sends it back."""
    staff.goes("/desk/").sees(number).goes(f"/applications/{number}/").sees("請把讀書會的次數寫清楚")
    staff.goes(f"/applications/{number}/edit/project/")
    staff.fill({"要做什麼": "每週一次讀書會，共五次"}).press("儲存", staff.page.locator(".foot"))
    _stamp_anew(staff, number, scripts)
    staff.goes(f"/applications/{number}/edit/project/")
    items = staff.page.locator("#corrections li")
    for place in range(items.count()):
        items.nth(place).get_by_role("textbox").fill("已經照辦")
        items.nth(place).get_by_role("checkbox").check()
    if scripts:
        expect(staff.page.locator("#corrections [data-autosave-state]")).to_contain_text("已儲存")
        expect(staff.page.locator("#corrections-count")).to_contain_text(f"{items.count()}／{items.count()}")
    else:
        staff.press("儲存處理情形")
    staff.goes(f"/applications/{number}/edit/review/").sees("都齊了").press("送請理事長確認")


def _stamp_anew(staff: Person, number: str, scripts: bool) -> None:
    """The contents changed, so the stamped form is printed, stamped and sent again."""
    staff.goes(f"/applications/{number}/edit/documents/").sees("申請書蓋章後內容有變動，請重新列印用印")
    section = staff.page.locator("#div-application_form")
    _choose(section, "蓋章二版.pdf")
    if scripts:
        expect(section).to_contain_text("已收到「蓋章二版.pdf」")
    staff.press("下一步")
    expect(staff.page.get_by_text("申請書蓋章後內容有變動")).to_have_count(0)


def _line(staff: Person, item: str):
    return staff.page.get_by_role("group", name=re.compile(item)).last


def _add(staff: Person, item: str):
    choice = staff.page.get_by_label("要加哪一種費用")
    choice.select_option(choice.locator("option").filter(has_text=item).first.get_attribute("value"))
    staff.press("＋ 新增一項")
    return _line(staff, item)


def _open(line) -> None:
    if line.locator("details.more:not([open])").count():
        line.locator("details.more > summary").click()


def _check(staff: Person, scripts: bool) -> None:
    """Typing alone brings the findings; without scripts the button does."""
    if not scripts:
        staff.press("檢查預算", staff.page.locator(".foot"))


def _asked_for(staff: Person) -> list[str]:
    missing = staff.page.locator("section", has=staff.page.get_by_text("還沒有", exact=True))
    return [str(missing.nth(place).get_attribute("id")) for place in range(missing.count())]


def _choose(section: Locator, name: str, data: bytes | None = None) -> None:
    section.locator("input[type=file]").first.set_input_files(a_file(name, data))
