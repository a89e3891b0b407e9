"""Reviewers are asked about many cases in one go: as many for each case, the fewest open first, never one in conflict."""

import datetime as dt
from collections import Counter

import pytest

from grants.models import Conflict, Programme, ReviewAssignment, ReviewerRemit
from grants.queries.panels.roster import roster
from grants.services.panels.assigning import ASSIGN, Bench
from grants.services.panels.roster import set_remit
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lists.bulk import services
from miaoli_kaohsiung.lists.enums import RowState
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, township

from .pages import signed_in

pytestmark = pytest.mark.django_db
ELSEWHERE = "64000330"
DUE = dt.date(2010, 6, 15)


def panel_of(people, size: int) -> list[User]:
    """The county's reviewers by name; the one of `people` among them."""
    more = [person(Role.REVIEWER) for _ in range(size - 1)]
    for place, one in enumerate([people.reviewer, *more]):
        one.display_name = f"委員{'甲乙丙丁戊己庚辛壬'[place]}"
        one.save(update_fields=["display_name"])
    return list(roster("kaohsiung"))


def bench(people, loads, apart=(), remits=()):
    return Bench(people, {row.reviewer_id: row for row in remits}, loads, {1: set(apart)})


def names(choice) -> list[str]:
    return [str(person)[-1] for person, _load in choice.people]


def test_the_fewest_open_come_first_and_then_the_order_of_the_roster():
    people = [User(pk=pk, display_name=f"委員{name}") for pk, name in enumerate("甲乙丙丁", 1)]
    case = reviews.Application(pk=1)
    chosen = bench(people, {1: 2, 2: 1, 3: 0, 4: 1})
    assert [names(chosen.choose(case, [], 2)) for _ in range(3)] == [["丙", "乙"], ["丙", "丁"], ["甲", "乙"]]
    assert chosen.loads == {1: 3, 2: 3, 3: 2, 4: 2}
    # Whoever reviews it already counts, an interest passes over, and too few is said.
    assert names(bench(people, dict.fromkeys(range(1, 5), 0), apart=[1]).choose(case, [2], 3)) == ["丙", "丁"]
    assert bench(people, {}).choose(case, [1, 2, 3], 3).refusal == "已經有 3 位委員，不必再派。"
    assert "只有 2 位，還缺 3 位" in bench(people, {}, apart=[1, 2]).choose(case, [], 3).refusal


def test_a_remit_is_kept_and_passes_over_others(people):
    case = reviews.checked(people)
    other = Programme.objects.create(
        scheme=case.scheme, code="other", name="其他", clause="一", purpose="其他", position=99
    )
    first, second = panel_of(people, 2)
    assert case.township_code == QISHAN
    township(ELSEWHERE, "甲仙鄉", postal_code="847")
    set_remit(people.officer, "kaohsiung", first, [other], [])
    assert ReviewerRemit.objects.get().covers(case) is False
    page = signed_in(people.officer).get("/panels/kaohsiung/", {"programme": case.programme_id})
    assert [row.record.pk for row in page.context["list"].table.rows] == [second.pk]
    set_remit(people.officer, "kaohsiung", first, [other, case.programme], [ELSEWHERE])
    assert ReviewerRemit.objects.get().covers(case) is False
    set_remit(people.officer, "kaohsiung", first, [], [case.township_code])
    assert ReviewerRemit.objects.get().covers(case) is True
    for nobody in (people.head, person(Role.CASE_OFFICER, "miaoli")):
        with pytest.raises(Refused):
            set_remit(nobody, "kaohsiung", first, [], [])
    with pytest.raises(Refused, match="不是本縣的審查委員"):
        set_remit(people.officer, "kaohsiung", person(Role.REVIEWER, "miaoli"), [], [])


def test_many_cases_get_as_many_reviewers_each_and_the_outcome_stands_by_row(people):
    panel = panel_of(people, 4)
    cases = [reviews.checked(people) for _ in range(4)]
    filed = reviews.filed()
    Conflict.objects.create(application=cases[0], person=panel[0], ground="phone", found_on=DUE)
    client = signed_in(people.officer)
    chosen = client.post(
        "/applications/", {"act": "case.assign_reviewers", "row": [case.pk for case in [*cases, filed]]}
    )
    typed = {"size": "3", "due_on": "99/6/15"}
    late = client.post(chosen.url, {"command": "confirm", **typed, "due_on": "99/6/1"})
    assert late.context["form"].errors == {"due_on": ["審查期限要在今天之後。"]}
    shown = client.post(chosen.url, {"command": "look", **typed}).context["planned"]
    assert shown[0].words == f"請{panel[1]}（手上 0 件）、{panel[2]}（手上 0 件）、{panel[3]}（手上 0 件）審查"
    assert shown[4].refusal == "檢核或審查中的案件才能指派審查委員。"
    assert not ReviewAssignment.objects.exists()
    client.post(chosen.url, {"command": "confirm", **typed})
    # Meanwhile an interest is found: that row alone is refused.
    struck = User.objects.get(pk=shown[3].detail["reviewers"][0])
    Conflict.objects.create(application=cases[3], person=struck, ground="phone", found_on=DUE)
    services.work_pending()
    rows = list(people.officer.bulk_runs.get().rows.values_list("state", "words"))
    assert [state for state, _words in rows] == [RowState.DONE] * 3 + [RowState.REFUSED] * 2
    assert "有利害關係（電話相同），不能指派" in rows[3][1]
    asked = Counter(ReviewAssignment.objects.values_list("application", flat=True))
    assert asked == {case.pk: 3 for case in cases[:3]}
    assert sorted(row.open for row in roster("kaohsiung")) == [2, 2, 2, 3]
    assert max(row.apart for row in roster("kaohsiung")) == 0


def test_the_roster_shows_what_lies_with_whom(people):
    first, second = panel_of(people, 2)
    case = reviews.checked(people)
    rows = reviewers.assign(people.officer, case, [first, second], due_on=DUE)
    reviewers.declare(second, rows[1], "conflict", "會員")
    ReviewAssignment.objects.filter(reviewer=first).update(due_on=dt.date(2010, 5, 31))
    page = signed_in(people.head).get("/panels/kaohsiung/", {"late": "on"})
    (row,) = page.context["list"].rows
    assert (row.pk, row.open, row.undeclared, row.late, row.scored, row.apart) == (first.pk, 1, 1, 1, 0, 0)
    assert [row.apart for row in roster("kaohsiung")] == [0, 1]
    text = signed_in(people.head).get(f"/panels/kaohsiung/reviewers/{first.pk}/").content.decode()
    assert "全部" in text
    assert 'name="programmes"' not in text


def test_the_plan_asks_the_same_for_a_case_more_or_less(people, django_assert_max_num_queries):
    panel_of(people, 5)
    cases = [reviews.checked(people) for _ in range(6)]
    with django_assert_max_num_queries(20):
        ASSIGN.plan(people.officer, [case.pk for case in cases], {"size": 2})
