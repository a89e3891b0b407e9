"""A sitting: many cases decided in one list, the year's money running along, each decision by itself."""

import datetime as dt

import pytest

from grants.models import Application, Award
from grants.queries.reviews.concerns import unseen
from grants.services.panels.sittings import APPROVE, REJECT, SEND_BACK, Wish, decide
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from tests.factories import reviews
from tests.factories.accounts import PostFactory
from tests.factories.grants import EnvelopeFactory

from .pages import signed_in

pytestmark = pytest.mark.django_db
TOTAL = 123_456
PATH = "/sittings/kaohsiung-88/"


@pytest.fixture
def three(people):
    """Three proposals of 123,456 with money for two, the last of them to reject."""
    made = [reviews.proposed(people) for _ in range(2)]
    case = reviews.checked(people)
    made.append(proposals.propose_rejection(people.officer, case, note="不合宗旨", edition=case.edition))
    EnvelopeFactory(scheme=case.scheme, amount=TOTAL + 1)
    return made


def chosen(made, *choices, command="decide", **more):
    data = {"command": command, "case": [row.application.number for row in made], "memo_number": ""}
    for proposal, choice in zip(made, choices, strict=True):
        key = proposal.application_id
        data |= {f"choice-{key}": choice, f"note-{key}": "", f"shown-{key}": proposal.pk}
    return data | more


def test_the_money_runs_along_line_by_line(people, three):
    page = signed_in(people.head).get(PATH)
    assert [row.line.left for row in page.context["rows"]] == [1, 1 - TOTAL, None]
    answer = signed_in(people.head).post(PATH, chosen(three, "reject", "approve", ""), HTTP_ACCEPT="application/json")
    parts = answer.json()["parts"]
    lefts = [parts[f"left-{row.application_id}"].strip() for row in three]
    assert lefts == ["—", "1", "—"]
    assert Award.objects.count() == 0


def test_what_is_refused_stands_in_its_row_and_the_rest_is_decided(people, three):
    first, second, third = (row.application_id for row in three)
    data = chosen(three, "approve", "approve", "reject", **{f"note-{second}": "請先核這件"})
    page = signed_in(people.head).post(PATH, data)
    assert page.status_code == 422
    (row,) = page.context["rows"]
    assert "超出 123,455 元" in row.refused
    assert (row.choice.value(), row.note.value()) == ("approve", "請先核這件")
    assert [outcome.wish.case.pk for outcome in page.context["done"]] == [first, third]
    statuses = dict(Application.objects.values_list("pk", "status"))
    assert statuses == {first: "approved", second: "proposed", third: "rejected"}
    # The next sitting goes on with the rest.
    assert [row.line.case.pk for row in signed_in(people.head).get(PATH).context["rows"]] == [second]
    memo = chosen(three[1:2], "approve", memo_number="簽99-7")
    assert signed_in(people.head).post(PATH, memo).status_code == 302
    assert Award.objects.get(application=second).memo_number == "簽99-7"


def test_each_case_has_its_own_entry_and_two_pairs_of_eyes(people, three):
    PostFactory(user=people.officer, role=Role.APPROVER)
    both = User.objects.get(pk=people.officer.pk)
    wishes = [
        Wish(row.application, choice, row.pk) for row, choice in zip(three, (APPROVE, SEND_BACK, REJECT), strict=True)
    ]
    assert {outcome.refused for outcome in decide(both, wishes[::2])} == {
        "提案的人不能核定自己的提案，請由另一位主管決定。"
    }
    page = signed_in(both).get(PATH)
    assert {row.barred for row in page.context["rows"]} == {"提案的人不能核定自己的提案，請由另一位主管決定。"}
    done = decide(people.head, wishes)
    assert [outcome.refused for outcome in done] == ["", "退回時請寫要承辦人怎麼改。", ""]
    entries = AuditEntry.objects.filter(action__in=["application.approve", "application.reject"])
    assert entries.count() == 2


def test_nothing_is_decided_by_accident(people, three):
    page = signed_in(people.head).post(PATH, chosen(three, "", "", ""))
    assert (page.status_code, page.context["problems"]) == (422, ["還沒有選：請在每一列選擇決定。"])
    page = signed_in(people.head).post(PATH, chosen(three, "", "reject", "", command="as_proposed"))
    assert [row.choice.value() for row in page.context["rows"]] == ["approve", "reject", "reject"]
    assert Award.objects.count() == 0


def test_another_proposal_by_now_is_not_decided(people, three):
    stale = chosen(three, "approve", "", "")
    case = proposals.send_back(people.head, three[0].application, note="再查")
    lines = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, lines, note="", edition=case.edition)
    page = signed_in(people.head).post(PATH, stale)
    assert "承辦人已經改提另一個建議" in page.context["rows"][0].refused


def test_a_list_of_twenty_says_how_many_follow(people, monkeypatch):
    monkeypatch.setattr("grants.queries.panels.sittings.MOST", 2)
    for _ in range(3):
        reviews.proposed(people)
    page = signed_in(people.head).get(PATH)
    assert (len(page.context["rows"]), page.context["rest"]) == (2, 1)


def test_what_was_put_off_is_not_in_the_list_before_its_day(people, three):
    case, day = three[0].application, clock.today() + dt.timedelta(days=3)
    proposals.defer(people.head, case, until=day, note="等會勘")
    rest = [row.application_id for row in three[1:]]
    assert [row.line.case.pk for row in signed_in(people.head).get(PATH).context["rows"]] == rest
    signed_in(people.head).post(PATH, chosen(three, "", "", "", command="as_proposed"))
    signed_in(people.head).post(PATH, chosen(three, "approve", "", ""))
    case.refresh_from_db()
    assert case.status == "proposed"
    with clock.travel(day):
        assert len(signed_in(people.head).get(PATH).context["rows"]) == 3


def test_what_speaks_against_a_case_after_the_one_before_it_can_be_read_at_once(people):
    """Two cases of one association: the approval of the first stands against the second, with a box to tick."""
    first = reviews.proposed(people)
    second = reviews.proposed(people, organisation=first.application.organisation)
    EnvelopeFactory(scheme=first.application.scheme)
    made = [first, second]
    seen = {f"seen-{row.application_id}": [one.key for one in unseen(row.application, row)] for row in made}
    page = signed_in(people.head).post(PATH, chosen(made, "approve", "approve", **seen))
    (row,) = page.context["rows"]
    boxes = [(box.data["value"], box.data["selected"]) for box in row.seen]
    assert ("awards", False) in boxes
    assert "另有執行中的核定案" in row.refused
    ticked = {f"seen-{second.application_id}": [key for key, _selected in boxes]}
    assert signed_in(people.head).post(PATH, chosen([second], "approve", **ticked)).status_code == 302
