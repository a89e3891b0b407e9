"""What the law says stands at the question it is about, where the reason is written too."""

import datetime as dt
import re

import pytest

from grants.enums import RulingStatus
from grants.queries.applications import pages
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.grants import ProgrammeFactory
from tests.grants.filing import add_line
from tests.grants.pages import fresh, signed_in, text_of

pytestmark = pytest.mark.django_db
ACCEPT = {"Accept": "application/json"}


def of_programme(case, code, **answers):
    case.programme = ProgrammeFactory(scheme=case.scheme, code=code, name=code)
    case.answers = {**case.answers, **answers}
    case.save()


@pytest.fixture
def station(case):
    of_programme(case, "elder_care_station", meal_days_per_week=5, lunch_and_dinner=False)


def page_of(member, case):
    return text_of(signed_in(member).get(f"/applications/{case.number}/edit/project/"))


def save(member, case, **data):
    data = {"edition": fresh(case).edition, **data}
    return signed_in(member).post(f"/applications/{case.number}/edit/project/", data)


def cell(page, fact):
    """What stands under a question, up to the next one."""
    start = page.index(f'id="note-{fact}"')
    return page[start : page.index('id="ask-', start)]


@pytest.mark.usefixtures("station")
def test_a_finding_stands_at_its_question_and_is_listed(member, case):
    page = page_of(member, case)
    row = cell(page, "lunch_and_dinner")
    assert "供餐規定午餐及晚餐都要有" in row
    assert 'href="/schemes/kaohsiung-88/law/?clause=K3.I.2.1.3#K3.I.2.1.3"' in row
    assert 'name="reason:K3.I.2.1.3:"' in row
    assert '<a href="#ask-lunch_and_dinner">供餐規定午餐及晚餐都要有，請說明為什麼只有一餐。</a>' in page


@pytest.mark.usefixtures("station")
def test_a_reason_written_at_a_question_is_kept(member, case):
    assert save(member, case, **{"reason:K3.I.2.1.3:": "週末由家人照顧"}).status_code == 302
    assert case.justifications.get().text == "週末由家人照顧"
    assert 'value="週末由家人照顧"' in cell(page_of(member, case), "lunch_and_dinner")


@pytest.mark.usefixtures("station")
def test_a_reason_that_two_findings_share_is_asked_once(member, case):
    of_programme(case, "elder_care_station", meal_fee_low=10, meal_fee_middle=10, meal_fee_general=10)
    page = page_of(member, case)
    assert page.count('name="reason:K3.I.2.1.6:"') == 1
    assert page.count("同一條的說明寫一次就好") == 2
    (first,) = re.findall(r'id="note-(meal_fee_\w+)">(?:(?!id="note-).)*?name="reason:K3.I.2.1.6:"', page, re.DOTALL)
    assert page.count(f'<a href="#note-{first}">到寫說明的那一格</a>') == 2


@pytest.mark.usefixtures("station")
def test_an_empty_question_is_asked_and_not_reproached(member, case):
    page = page_of(member, case)
    assert "請填「每次幾小時」" not in page
    address = f"/applications/{case.number}/edit/project/?check=1"
    row = cell(text_of(signed_in(member).get(address)), "hours_per_session")
    assert "還沒填" in row
    assert "請填「每次幾小時」" in row
    assert 'name="reason:' not in row
    review = text_of(signed_in(member).get(f"/applications/{case.number}/edit/review/"))
    assert f'href="/applications/{case.number}/edit/project/?check=1#ask-hours_per_session"' in review


@pytest.mark.usefixtures("station")
def test_a_written_reason_turns_the_finding(member, case):
    assert "已說明" not in page_of(member, case)
    save(member, case, **{"reason:K3.I.2.1.3:": "週末由家人照顧"})
    row = cell(page_of(member, case), "lunch_and_dinner")
    assert "已說明" in row
    assert "請說明</span>" not in row


@pytest.mark.parametrize(("documents", "state"), [(True, "done"), (False, "todo")])
def test_a_step_is_done_where_nothing_must_be_mended(member, case, documents, state):
    if not documents:
        case.documents.all().delete()
    page = signed_in(member).get(f"/applications/{case.number}/edit/review/")
    assert [stage["state"] for stage in page.context["stages"]] == ["done", "done", "done", state, "now"]


@pytest.mark.usefixtures("station")
def test_autosave_brings_the_findings_of_each_question(member, case):
    data = {"edition": fresh(case).edition, "q_lunch_and_dinner": "true"}
    address = f"/applications/{case.number}/edit/project/"
    answer = signed_in(member).post(address, data, headers=ACCEPT).json()
    assert answer["parts"]["note-lunch_and_dinner"].strip() == ""
    assert answer["parts"]["note-hours_per_session"].strip() == ""
    answer = signed_in(member).post(
        address, {**data, "edition": answer["edition"], "q_hours_per_session": "2"}, headers=ACCEPT
    )
    answer = answer.json()
    assert "每次至少" in answer["parts"]["note-hours_per_session"]
    assert "#ask-hours_per_session" in answer["parts"]["step-findings"]
    assert re.fullmatch(r"已儲存，這一步還有 \d+ 項必須修正、\d+ 項請說明。", answer["announce"])


def test_a_step_that_breaks_nothing_is_said_to_pass(member, case):
    data = {"edition": case.edition, "place": "活動中心", "service_area": case.service_area}
    address = f"/applications/{case.number}/edit/project/"
    answer = signed_in(member).post(address, data, headers=ACCEPT).json()
    assert answer["announce"] == "已儲存，這一步符合規定。"


def test_an_activity_in_own_words(member, case):
    of_programme(case, "culture_preservation")
    assert "其他（自己寫）" in page_of(member, case)
    save(member, case, q_activities=["社區刊物"], **{"q_activities-own": "老街地圖"})
    assert fresh(case).answers["activities"] == ["社區刊物", "老街地圖"]
    assert 'value="老街地圖"' in page_of(member, case)


def test_what_is_only_told_stands_at_its_question_too(member, case):
    """A start before filing costs nobody the right to file, but may cost the money."""
    case.starts_on = clock.today() - dt.timedelta(days=1)
    case.save()
    page = page_of(member, case)
    row = cell(page, "starts_on")
    assert "提醒" in row
    assert "計畫在送件前就開始；核定前的支出可能無法核銷。" in row
    assert page.count("核定前的支出可能無法核銷") == 2  # at the question, and in the list beside


def test_a_waived_error_stays_in_view_and_cites_the_memo(member, case):
    alone = {"relocation_subsidy": True, "mild_disability": True, "lives_alone": False}
    of_programme(case, "rental_housing", residents=[alone])
    assert "必須修正" in cell(page_of(member, case), "residents")
    case.waivers.create(
        clause="K3.I.4.1",
        memo_number="府社字第0990099號",
        reason="兄長長期住院",
        status=RulingStatus.CONFIRMED,
        author=person(Role.CASE_OFFICER),
        recorded_on=clock.today(),
    )
    row = cell(page_of(member, case), "residents")
    assert "第 1 位住戶不符合：獨居。（縣府以府社字第0990099號同意本案不受此限）" in row


def test_rows_are_told_in_the_words_and_the_order_of_the_form(member, case):
    row = {"moves_in_on": "2010-07-05", "lives_alone": False, "assessed_on": "2010-07-01", "mild_disability": True}
    of_programme(case, "rental_housing", residents=[row], houses=[{"rooms": 4, "residents": 5}])
    answers = dict(pages.answers(case))
    assert answers["租屋清單"] == "1 列：住幾位 5、房間數 4"
    assert answers["住進來的人"] == "1 列：輕度失能 是、獨居 否、長照中心評估日期 99年7月1日、入住日期 99年7月5日"


def test_children_are_told_with_what_decides_their_rate(member, case):
    children = [{"age": 3}, {"age": 5, "special_needs": True}, {"age": 4, "own": True, "special_needs": False}]
    line = add_line(member, case, "child_carer", requested=1, quantities={"children": children})
    assert pages.quantity_words(line) == "照顧 3 位孩子（3、5［身心障礙或發展遲緩］、4［自己的］ 歲）"
