"""Partners: kept by the county and by an association on a phone, drawn, and found where help is needed."""

import pytest

from communities.models import Partner
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_partners_are_kept_and_found(page, phone, axe):
    body = OrganisationFactory(name="高雄縣旗山鎮楓香社區發展協會")
    staff, officer = member_of(body), person(Role.CASE_OFFICER)
    give_session(page, officer)
    county = Person(page, officer).goes("/registry/").press("聯絡對象").press("登錄聯絡對象")
    county.field("類別").select_option(label="醫院診所")
    county.fill({"名稱": "示範診所", "可以幫什麼": "健康講座、量血壓", "聯絡人": "林示範", "聯絡電話": "07-1234567"})
    county.press("儲存").sees("示範診所", "林示範", "07-1234567").fits()
    axe(page)

    give_session(phone, staff)
    own = Person(phone, staff).goes(f"/registry/{body.pk}/").press("夥伴").press("登錄夥伴")
    own.field("類別").select_option(label="寺廟教會")
    own.fill({"名稱": "示範宮", "可以幫什麼": "借廟埕、白米"}).press("儲存").sees("可以接著寫")
    phone.get_by_label("承諾", exact=True).check()
    own.fill({"什麼幫助": "每月白米 30 公斤"}).press("登錄").sees("每月白米 30 公斤").fits()
    own.goes(f"/registry/{body.pk}/partners/").sees("示範宮").fill({"需要什麼幫助": "講座"}).press("找夥伴")
    own.sees("示範診所", "縣府的名單").fits()
    axe(phone)
    own.press("示範診所").sees("只提供縣府和公所")
    own.fill({"什麼幫助": "健康講座一場"}).press("登錄").sees("健康講座一場").fits()

    county.goes(f"/registry/{body.pk}/").fill({"需要什麼幫助": "白米"}).press("找夥伴").sees(
        "示範宮", "協會的夥伴"
    ).fits()
    axe(page)
    county.goes("/registry/partners/").sees("示範診所", "99年6月1日")
    assert Partner.objects.count() == 2
