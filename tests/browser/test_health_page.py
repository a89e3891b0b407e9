"""The year of an association's meetings and papers: the figure, what is missing, and the record confirmed on a phone."""

import pytest

from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of, yuanli
from tests.factories.grants import SchemeFactory
from tests.grants.test_health import a_year

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_association_sees_its_year_and_confirms_its_record(page, phone, axe):
    SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="M")
    body = OrganisationFactory(county="miaoli", township=yuanli(), name="苗栗縣苑裡鎮楓香社區發展協會")
    a_year(body)
    staff, officer = member_of(body), person(Role.CASE_OFFICER, "miaoli")
    give_session(phone, staff)
    own = Person(phone, staff).goes(f"/registry/{body.pk}/").press("會務健康").sees("2 ÷ 4 = 50%", "還有 2 項沒辦")
    own.press("資料都對").sees("已記下今天確認過", "99年6月1日").fits()
    axe(phone)
    give_session(page, officer)
    county = Person(page, officer).goes("/health/").sees("楓香", "50%", "逾期未辦").fits()
    county.press("苗栗縣苑裡鎮楓香社區發展協會").sees("按時辦的比例", "2 ÷ 4 = 50%")
    axe(page)
