"""A visit from the calendar to its pictures, and tiers confirmed one by one with the reasons beside them."""

import pytest

from communities.services.tiers import propose_tier
from grants.models import VisitPhoto
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.factories.grants import SchemeFactory
from tests.files import samples
from tests.grants.test_guidance import visit_of

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visit_and_a_tier(page, phone, axe):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    body = OrganisationFactory(county="miaoli", township=yuanli(), name="苗栗縣苑裡鎮楓香社區發展協會")
    row, officer, chair = visit_of(body), person(Role.CASE_OFFICER, "miaoli"), chair_of(body)
    give_session(page, officer)
    county = Person(page, officer).goes("/tasks/communities/").press("輔導行事曆").sees("還沒排日期的", "楓香")
    axe(page)
    county.press("排日期").fill({"訪視日期": "99/6/1", "時間（可以不填）": "0930", "地點（可以不填）": "活動中心"})
    county.press("排定並通知協會").sees("已排定", "09:30", "1 次").fits()
    axe(page)
    county.goes(f"/tasks/{row.pk}/").fill({"紀錄": "看過帳冊，憑證按月裝訂。"}).press("登錄")
    county.press("附上照片").fill({"照片說明": "活動中心"})
    page.locator("input[type=file]").first.set_input_files(a_file("一.jpg", samples.picture(), "image/jpeg"))
    county.press("附上照片").sees("已附上照片").fits()
    assert VisitPhoto.objects.get().caption == "活動中心"
    axe(page)
    give_session(phone, chair)
    Person(phone, chair).goes(f"/tasks/{row.pk}/").sees("看過帳冊", "活動中心").fits()
    for year in (2009, 2010):
        propose_tier(officer, body, year=year, tier="basic", basis="decision", reason="新成立")
    head = person(Role.APPROVER, "miaoli")
    give_session(page, head)
    own = (
        Person(page, head)
        .goes("/registry/tiers/")
        .press("看過並確認")
        .press("確認分級")
        .sees("已確認分級", "99 年分級")
    )
    own.press("確認分級").goes("/registry/tiers/by-township/").sees("苑裡鎮", "基本 1").fits()
    axe(page)
    Person(phone, chair).goes(f"/registry/{body.pk}/").press("為什麼、怎樣升級").sees("新成立").fits()
    axe(phone)
