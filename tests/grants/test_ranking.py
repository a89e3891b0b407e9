"""The order of a scheme's cases: weighted mean, ties, spread, and who has not scored; as a page and as a file."""

import datetime as dt

import pytest

from grants.models import Application, Conflict, ReviewAssignment
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from tests.factories import reviews
from tests.factories.accounts import PostFactory, person

from .pages import signed_in

pytestmark = pytest.mark.django_db
CODES = ("governance", "feasibility", "participation", "urgency")
PATH = "/rankings/kaohsiung-88/"


def case_with(people, panel, *points: int | None) -> Application:
    """A case of which each reviewer gave so many points for everything; None for one who has not scored."""
    case = reviews.checked(people)
    if not points:
        return case
    rows = reviewers.assign(people.officer, case, panel[: len(points)], due_on=dt.date(2010, 6, 15))
    for row, given in zip(rows, points, strict=True):
        if given is not None:
            reviewers.declare(row.reviewer, row, "none")
            reviewers.score(row.reviewer, row, dict.fromkeys(CODES, (given, "如上")), "可行")
    return case


@pytest.fixture
def ranking(people):
    """Five cases: two with the same mean, one better, one that nobody has scored, one without reviewers."""
    panel = [person(Role.REVIEWER) for _ in range(3)]
    cases = [
        case_with(people, panel, 70, 80),
        case_with(people, panel, 75, 75, None),
        case_with(people, panel, 60, 90, 96),
        case_with(people, panel, None),
        case_with(people, panel),
    ]
    return cases, panel


def figures(page) -> list[tuple]:
    return [
        (row.case.pk, row.rank, row.tied, row.mean, row.spread, row.deviation) for row, _place in page.context["rows"]
    ]


def test_the_best_stand_on_top_and_equal_means_share_a_rank(people, ranking):
    (first, second, best, unscored, unasked), panel = ranking
    page = signed_in(people.officer).get(PATH)
    assert figures(page) == [
        (best.pk, 1, False, 82.0, 36.0, 15.7),
        (first.pk, 2, True, 75.0, 10.0, 5.0),
        (second.pk, 2, True, 75.0, 0.0, 0.0),
        (unscored.pk, 0, False, None, 0.0, None),
        (unasked.pk, 0, False, None, 0.0, None),
    ]
    assert [page.context[name] for name in ("scored", "unscored", "nobody")] == [3, 2, 1]
    rows = [row for row, _place in page.context["rows"]]
    assert [[assignment.reviewer for assignment in row.waiting] for row in rows[2:4]] == [[panel[2]], [panel[0]]]
    ReviewAssignment.objects.filter(application=second, reviewer=panel[2]).update(due_on=dt.date(2010, 5, 31))
    shown = signed_in(people.head).get(PATH, {"unscored": "on"})
    assert [row.case.pk for row, _place in shown.context["rows"]] == [second.pk, unscored.pk]
    assert shown.content.decode().count("（逾期）") == 1


def test_the_file_holds_what_is_shown_and_is_noted(people, ranking):
    client = signed_in(people.officer)
    answer = client.post(PATH + "?unscored=on", {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("名次,案號,計畫名稱,單位,鄉鎮市,加權平均,最高,最低,相差,標準差,已評,應評,未評的委員")
    assert len(lines) == 3
    assert ",75.0,75.0,75.0,0.0,0.0,2,3," in lines[1]
    entry = AuditEntry.objects.get(action="list.export")
    assert (entry.after["list"], entry.after["rows"]) == ("ranking", 2)


@pytest.mark.parametrize("year", ["2009", "x", ""])
def test_a_year_without_cases_and_one_that_is_none(people, ranking, year):
    Application.objects.filter(pk=ranking[0][0].pk).update(first_filed_on=dt.date(2009, 5, 1))
    page = signed_in(people.officer).get(PATH, {"year": year})
    assert len(page.context["rows"]) == (1 if year == "2009" else 4)


def test_a_hidden_case_stands_in_no_ranking(people, ranking):
    (first, *_others), panel = ranking
    PostFactory(user=panel[2], role=Role.APPROVER)
    Conflict.objects.create(application=first, person=panel[2], ground="phone", found_on=dt.date(2010, 6, 1))
    shown = signed_in(panel[2]).get(PATH)
    assert first.pk not in [row.case.pk for row, _place in shown.context["rows"]]
    assert signed_in(person(Role.CASE_OFFICER, "miaoli")).get(PATH).status_code == 404


def test_the_page_asks_the_same_for_a_case_more_or_less(people, ranking, django_assert_max_num_queries):
    client = signed_in(people.officer)
    with django_assert_max_num_queries(30):
        client.get(PATH)
