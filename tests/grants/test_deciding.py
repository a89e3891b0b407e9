"""What the approver settles with a decision, and what the officer may do before it."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus as S
from grants.models import Award, Proposal, ProposalDraft
from grants.queries.desk.lists import queue_list
from grants.queries.reviews.concerns import concerns_of
from grants.services.awards import deciding, decisions
from grants.services.awards.decisions import Terms
from grants.services.reviews import county_rules, proposals
from grants.services.reviews.proposals import Condition
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.money import approved

pytestmark = pytest.mark.django_db

CUT = {1: (70_000, "參酌實際需要酌予核減")}


@pytest.fixture
def people():
    return reviews.staff()


def waiting(people, **more):
    proposal = reviews.proposed(people, **more)
    reviews.EnvelopeFactory(scheme=proposal.application.scheme)
    return proposal


def first(proposal):
    return proposal.lines.select_related("line").first()


def test_the_approver_s_own_figure_is_beside_the_proposed_one(people):
    proposal = waiting(people, cuts=CUT)
    line = first(proposal)
    figures = {line.line_id: (60_000, "核減 20,000 元")}
    award = decisions.approve(people.head, proposal.application, decided=Terms(figures))
    line.refresh_from_db()
    assert (line.amount, line.decided, line.decided_reason) == (70_000, 60_000, "核減 20,000 元")
    assert (award.total, award.lines.first().approved, award.lines.first().reason) == (
        103_456,
        60_000,
        "核減 20,000 元",
    )
    assert Proposal.objects.get().total == 113_456
    assert award.entries.get().amount == 103_456


@pytest.mark.parametrize(
    ("amount", "reason", "refused"),
    [
        (60_000, "", "核減的項目都要寫理由"),
        (60_000, "核減 19,999 元", "這一列的核減金額是 20,000 元"),
        (80_001, "", "不能超過申請金額"),
        (-1, "理由", "不能超過申請金額"),
    ],
)
def test_figures_of_the_approver_that_do_not_hold_decide_nothing(people, amount, reason, refused):
    proposal = waiting(people)
    with pytest.raises(Refused, match=refused):
        decisions.approve(people.head, proposal.application, decided=Terms({first(proposal).line_id: (amount, reason)}))
    assert (Award.objects.count(), Proposal.objects.get().decision) == (0, "open")


def test_conditions_stand_in_the_letter_and_stop_the_receipt_until_they_are_met(people):
    proposal = waiting(people)
    conditions = [Condition("receipt", "先取得土地使用同意書"), Condition("settlement", "檢附志工名冊")]
    award = decisions.approve(people.head, proposal.application, decided=Terms(conditions=conditions))
    letter = award.application.letters.get()
    at = letter.explanation.index("本案核定附有下列2項條件，請切實辦理：")
    assert letter.explanation[at + 1 : at + 3] == ["　請款前：先取得土地使用同意書", "　結報時：檢附志工名冊"]
    (before, after) = award.conditions.all()
    with pytest.raises(Refused, match="由縣府承辦人"):
        deciding.meet_condition(people.head, award, before.pk, "已附")
    with pytest.raises(Refused, match="怎麼查核"):
        deciding.meet_condition(people.officer, award, before.pk, " ")
    assert deciding.meet_condition(people.officer, award, before.pk, "已附同意書").met_by == people.officer
    after.refresh_from_db()
    assert after.met_on is None


def rules(people, *, limit, people_above):
    levels = [
        {"title": "科長", "up_to": limit, "people": [people.head.pk]},
        {"title": "處長", "up_to": None, "people": [one.pk for one in people_above]},
    ]
    data = {"levels": levels, "reasons": ["與計畫目的關聯不足"]}
    wish = services.Wish(data, clock.today(), memo_number="簽1", reason="分層負責")
    change = county_rules.propose(people.officer, "kaohsiung", wish)
    services.confirm(people.head, change)


@pytest.mark.parametrize(("limit", "allowed"), [(123_455, False), (123_456, True), (123_457, True)])
def test_a_level_decides_up_to_its_amount(people, limit, allowed):
    proposal, director = waiting(people), person(Role.APPROVER)
    rules(people, limit=limit, people_above=[director])
    if allowed:
        assert decisions.approve(people.head, proposal.application).total == 123_456
        return
    with pytest.raises(Refused, match="核定 123,456 元要由處長決定"):
        decisions.approve(people.head, proposal.application)
    less = {first(proposal).line_id: (0, "與計畫目的關聯不足")}
    assert deciding.may_decide(people.head, proposal.application, 43_456)
    assert decisions.approve(director, proposal.application, decided=Terms(less)).total == 43_456


def test_a_case_put_off_comes_back_on_its_day(people):
    proposal = waiting(people)
    case, day = proposal.application, clock.today() + dt.timedelta(days=3)
    for until, note, refused in ((clock.today(), "等說明", "今天以後"), (day, " ", "暫緩的理由")):
        with pytest.raises(Refused, match=refused):
            proposals.defer(people.head, case, until=until, note=note)
    with pytest.raises(Refused):
        proposals.defer(people.officer, case, until=day, note="等說明")
    proposals.defer(people.head, case, until=day, note="等消防會勘")
    case.refresh_from_db()
    assert (case.status, queue_list(people.head, "decide").rows.count()) == (S.PROPOSED, 0)
    with clock.travel(day - dt.timedelta(days=1)):
        assert queue_list(people.head, "decide").rows.count() == 0
    with clock.travel(day):
        assert queue_list(people.head, "decide").rows.count() == 1


def test_the_officer_takes_a_proposal_back_before_it_is_decided(people):
    case = waiting(people, cuts=CUT).application
    with pytest.raises(Refused, match="只有提案的人或這一件的承辦人"):
        proposals.take_back(person(Role.CASE_OFFICER), case)
    assert proposals.take_back(people.officer, case).status == S.UNDER_REVIEW
    kept = Proposal.objects.get()
    assert (kept.decision, kept.decided_by) == ("taken_back", None)
    with pytest.raises(Refused):
        decisions.approve(people.head, case)


def test_a_draft_is_kept_until_it_is_proposed(people):
    case = reviews.checked(people)
    proposals.save_draft(people.officer, case, {"note": "先存"})
    proposals.save_draft(people.officer, case, {"note": "再存"})
    assert [row.data for row in ProposalDraft.objects.all()] == [{"note": "再存"}]
    with pytest.raises(Refused):
        raise_if_none(proposals.save_draft(people.head, case, {"note": "別人"}))
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    assert not ProposalDraft.objects.exists()


def raise_if_none(draft):
    if draft is None:
        raise Refused("moved on")


def test_what_speaks_against_an_approval_is_told_each_with_its_cases(people):
    late = approved(staff=people, ends_on=dt.date(2010, 3, 31), settlement_due=dt.date(2010, 4, 30))
    case = reviews.checked(people, organisation=late.application.organisation)
    found = {one.key: one.sentence for one in concerns_of(case)}
    assert found.keys() == {"late", "awards", "cases"}
    assert late.number in found["late"]
    assert "還沒有結報的有 1 件" in found["late"]
    assert "合計 120,000 元" in found["awards"]
