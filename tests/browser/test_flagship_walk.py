"""A flagship of one lead and three neighbours: agreed by each chairperson on a phone, coached, and read by the county."""

import pytest

from communities.models import Alliance
from tests.factories.alliances import neighbours
from tests.files import samples

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

    for chair, body in zip(around.chairs, around.others, strict=True):
        give_session(phone, chair)
        own = Person(phone, chair).goes(f"/registry/{body.pk}/alliances/").fits().press("看內容並確認")
        own.sees("一起學送餐").fits().fill({"貴會想學什麼": "想學送餐"}).press("確認參加結盟").sees("已確認結盟")
    own.sees("結盟中").fits()
    axe(phone)

    lead.goes(f"/registry/alliances/{made.pk}/").press("登錄輔導訪視").sees("請先加入輔導團")
    page.get_by_label("外聘輔導").check()
    lead.fill({"姓名": "輔示範", "輔導什麼": "送餐"}).press("加入輔導團").press("登錄輔導訪視")
    lead.fill({"輔導內容": "看廚房動線"}).press("登錄輔導訪視").sees("可以接著放照片")
    lead.fill({"照片說明": "示範廚房"})
    page.locator("input[type=file]").first.set_input_files(a_file("廚房.jpg", samples.picture(), "image/jpeg"))
    lead.press("放上照片").sees("已放上照片", "示範廚房")

    own.goes(f"/registry/alliances/{made.pk}/").press("寫學習紀錄").fill({"學到什麼": "收退餐盒"})
    own.press("寫學習紀錄").sees("收退餐盒", "看廚房動線").fits()

    give_session(page, around.officer)
    county = Person(page, around.officer).goes("/registry/").press("社區結盟").sees("山線送餐結盟").fits()
    axe(page)
    county.press("山線送餐結盟").sees("收退餐盒", "輔示範")
    county.goes(f"/alliances/{made.pk}/").sees("一起學送餐", around.others[2].name).fits()
    axe(page)
