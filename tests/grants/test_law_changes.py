"""A ruling that takes the place of a number: shown beside the texts that still name the filed one."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.queries.law.pages import changes, changes_of, of_all_laws
from grants.rules.ruleset import load
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, BudgetLineFactory, ProgrammeFactory, SchemeFactory
from tests.grants.pages import signed_in, text_of
from tests.grants.rulings import in_force

MAY, JUNE = dt.date(2010, 5, 31), dt.date(2010, 6, 1)
LAW = load("kaohsiung_88")
MEMO = "府社字第0990000088號"
LECTURER = f"這一條的數額已由函釋調整（{MEMO}，自99年6月1日起）：外聘講師每小時現行 1,400 元，以現行為準。"


def ruled(parameter, value, on=JUNE, law=LAW):
    sides = value if isinstance(value, dict) else {"value": value}
    return law.with_rulings([{"parameter": parameter, "from": on.isoformat(), "memo": MEMO, **sides}])


def changes_at(ruleset, clause, on=JUNE):
    return [change.message for change in changes_of(clause, changes(ruleset, on))]


def test_a_ruling_is_told_at_its_clause_from_its_day_on():
    ruleset = ruled("lecturer_fee.hourly", 1_400)
    assert changes_at(ruleset, "K4.1.2", MAY) == []
    assert changes_at(ruleset, "K4.1.2", JUNE) == [LECTURER]
    assert list(changes(ruleset, JUNE)) == ["K4.1.2"]
    assert [(c.clause, c.label) for c in changes(ruleset, JUNE)["K4.1.2"]] == [("K4.1.2", "肆、一、2")]


@pytest.mark.parametrize(
    "ruleset",
    [
        LAW,
        ruled("lecturer_fee.hourly", 1_600),
        ruled("subsidy.unit_caps", {"value": {"printing": 80}}, law=load("miaoli")),
    ],
    ids=["no ruling", "the filed number", "the county's first standard"],
)
def test_nothing_is_told_where_nothing_changed(ruleset):
    assert changes(ruleset, JUNE) == {}


def test_of_two_rulings_the_one_in_force_is_told_and_a_later_start_of_the_law_ends_it():
    twice = ruled("lecturer_fee.hourly", 1_500, dt.date(2010, 7, 1), ruled("lecturer_fee.hourly", 1_400))
    assert changes_at(twice, "K4.1.2", JUNE) == [LECTURER]
    assert "自99年7月1日起）：外聘講師每小時現行 1,500 元" in changes_at(twice, "K4.1.2", dt.date(2010, 7, 1))[0]
    later = LAW.parameter("statutory.basic_wage.hourly").values[1].starts_on
    wage = ruled("statutory.basic_wage.hourly", 90)
    assert len(changes_at(wage, "K4.1.4", later - dt.timedelta(1))) == 1
    assert changes_at(wage, "K4.1.4", later) == []


def test_a_reading_a_share_and_two_sides_are_told_in_words():
    words = LAW.parameter("reading.trips").choices["every_trip"]
    assert changes_at(ruled("reading.trips", "every_trip"), "K4.3.4") == [
        f"這一條的規定已由函釋訂定（{MEMO}，自99年6月1日起）：「每日每次」，現行 {words}，以現行為準。"
    ]
    share = ruled("admin_overhead.share", {"value": [8, 100]})
    assert "現行 8%，以現行為準。" in changes_at(share, "K4.6.3a")[0]
    sides = ruled("lecturer_fee.hourly", {"strict": 1_400, "lenient": 1_500})
    assert "現行 1,400 元　～　1,500 元，以現行為準。" in changes_at(sides, "K4.1.2")[0]


def test_a_clause_that_tells_the_number_of_another_says_so_too():
    found = changes(ruled("elder_aide.elders_each", 8), JUNE)
    assert {clause: [c.clause for c in row] for clause, row in found.items()} == {
        "K4.1.3.2a": ["K4.1.3.2a"],
        "K3.I.2.1.4a": ["K4.1.3.2a"],
    }
    # An item names the clause without its part.
    assert len(changes_of("K4.1.3.2", found)) == 1
    assert changes_of("K4.1.3", found) == ()


def test_the_clauses_that_tell_another_ones_number_are_the_laws_own():
    for clause, names in of_all_laws("told_too").items():
        assert clause in LAW.clauses
        assert clause not in [LAW.parameter(name).clause for name in names]


def test_no_explanation_with_a_dollar_or_an_hour_is_forgotten():
    own = {parameter.clause for parameter in LAW.parameters.values()} | set(of_all_laws("told_too"))
    numbers = re.compile(r"\d[\d,.]*\s*(元|%|位|小時|萬元|次|天)")
    assert [c.id for c in LAW.clauses.values() if numbers.search(c.explanation) and c.id not in own] == []


def card(html, clause):
    return re.search(rf'<article [^>]*id="{re.escape(clause)}".*?</article>', html, re.DOTALL)[0]


@pytest.mark.django_db
def test_the_law_page_says_it_of_the_day_that_is_looked_at(client):
    in_force(SchemeFactory(), parameter="elder_aide.elders_each", value={"value": 8}, on=JUNE)
    page = client.get("/schemes/kaohsiung-88/law/").content.decode()
    says = "每位生活輔導員服務長者現行 8 人，以現行為準。"
    own, other = card(page, "K4.1.3.2a"), card(page, "K3.I.2.1.4a")
    assert says in own
    assert says in other
    link = 'href="/schemes/kaohsiung-88/law/?clause=K4.1.3.2a#K4.1.3.2a"'
    assert link in other
    assert link not in own
    assert says not in client.get("/schemes/kaohsiung-88/law/?on=99/5/31").content.decode()


@pytest.fixture
def case(db):
    body = OrganisationFactory()
    case = ApplicationFactory(organisation=body, created_by=member_of(body))
    case.programme = ProgrammeFactory(scheme=case.scheme, code="elder_care_station")
    case.save()
    return case


def test_the_question_says_it(case):
    in_force(case.scheme, parameter="station.user_fee", value={"value": 100}, on=JUNE)
    page = text_of(signed_in(case.created_by).get(f"/applications/{case.number}/edit/project/"))
    question = page[page.index('id="ask-user_fee_monthly"') :].split('class="question"')[0]
    assert "自99年6月1日起）：使用者每月至少收費現行 100 元，以現行為準。" in question
    assert 'href="/schemes/kaohsiung-88/law/?clause=K3.I.2.1.5#K3.I.2.1.5"' in question
    assert page.count("以現行為準") == 1


def test_the_margin_of_a_line_says_it_with_no_query_for_a_line(case):
    in_force(case.scheme, parameter="lecturer_fee.hourly", value={"value": 1_400}, on=JUNE)
    BudgetLineFactory(application=case, item="printing", requested=100)
    user, counts = signed_in(case.created_by), []
    user.get(f"/applications/{case.number}/budget/")
    for _line in range(3):
        BudgetLineFactory(
            application=case, item="lecturer_fee", requested=1_400, quantities={"hours": 1, "in_house": False}
        )
        with CaptureQueriesContext(connection) as seen:
            page = text_of(user.get(f"/applications/{case.number}/budget/"))
        counts.append(len(seen))
    assert page.count(LECTURER) == 3
    assert counts[0] == counts[2]
    printing = case.lines.get(item="printing")
    margin = page[page.index(f'id="margin-{printing.pk}"') :].split('class="entry"')[0]
    assert "以現行為準" not in margin


def test_the_live_check_brings_it(case):
    in_force(case.scheme, parameter="lecturer_fee.hourly", value={"value": 1_400}, on=JUNE)
    line = BudgetLineFactory(
        application=case, item="lecturer_fee", requested=1_400, quantities={"hours": 1, "in_house": False}
    )
    data = {"edition": case.edition, f"line-{line.pk}-requested": "1500", f"line-{line.pk}-hours": "1"}
    answer = signed_in(case.created_by).post(f"/applications/{case.number}/budget/check/", data).json()
    assert LECTURER in answer["parts"][f"margin-{line.pk}"]
    assert "超出 100 元" in answer["parts"][f"margin-{line.pk}"]
