"""A township enters its activity centre with things and a picture; an association keeps what a grant bought and writes it off."""

import pytest

from grants.models import PropertyItem
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import KAOHSIUNG, person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of, township
from tests.factories.money import approved, county
from tests.files import samples
from tests.grants.settling import accepted, paid_first

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_centre_from_its_record_to_the_public_page(page, phone, axe):
    township()
    office = person(Role.TOWNSHIP_OFFICER, KAOHSIUNG, township_code=QISHAN, place_name="公所")
    give_session(page, office)
    own = Person(page, office).goes("/registry/").press("社區活動中心").press("登錄活動中心")
    own.press("儲存").sees("請先改好下列各項")
    own.fill({"名稱": "溪畔活動中心", "地址": "高雄縣旗山鎮溪畔路1號", "平常的用途": "關懷據點"}).press("儲存").sees(
        "接著請登錄設備"
    )
    own.fill({"品名": "投影機", "數量": "2", "購置年度": "98"}).press("登錄設備").sees("投影機", "良好")
    own.field("照片").set_input_files(a_file("門口.png", samples.picture("PNG"), "image/png"))
    own.fill({"看到什麼": "屋頂漏水"}).press("登錄狀況").sees("屋頂漏水", "看照片").fits()
    axe(page)
    everybody = Person(phone, office).goes("/communities/").press("找社區活動中心").press("溪畔活動中心")
    everybody.sees("投影機", "屋頂漏水").fits()
    axe(phone)


def test_what_a_grant_bought_is_kept_and_written_off(page, phone, axe):
    staff = county()
    body = OrganisationFactory()
    award = approved(staff=staff, organisation=body)
    award.lines.filter(position=1).update(item="equipment", description="投影機")
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    user = member_of(body)
    give_session(phone, user)
    own = Person(phone, user).goes(f"/registry/{body.pk}/").press("財產清冊").sees("投影機", "40,000").fits()
    axe(phone)
    own.press("登錄地點、保管人").fill({"放置地點": "二樓", "保管人": "王示範", "使用年限": "5"}).press("儲存").sees(
        "二樓"
    )
    own.press("報廢").fill({"報廢原因": "燈泡停產"}).press("送縣府確認").sees("等縣府確認報廢")
    give_session(page, staff.officer)
    officer = Person(page, staff.officer).goes(f"/registry/{body.pk}/property/").press("等縣府確認報廢").press("確認")
    assert PropertyItem.objects.get().written_off_because == "燈泡停產"
    officer.goes("/property/").sees("投影機").fits()
    axe(page)
