"""What the law says stands at the question it is about, where the reason is written too."""

import re

import pytest

from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ProgrammeFactory
from tests.grants.filing import ready_case
from tests.grants.test_views_applications import fresh, signed_in, text_of

pytestmark = pytest.mark.django_db
ACCEPT = {"Accept": "application/json"}


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def staff(organisation):
    return member_of(organisation)


@pytest.fixture
def case(organisation, staff):
    return ready_case(organisation, staff)


def of_programme(case, code, **answers):
    case.programme = ProgrammeFactory(scheme=case.scheme, code=code, name=code)
    case.answers = {**case.answers, **answers}
    case.save()


@pytest.fixture
def station(case):
    of_programme(case, "elder_care_station", meal_days_per_week=5, lunch_and_dinner=False)


def page_of(staff, case):
    return text_of(signed_in(staff).get(f"/applications/{case.number}/edit/project/"))


def save(staff, case, **told):
    told = {"edition": fresh(case).edition, **told}
    return signed_in(staff).post(f"/applications/{case.number}/edit/project/", told)


def cell(page, fact):
    """What stands under a question, up to the next one."""
    start = page.index(f'id="note-{fact}"')
    return page[start : page.index('id="ask-', start)]


@pytest.mark.usefixtures("station")
def test_a_finding_stands_at_its_question_and_is_listed(staff, case):
    page = page_of(staff, case)
    told = cell(page, "lunch_and_dinner")
    assert "供餐規定午餐及晚餐都要有" in told
    assert 'href="/schemes/kaohsiung-88/law/?clause=K3.I.2.1.3#K3.I.2.1.3"' in told
    assert 'name="reason:K3.I.2.1.3:"' in told
    assert '<a href="#ask-lunch_and_dinner">供餐規定午餐及晚餐都要有，請說明為什麼只有一餐。</a>' in page


@pytest.mark.usefixtures("station")
def test_a_reason_written_at_a_question_is_kept(staff, case):
    assert save(staff, case, **{"reason:K3.I.2.1.3:": "週末由家人照顧"}).status_code == 302
    assert case.justifications.get().text == "週末由家人照顧"
    assert 'value="週末由家人照顧"' in cell(page_of(staff, case), "lunch_and_dinner")


@pytest.mark.usefixtures("station")
def test_a_reason_that_two_findings_share_is_asked_once(staff, case):
    page = page_of(staff, case)
    assert page.count('name="reason:K3.I.2.1.6:"') == 1
    assert page.count("同一條的說明寫一次就好") == 2


@pytest.mark.usefixtures("station")
def test_autosave_brings_the_findings_of_each_question(staff, case):
    told = {"edition": fresh(case).edition, "q_lunch_and_dinner": "true"}
    address = f"/applications/{case.number}/edit/project/"
    answer = signed_in(staff).post(address, told, headers=ACCEPT).json()
    assert answer["parts"]["note-lunch_and_dinner"].strip() == ""
    assert "請填「每次幾小時」" in answer["parts"]["note-hours_per_session"]
    assert "#ask-hours_per_session" in answer["parts"]["step-findings"]
    assert re.fullmatch(r"已儲存，這一步還有 \d+ 項必須修正、\d+ 項請說明。", answer["announce"])


def test_a_step_that_breaks_nothing_is_said_to_pass(staff, case):
    told = {"edition": case.edition, "place": "活動中心", "service_area": case.service_area}
    address = f"/applications/{case.number}/edit/project/"
    answer = signed_in(staff).post(address, told, headers=ACCEPT).json()
    assert answer["announce"] == "已儲存，這一步符合規定。"


def test_an_activity_in_own_words(staff, case):
    of_programme(case, "culture_preservation")
    assert "其他（自己寫）" in page_of(staff, case)
    save(staff, case, q_activities=["社區刊物"], **{"q_activities-own": "老街地圖"})
    assert fresh(case).answers["activities"] == ["社區刊物", "老街地圖"]
    assert 'value="老街地圖"' in page_of(staff, case)
