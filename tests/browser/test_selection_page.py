"""A nomination for the national selection: named with papers, coached, its result on the public page."""

import datetime as dt

import pytest

from grants.services.duties import occasions
from grants.services.duties.occasions import Occasion
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.factories.grants import SchemeFactory

from .acting import Person, a_file, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_association_is_nominated_coached_and_wins(page, phone, axe):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    body = OrganisationFactory(county="miaoli", township=yuanli(), name="苗栗縣苑裡鎮楓香社區發展協會")
    officer, chair = person(Role.CASE_OFFICER, "miaoli"), chair_of(body)
    row = occasions.add(officer, "miaoli", "selection_campaign", Occasion("99年金卓越選拔", dt.date(2010, 9, 30)))
    give_session(page, officer)
    county = Person(page, officer).goes(f"/tasks/{row.pk}/entries/")
    for stage, words, grade in (
        ("推薦參選", "據點辦得好", ""),
        ("輔導紀錄", "補照片", ""),
        ("選拔結果", "成果完整", "third"),
    ):
        county.field("社區").select_option(str(body.pk))
        county.field(stage).check()
        county.field("獎項").select_option(grade)
        county.fill({"日期": "99/6/1", "紀錄": words}).press("登錄，再登錄下一個").sees("已登錄")
    county.press(body.name).fill({"文件名稱": "參選計畫書"})
    page.locator("input[type=file]").first.set_input_files(a_file("計畫書.pdf"))
    county.press("附上").sees("已附上文件", "參選計畫書", "甲等獎", "下一階：優等獎").fits()
    axe(page)
    give_session(phone, chair)
    own = Person(phone, chair).goes(f"/registry/{body.pk}/").sees("全國金卓越選拔", "甲等獎")
    own.goes(f"/tasks/{row.pk}/communities/{body.pk}/").sees("補照片", "參選計畫書").fits()
    axe(phone)
    own.goes(f"/communities/{body.pk}/").sees("甲等獎", "晉級").fits()
