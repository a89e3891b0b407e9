"""Reviewers' scores weigh what the law says, and stand before proposer and approver with their comments and spread."""

import datetime as dt
import re
from functools import partial

import pytest

from grants.compliance.criteria import criteria_of
from grants.models import Application, Scheme
from grants.queries.reviews.cases import reviewers_of
from grants.queries.reviews.scores import table_of
from grants.rules.checklist import review_criteria
from grants.rules.ruleset import load
from grants.rules.rulings import RulingError
from grants.services.reviews import proposals, reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.grants import terms_of

from .rulings import in_force

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
LAW = load("kaohsiung_88")
CODES = ("governance", "feasibility", "participation", "urgency")
HIGH, LOW = (100, 80, 60, 40), (90, 40, 60, 10)


def scored(people, *points: tuple[int, ...]):
    """A case under review that so many reviewers have scored; one more has not answered."""
    case = reviews.checked(people)
    panel = [person(Role.REVIEWER) for _ in range(len(points) + 1)]
    rows = reviewers.assign(people.officer, case, panel, due_on=dt.date(2010, 6, 15))
    for row, given in zip(rows, points, strict=False):
        reviewers.declare(row.reviewer, row, "none")
        scores = {code: (point, f"意見{point}") for code, point in zip(CODES, given, strict=True)}
        reviewers.score(row.reviewer, row, scores, "可行")
    case.refresh_from_db()
    return case


def table(case, ruleset=LAW):
    weights = partial(review_criteria, ruleset)
    return table_of(reviewers_of(case, weights), weights, TODAY)


def test_equal_weights_make_the_plain_mean(people):
    found = table(scored(people, HIGH, LOW))
    assert (found.totals, found.mean, found.spread) == ((70.0, 50.0), 60.0, 20.0)
    assert [(row.share, row.mean, row.spread) for row in found.rows] == [
        ("25%", 95.0, 10),
        ("25%", 60.0, 40),
        ("25%", 60.0, 0),
        ("25%", 25.0, 30),
    ]


def test_a_ruling_moves_the_total(people):
    ruled = LAW.with_rulings([{"parameter": "review.weights", "from": "2010-06-01", "value": [10, 20, 30, 40]}])
    found = table(scored(people, HIGH, LOW), ruled)
    assert (found.totals, [row.share for row in found.rows]) == ((60.0, 39.0), ["10%", "20%", "30%", "40%"])


def test_a_score_keeps_the_weights_of_its_day(people):
    ruled = LAW.with_rulings([{"parameter": "review.weights", "from": "2010-06-02", "value": [10, 20, 30, 40]}])
    case, weights = scored(people, HIGH, HIGH), partial(review_criteria, ruled)
    case.assignments.filter(reviewer=case.assignments.exclude(submitted_on=None).last().reviewer).update(
        submitted_on=dt.date(2010, 6, 2)
    )
    found = table_of(reviewers_of(case, weights), weights, dt.date(2010, 6, 3))
    assert (found.totals, found.earlier, [row.share for row in found.rows]) == (
        (70.0, 60.0),
        True,
        ["10%", "20%", "30%", "40%"],
    )
    assert table(case).earlier is False


def test_where_the_law_has_none_the_countys_criteria_are_scored(client, people):
    criteria = [{"code": "own_1", "name": "可行", "weight": 70}, {"code": "own_2", "name": "創新", "weight": 30}]
    case = scored(people, HIGH)
    scheme = case.scheme
    Scheme.objects.filter(pk=scheme.pk).update(ruleset="miaoli")
    Application.objects.filter(pk=case.pk).update(filed_under=terms_of(scheme, criteria=criteria))
    case = Application.objects.get(pk=case.pk)
    row = case.assignments.exclude(interest="none").first()
    reviewers.declare(row.reviewer, row, "none")
    with pytest.raises(Refused):
        reviewers.score(row.reviewer, row, {"own_1": (90, "可行")}, "可行")
    reviewers.score(row.reviewer, row, {"own_1": (90, "可行"), "own_2": (40, "少見")}, "可行")
    weights = partial(criteria_of, case)
    found = table_of(reviewers_of(case, weights), weights, TODAY)
    assert (found.totals, [row.share for row in found.rows]) == ((75.0,), ["70%", "30%"])


def test_nobody_scored_yet(people):
    assert table(scored(people)) is None


@pytest.mark.parametrize("weights", [[50, 50], [25, 25, 25, 25, 0], [0, 0, 0, 0], [-25, 75, 25, 25]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(RulingError):
        LAW.with_rulings([{"parameter": "review.weights", "from": "2010-06-01", "value": weights}])


@pytest.mark.parametrize("page", ["proposal", "decision"])
def test_the_scores_stand_before_who_proposes_and_who_decides(client, people, page):
    case = scored(people, HIGH, LOW)
    in_force(case.scheme, parameter="review.weights", value={"value": [10, 20, 30, 40]}, on=TODAY)
    if page == "decision":
        wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
        proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    client.force_login(people.officer if page == "proposal" else people.head)
    html = client.get(f"/applications/{case.number}/{page}/").content.decode()
    start = html.index('id="scores"')
    table = html[start : html.index("</table>", start)]
    assert [words for words in ("40%", "60.0", "39.0", "意見100", "意見10", "加權總分") if words not in table] == []
    # What a panel of nine comes to is in view without moving the table sideways.
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)', table)[1:4] == ["權重", "平均", "最高最低相差"]
    assert "<dd>60.0 分</dd>" in html
    # On a phone each figure has the name of its reviewer beside it.
    for row in case.assignments.exclude(submitted_on=None):
        assert table.count(f'data-label="{row.reviewer}"') == len(CODES) + 1


def test_the_table_costs_no_query_for_a_reviewer(client, people, django_assert_num_queries):
    one, many = scored(people, HIGH), scored(people, HIGH, LOW, HIGH)
    weights = partial(review_criteria, LAW)
    for case in (one, many):
        with django_assert_num_queries(2):
            found = table_of(reviewers_of(case, weights), weights, TODAY)
            assert [str(score.assignment.reviewer) for row in found.rows for score in row.scores]


def test_a_plan_that_has_nothing_scored_asks_for_an_opinion_alone(people):
    assert review_criteria(load("miaoli"), TODAY) == ()
    assert table(scored(people, HIGH), load("miaoli")) is None
