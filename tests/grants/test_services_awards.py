"""Approval and rejection: what comes into being, who may, and what stands in the way."""

import datetime as dt

import pytest

from grants.enums import InstalmentStatus, LedgerKind
from grants.models import Award
from grants.queries.schemes import envelopes
from grants.queries.schemes.public import EnvelopeUse
from grants.services.applications.drafts import StaleError
from grants.services.awards import decisions
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of
from tests.factories.grants import ApplicationFactory, EnvelopeFactory, ProgrammeFactory, SchemeFactory

from .rulings import in_force

pytestmark = pytest.mark.django_db


def test_all_that_an_approval_brings(people):
    proposal = reviews.proposed(people, {2: (40_000, "頁數核實")})
    member = member_of(proposal.application.organisation)
    envelope = EnvelopeFactory(scheme=proposal.application.scheme)
    award = decisions.approve(people.head, proposal.application)
    assert (award.total, award.approved_by, award.proposed_by) == (120_000, people.head, people.officer)
    lines = list(award.lines.values_list("requested", "approved", "reason"))
    assert lines == [(80_000, 80_000, ""), (43_456, 40_000, "頁數核實")]
    assert list(award.entries.values_list("kind", "amount")) == [(LedgerKind.COMMITTED, 120_000)]
    assert list(award.instalments.values_list("number", "amount", "status", "clause")) == [
        (1, 60_000, InstalmentStatus.AWAITING_RECEIPT, "K7.1a"),
        (2, 60_000, InstalmentStatus.SCHEDULED, "K7.1b"),
    ]
    # Nothing is due, and nobody hears of a receipt, before the letter is issued.
    assert (award.deadlines.count(), award.notified_on) == (0, None)
    assert "領據" not in "".join(Notice.objects.filter(recipient=member).values_list("body", flat=True))
    stored = award.application.evaluations.get(stage="approval")
    assert stored.result["totals"]["requested"] == 120_000
    assert award.application.letters.get().kind == "partial_approval"
    assert Notice.objects.filter(recipient=member, kind="application.approved").count() == 1
    assert envelopes.use_of(envelope).left == 30_000_000 - 120_000
    done = set(AuditEntry.objects.filter(case=award.number).values_list("action", flat=True))
    assert {"application.approve", "ledger.committed", "letter.prepare"} <= done


@pytest.mark.parametrize(
    ("amounts", "plan"),
    [
        ((99_999,), [(1, 99_999, "scheduled")]),
        ((100_000,), [(1, 50_000, "awaiting_receipt"), (2, 50_000, "scheduled")]),
        ((100_001,), [(1, 50_000, "awaiting_receipt"), (2, 50_001, "scheduled")]),
    ],
)
def test_plan_at_the_threshold(people, amounts, plan):
    award = reviews.approved(people, amounts=amounts)
    assert list(award.instalments.values_list("number", "amount", "status")) == plan


@pytest.mark.parametrize(("room", "passes"), [(123_455, False), (123_456, True), (123_457, True)])
def test_envelope_to_the_dollar(people, room, passes):
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme, amount=room)
    if passes:
        assert decisions.approve(people.head, proposal.application).memo_number == ""
    else:
        with pytest.raises(
            decisions.OverEnvelopeError, match=r"99年度經費 123,455 元.*超出 1 元；核定時請附簽文號"
        ) as over:
            decisions.approve(people.head, proposal.application)
        assert (over.value.finding.clause, over.value.finding.suggested) == ("K8.2b", 123_455)
        assert Award.objects.count() == 0


@pytest.mark.parametrize(
    ("memo", "hard", "passes"), [("", False, False), (" ", False, False), ("簽1", False, True), ("簽1", True, False)]
)
def test_beyond_the_envelope_a_memo_helps_unless_the_county_rules_it_hard(people, memo, hard, passes):
    proposal = reviews.proposed(people)
    scheme = proposal.application.scheme
    EnvelopeFactory(scheme=scheme, amount=1)
    if hard:
        in_force(scheme, parameter="reading.envelope", value={"value": "hard"}, on=clock.today())
    if passes:
        assert decisions.approve(people.head, proposal.application, memo_number=memo).memo_number == memo
    else:
        with pytest.raises(decisions.OverEnvelopeError):
            decisions.approve(people.head, proposal.application, memo_number=memo)


def test_a_year_without_money_in_the_regulation_is_refused_whatever_is_entered(people):
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme, year=2013)
    with clock.travel(dt.date(2013, 1, 2)), pytest.raises(decisions.OverEnvelopeError, match="102年沒有編列") as over:
        seen = reviews.seen(proposal.application)
        decisions.approve(people.head, proposal.application, memo_number="簽1", decided=seen)
    assert over.value.finding.clause == "K8.2a"


def test_a_unit_of_miaoli_has_its_own_budget(people):
    """陸 of the plan: above it its own clause is cited, equal passes."""
    scheme = SchemeFactory(slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="ML")
    use = EnvelopeUse(EnvelopeFactory(scheme=scheme, amount=100_000), 60_000, 0)
    case = ApplicationFactory(programme=ProgrammeFactory(scheme=scheme, code="welfare_services"))
    assert decisions.over_envelope(case, use, 40_000) == ()
    (found,) = decisions.over_envelope(case, use, 40_001)
    assert (found.clause, found.severity, found.over) == ("M6", "warning", 1)
    assert decisions.over_envelope(case, use, 40_001, released=1) == ()


def test_memo_is_kept_only_where_it_was_needed(people):
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme)
    assert decisions.approve(people.head, proposal.application, memo_number="簽1").memo_number == ""


def test_year_without_an_envelope_is_refused(people):
    proposal = reviews.proposed(people)
    with pytest.raises(Refused, match="99年度還沒有登錄補助額度"):
        decisions.approve(people.head, proposal.application)


def test_proposer_who_is_also_approver_does_not_decide(people):
    people.officer.posts.create(role=Role.APPROVER, county="kaohsiung", valid_from=dt.date(2009, 1, 1))
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme)
    for decide in (decisions.approve, decisions.reject):
        with pytest.raises(Refused, match=r"提案的人不能核定自己的提案"):
            decide(people.officer, proposal.application)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.APPROVER, Role.MEMBER, Role.TOWNSHIP_OFFICER)]
)
def test_no_other_post_decides(people, role):
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme)
    with pytest.raises(Refused):
        decisions.approve(person(role), proposal.application)
    with pytest.raises(Refused):
        decisions.approve(person(Role.APPROVER, "miaoli"), proposal.application)
    assert Award.objects.count() == 0


def test_law_is_asked_again_at_the_decision(people):
    """A line that was within the law when proposed and is not any more holds the approval."""
    hours = {"item": "lecturer_fee", "quantities": {"hours": 10, "in_house": False}}
    proposal = reviews.proposed(people, amounts=(16_000,), lines=(hours,))
    EnvelopeFactory(scheme=proposal.application.scheme)
    proposal.application.lines.update(quantities={"hours": 9, "in_house": False})
    with pytest.raises(proposals.LawRefusedError) as refused:
        decisions.approve(people.head, proposal.application)
    assert [(finding.clause, finding.suggested) for finding in refused.value.findings] == [("K4.1.2", 14_400)]


def test_refused_reason_blocks_the_figures_it_was_given_for(people):
    case = reviews.received(people)
    case.justifications.create(clause="K5.1", text="理由", verdict="refused")
    judged, blocking = proposals.judge_amounts(case, {line.pk: line.requested for line in case.lines.all()})
    assert blocking == [f for f in judged.evaluation.findings if f.severity == "error"]


def test_rejecting_twice_is_once(people):
    case = reviews.checked(people)
    proposals.propose_rejection(people.officer, case, note="與貳、一不符", edition=case.edition)
    for _ in range(2):
        assert decisions.reject(people.head, case, note="另請參考").status == "rejected"
    letter = case.letters.get()
    assert "未予補助之理由：與貳、一不符；另請參考。" in letter.explanation


def test_approving_a_proposal_to_reject_is_refused(people):
    case = reviews.checked(people)
    proposals.propose_rejection(people.officer, case, note="與貳、一不符", edition=case.edition)
    EnvelopeFactory(scheme=case.scheme)
    with pytest.raises(Refused, match="承辦人的建議不是這個結果"):
        decisions.approve(people.head, case)


def test_everything_cut_to_nothing_is_no_approval(people):
    case = reviews.checked(people)
    cuts = {line.pk: (0, "不需要") for line in case.lines.all()}
    with pytest.raises(Refused, match="合計是 0 元"):
        proposals.propose(people.officer, case, cuts, note="", edition=case.edition)


def test_stale_edition_is_refused(people):
    case = reviews.checked(people)
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    with pytest.raises(StaleError):
        proposals.propose(people.officer, case, wanted, note="", edition=case.edition - 1)
    assert case.proposals.count() == 0
