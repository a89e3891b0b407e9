"""A team of volunteers: entered and counted on a phone, signed on and off at the door, read by the county."""

import pytest

from communities.models import Volunteer
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock, roc_date
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_team_from_its_first_volunteer_to_the_countys_sums(page, phone, page_without_js, axe):
    body = OrganisationFactory(name="高雄縣旗山鎮楓香社區發展協會")
    staff, officer = member_of(body), person(Role.CASE_OFFICER)
    give_session(phone, staff)
    own = Person(phone, staff).goes(f"/registry/{body.pk}/").press("志工").press("登錄志工隊")
    own.fill({"隊名": "楓香志工隊", "保險起": "99/1/1"}).press("儲存").sees("保險起迄日期都要填")
    own.fill({"保險迄": "99/12/31", "保險公司": "示範保險"}).press("儲存").sees("接著請加入志工")
    own.fill({"姓名": "林阿明\n陳秀英"}).press("加入").sees("已登錄 2 位志工", "林阿明").fits()
    own.press("登錄這個月的時數").fill({"林阿明": "7.3"}).press("儲存").sees("0.5")
    own.fill({"林阿明": "7.5 小時"}).press("儲存").sees("已儲存這個月的時數").fits()
    axe(phone)

    volunteer = Volunteer.objects.get(person__name="陳秀英")
    door = Person(page_without_js, staff).goes(f"/volunteers/door/{volunteer.team.door_code}/")
    door.fill({"簽到碼": "1"}).press("簽到或簽退").sees("不是 6 位數字")
    door.fill({"簽到碼": volunteer.pass_code}).press("簽到或簽退").sees("簽到 1 人")
    door.fill({"簽到碼": volunteer.pass_code}).press("簽到或簽退").sees("簽退 1 人")

    own.goes(f"/registry/{body.pk}/volunteers/").press("楓香志工隊").press("陳秀英")
    own.fill({"加入日期": "96/1/1", "基礎訓練完成日": roc_date.format_slashed(clock.today()), "加入本網站以前": "305"})
    own.press("儲存").sees("還缺特殊訓練", "305")
    own.goes(f"/registry/{body.pk}/volunteers/").sees("志願服務榮譽卡", "2,695").fits()

    give_session(page, officer)
    county = Person(page, officer).goes("/registry/").press("志工與服務時數").sees("楓香", "7.5")
    county.press("依地區").sees("旗山鎮", "7.5").fits()
    axe(page)
