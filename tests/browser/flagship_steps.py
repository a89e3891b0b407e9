"""The steps of a flagship case after the agreement, each by the person whose step it is: filed, forwarded, decided, settled."""

import re
from collections.abc import Sequence

from tests.files import samples

from . import filing_steps, settling_steps
from .acting import Person, a_file

TITLE = "山線送餐"


def coached(lead: Person, own: Person, address: str) -> None:
    """A mentor joins and visits with a picture; the neighbour writes what it learned."""
    page = lead.page
    lead.goes(address).press("登錄輔導訪視").sees("請先加入輔導團")
    page.get_by_label("外聘輔導").check()
    lead.fill({"姓名": "輔示範", "輔導什麼": "送餐"}).press("加入輔導團").press("登錄輔導訪視")
    lead.fill({"輔導內容": "看廚房動線"}).press("登錄輔導訪視").sees("可以接著放照片")
    lead.fill({"照片說明": "示範廚房"})
    page.locator("input[type=file]").first.set_input_files(a_file("廚房.jpg", samples.picture(), "image/jpeg"))
    lead.press("放上照片").sees("已放上照片", "示範廚房")
    own.goes(address).press("寫學習紀錄").fill({"學到什麼": "收退餐盒"})
    own.press("寫學習紀錄").sees("收退餐盒", "看廚房動線").fits()


def filed(staff: Person, shares: dict[str, str]) -> str:
    """The lead's staff write the plan and what each association is to have; answers the number of the case."""
    staff.goes("/applications/new/")
    staff.press("開始填寫", staff.page.get_by_role("listitem").filter(has_text="小旗艦"))
    number = re.search(r"/applications/([^/]+)/", staff.page.url)[1]  # type: ignore[index]
    staff.fill({"聯絡人": "王示範", "聯絡電話": "037-220000"}).press("下一步：計畫內容")
    words = ("為什麼要辦", "要做什麼", "幫助到誰")
    staff.fill(dict.fromkeys(words, "長輩送餐") | {"計畫名稱": TITLE, "開始日期": "99/6/2", "結束日期": "99/6/20"})
    staff.press("下一步：經費概算")
    line = filing_steps._add(staff, "膳雜費")
    staff.fill({"用途說明": "餐盒", "申請補助": "60,000"}, line).press("下一步：附件")
    for section in filing_steps._asked_for(staff):
        filing_steps._choose(staff.page.locator(f"#{section}"), f"{section}.pdf")
        staff.sees(f"已收到「{section}.pdf」")
    staff.press("下一步：確認送件")
    staff.goes(f"/applications/{number}/").press("結盟的分攤").press("以這個結盟申請").sees("接著請分攤金額")
    staff.fill(shares).press("儲存分攤").sees("已儲存分攤", "60,000").fits()
    staff.goes(f"/applications/{number}/edit/review/").press("送請理事長確認").sees("已送請理事長確認")
    return number


def forwarded(clerk: Person, number: str) -> None:
    clerk.goes("/desk/").sees(number).goes(f"/applications/{number}/forward/")
    for row in clerk.page.locator("fieldset.check").all():
        row.get_by_role("radio").first.check()
    clerk.page.get_by_label("推薦", exact=True).check()
    clerk.press("層轉縣府").sees("已層轉縣府")


def checked(officer: Person, number: str) -> None:
    officer.goes("/desk/").sees(number).goes(f"/applications/{number}/").press("收件")
    officer.goes(f"/applications/{number}/check/")
    for row in officer.page.locator("fieldset.check").all():
        row.get_by_role("radio").first.check()
    officer.press("檢核完成").sees("檢核完成，進入審查").goes(f"/applications/{number}/proposal/")
    officer.press("送主管核定").sees("已提出核定建議")


def approved(head: Person, number: str) -> None:
    head.goes("/desk/").sees(number).goes(f"/applications/{number}/decision/").press("核定並產生函稿").sees("已核定")


def settled(staff: Person, number: str, parts: Sequence[tuple[str, str]]) -> None:
    """A receipt of each association, put down as its own; until all are, nothing is sent."""
    settling_steps.complete(staff, number, "99/6/20")
    staff.goes(f"/settlements/{number}/vouchers/new/")
    for place, (_name, amount) in enumerate(parts, 1):
        staff.press("沒有照片，直接填")
        staff.page.locator("input[name=line]").first.check()
        for choice in ("收據", "是「"):
            staff.field(choice).check()
        fields = {"金額（元）": amount, "單據日期": "99/6/10", "店家或受款人": "示範食堂", "買了什麼": f"餐盒{place}"}
        staff.fill(fields).press("存好，記下一張").sees(f"已存第 {place} 號單據")
    staff.goes(f"/settlements/{number}/")
    settling_steps.fill_in(staff.fill({"自籌款實支": "0"}), {})
    settling_steps.attach(staff, scripts=True)
    staff.press("送出結報", staff.page.locator(".next")).sees("4 張單據沒有分給協會").press("依協會分單據")
    for place, (name, _amount) in enumerate(parts, 1):
        staff.field(f"第 {place} 號").select_option(label=name)
    staff.press("儲存單據的分法").sees("已分好 4 張單據", "59,500").fits()
    settling_steps.send(staff.goes(f"/settlements/{number}/"))


def checked_singly(finance: Person, number: str) -> None:
    """Each receipt beside its paper, then the sums."""
    finance.goes("/desk/").sees(number).goes(f"/settlements/{number}/").press("逐張核對", finance.page.locator(".next"))
    for left in range(4, 0, -1):
        finance.sees(f"還有 {left} 張沒有核").press("全數准予")
    finance.press("憑證已核", finance.page.locator(".next")).sees("憑證已核，已通知承辦人")
