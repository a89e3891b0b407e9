"""A central programme: listed by two, asked for on a phone, forwarded and granted, seen on the record."""

import pytest

from grants.models import CentralProgramme
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, yuanli
from tests.factories.grants import SchemeFactory

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_request_goes_to_the_ministry_and_comes_back(page, phone, axe):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    body = OrganisationFactory(county="miaoli", township=yuanli(), name="苗栗縣苑裡鎮楓香社區發展協會")
    officer, head, chair = person(Role.CASE_OFFICER, "miaoli"), person(Role.APPROVER, "miaoli"), chair_of(body)
    give_session(page, officer)
    county = Person(page, officer).goes("/central/").press("中央補助計畫一覽").press("登錄計畫")
    county.fill({"主管機關": "內政部", "計畫名稱": "推展社會福利補助", "變更的理由": "中央公告"})
    county.press("送另一位確認").sees("請另一位同仁確認")
    change = page.url
    give_session(page, head)
    Person(page, head).goes(change).press("確認")
    programme = CentralProgramme.objects.get()
    give_session(phone, chair)
    own = Person(phone, chair).goes(f"/registry/{body.pk}/").press("中央補助").press("申請中央補助")
    phone.get_by_label("中央補助計畫").first.select_option(str(programme.pk))
    axe(phone)
    own.fill({"計畫名稱": "長者共餐", "申請金額": "120,000"}).press("送縣府函轉").sees("已送出", "等縣府函轉").fits()
    axe(phone)
    give_session(page, officer)
    county.goes("/central/").press("長者共餐").fill({"縣府意見": "需求確實", "函轉文號": "府社字第0990000001號"})
    county.press("登錄函轉").sees("已函轉，等結果")
    page.get_by_label("核定補助").check()
    county.fill({"核定金額": "100,000", "核定文號": "內授字第0990000002號", "核定日期": "99/6/1"})
    county.press("登錄結果").sees("核定補助", "100,000").fits()
    axe(page)
    county.goes(f"/registry/{body.pk}/").sees("中央補助", "100,000")
    axe(page)
