"""A flagship of one lead and three neighbours: agreed by each chairperson on a phone, coached, filed and settled together."""

import pytest

from communities.models import Alliance
from tests.factories.alliances import neighbours
from tests.factories.joint import approved_draft, decide
from tests.files import samples
from tests.grants.settling import opened
from tests.grants.vouchers import entered

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_flagship_from_the_agreement_on(page, phone, axe):
    around = neighbours(3)
    give_session(page, around.chair)
    lead = Person(page, around.chair).goes(f"/registry/{around.lead.pk}/").press("社區結盟").press("發起社區結盟")
    lead.fill({"結盟名稱": "山線送餐結盟", "目的": "一起學送餐", "期間起": "99/1/1", "期間迄": "99/12/31"})
    lead.press("發起社區結盟").sees("請至少邀請一個協會")
    for body in around.others[:2]:
        page.get_by_label(body.name).check()
    page.get_by_label("其他鄉鎮市的協會").fill(around.others[2].name)
    lead.press("發起社區結盟").sees("已送出邀請", "等各理事長確認")
    axe(page)
    made = Alliance.objects.get()

    own = agreed_on_a_phone(phone, around)
    own.sees("結盟中").fits()
    axe(phone)
    coached(lead, own, made)
    filed_and_settled(lead, own, around, made, axe)

    give_session(page, around.officer)
    county = Person(page, around.officer).goes("/registry/").press("社區結盟").sees("山線送餐結盟").fits()
    axe(page)
    county.press("山線送餐結盟").sees("收退餐盒", "輔示範")
    county.goes(f"/alliances/{made.pk}/").sees("一起學送餐", around.others[2].name).fits()
    axe(page)


def agreed_on_a_phone(phone, around) -> Person:
    """Each chairperson reads and agrees; the last one is returned."""
    for chair, body in zip(around.chairs, around.others, strict=True):
        give_session(phone, chair)
        own = Person(phone, chair).goes(f"/registry/{body.pk}/alliances/").fits().press("看內容並確認")
        own.sees("一起學送餐").fits().fill({"貴會想學什麼": "想學送餐"}).press("確認參加結盟").sees("已確認結盟")
    return own


def coached(lead: Person, own: Person, made: Alliance) -> None:
    page = lead.page
    lead.goes(f"/registry/alliances/{made.pk}/").press("登錄輔導訪視").sees("請先加入輔導團")
    page.get_by_label("外聘輔導").check()
    lead.fill({"姓名": "輔示範", "輔導什麼": "送餐"}).press("加入輔導團").press("登錄輔導訪視")
    lead.fill({"輔導內容": "看廚房動線"}).press("登錄輔導訪視").sees("可以接著放照片")
    lead.fill({"照片說明": "示範廚房"})
    page.locator("input[type=file]").first.set_input_files(a_file("廚房.jpg", samples.picture(), "image/jpeg"))
    lead.press("放上照片").sees("已放上照片", "示範廚房")

    own.goes(f"/registry/alliances/{made.pk}/").press("寫學習紀錄").fill({"學到什麼": "收退餐盒"})
    own.press("寫學習紀錄").sees("收退餐盒", "看廚房動線").fits()


def filed_and_settled(lead: Person, own: Person, around, made: Alliance, axe) -> None:
    """Filed together and settled together: each association sees its own part."""
    page, phone = lead.page, own.page
    award = approved_draft(around, 60_000)
    lead.goes(f"/applications/{award.number}/").press("結盟的分攤").press("以這個結盟申請").sees("接著請分攤金額")
    for body, amount in zip([around.lead, *around.others], ("21,000", "15,000", "14,000", "10,000"), strict=True):
        lead.fill({body.name: amount})
    lead.press("儲存分攤").sees("已儲存分攤", "60,000").fits()
    axe(page)
    decide(award)
    settlement = opened(award, around.chair)
    for place, amount in enumerate((21_000, 14_500, 14_000, 10_000), 1):
        entered(settlement, around.chair, amount, number=f"A{place}", purpose=f"餐盒{place}")
    lead.goes(f"/settlements/{award.number}/").press("依協會分單據").sees("4 張還沒有分")
    for place, body in enumerate([around.lead, *around.others], 1):
        lead.field(f"第 {place} 號").select_option(label=body.name)
    lead.press("儲存單據的分法").sees("已分好 4 張單據", "59,500").fits()
    axe(page)
    own.goes(f"/registry/alliances/{made.pk}/").fits().press(around.others[2].name)
    own.sees("餐盒4", "10,000", "60,000", "59,500").fits()
    axe(phone)
