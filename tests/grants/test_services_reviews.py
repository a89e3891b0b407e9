"""The township's and the officer's steps as services: who is notified, what is kept, what is refused."""

import datetime as dt

import pytest

from grants.compliance import checklist
from grants.enums import ApplicationStatus as S
from grants.enums import Verdict
from grants.models import CorrectionRequest, Deadline
from grants.services.applications import correction_requests
from grants.services.awards import decisions
from grants.services.letters import drafts
from grants.services.locks import lock_case
from grants.services.reviews import checks, proposals, reviewers
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, member_of
from tests.factories.letters import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def township():
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)


def kinds_of(user):
    return list(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def test_township_asks_for_a_correction_without_a_letter(people, township):
    case = reviews.filed(status=S.TOWNSHIP_REVIEW)
    asked = correction_requests.ask_correction(township, case, items="補章", days=10, edition=case.edition)
    assert (asked.by_township, asked.due_on, case.letters.count()) == (True, dt.date(2010, 6, 15), 0)
    with pytest.raises(Refused):
        correction_requests.extend_correction(people.officer, case, due_on=dt.date(2010, 6, 21))
    assert correction_requests.extend_correction(township, case, due_on=dt.date(2010, 6, 21)).due_on == dt.date(
        2010, 6, 21
    )


def asked_by_county(people, days=10):
    case = reviews.received(people)
    correction_requests.ask_correction(people.officer, case, items="補章", days=days, edition=case.edition)
    return lock_case(case)


def test_no_term_runs_before_the_letter_that_asks_for_the_correction(people):
    case = reviews.received(people)
    member = member_of(case.organisation)
    correction_requests.ask_correction(people.officer, case, items="補章", days=10, edition=case.edition)
    case = lock_case(case)
    assert (case.correction_due_on, Deadline.objects.count()) == (None, 0)
    (kind,) = kinds_of(member)
    assert kind.startswith("application.correction-asked")
    with pytest.raises(Refused, match="還沒有發文，期限還沒有開始算"):
        correction_requests.extend_correction(people.officer, case, due_on=dt.date(2010, 6, 18))
    with pytest.raises(Refused, match="還沒有發文"), clock.travel(dt.date(2010, 12, 1)):
        proposals.propose_refusal(people.officer, case, reason="逾期未補正")


@pytest.mark.parametrize(
    ("on", "due"), [(dt.date(2010, 6, 1), dt.date(2010, 6, 21)), (dt.date(2010, 6, 4), dt.date(2010, 6, 22))]
)
def test_the_term_begins_with_the_dispatch_date(people, on, due):
    """Three days for the post and ten working days to correct; the sixteenth is a holiday."""
    case = asked_by_county(people)
    member = member_of(case.organisation)
    with clock.travel(on):
        letter = issued(people.officer, case.letters.get())
    assert f"（{format_roc(due)}前）" in letter.subject
    case.refresh_from_db()
    assert case.correction_due_on == due == CorrectionRequest.objects.get().due_on
    assert list(Deadline.objects.values_list("kind", "due_on", "opened_on")) == [("correction", due, on)]
    assert kinds_of(member) == [f"application.correction-{letter.pk}"]


def test_an_answer_before_the_letter_makes_the_letter_needless(people):
    case = asked_by_county(people)
    draft = case.letters.get()
    with trail.unit_of_work(trail.Actor.system("test")):
        drafts.drop_corrections(case)
    draft.refresh_from_db()
    assert draft.status == "cancelled"


def over(people):
    """A case whose correction was due yesterday, on the day that the block travels to."""
    case = asked_by_county(people)
    issued(people.officer, case.letters.get(), "府社區字第0990000777號")
    return lock_case(case)


def test_two_people_refuse_to_take_a_case_up_and_the_letter_cites_the_first_one(people):
    case = over(people)
    with clock.travel(dt.date(2010, 6, 21)), pytest.raises(Refused, match="99年6月21日"):
        proposals.propose_refusal(people.officer, case, reason="逾期未補正")
    with clock.travel(dt.date(2010, 6, 22)):
        proposal = proposals.propose_refusal(people.officer, case, reason="逾期未補正")
        assert lock_case(case).status == S.PROPOSED
        assert Deadline.objects.get().done_on == dt.date(2010, 6, 22)
        with pytest.raises(Refused):
            decisions.not_accept(people.officer, case)
        case = decisions.not_accept(people.head, case, proposal_id=proposal.pk)
        assert decisions.not_accept(people.head, case).status == S.NOT_ACCEPTED
    assert CorrectionRequest.objects.get().answered_on == dt.date(2010, 6, 22)
    letter = case.letters.get(kind="not_accepted")
    assert letter.explanation[2:4] == ["本府99年6月1日府社區字第0990000777號函諒達。", "不予受理之理由：逾期未補正。"]


def test_who_proposed_does_not_decide_not_to_take_up(people):
    people.officer.posts.create(role=Role.APPROVER, county="kaohsiung", valid_from=dt.date(2009, 1, 1))
    case = reviews.received(people)
    proposals.propose_refusal(people.officer, case, reason="非受理期間")
    with pytest.raises(Refused, match="提案的人不能核定自己的提案"):
        decisions.not_accept(people.officer, lock_case(case))


@pytest.mark.parametrize(
    ("build", "back_to"), [(over, S.CORRECTION_REQUESTED), (reviews.received, S.COMPLETENESS_CHECK)]
)
def test_what_is_not_agreed_to_goes_back_where_it_was(people, build, back_to):
    case = build(people)
    with clock.travel(dt.date(2010, 6, 22)):
        proposals.propose_refusal(people.officer, case, reason="逾期未補正")
        assert proposals.send_back(people.head, case, note="請再催一次").status == back_to
    assert Deadline.objects.filter(kind="correction", done_on__isnull=False).count() == 0


def test_the_approver_may_reject_whatever_was_proposed_but_gives_the_reason(people):
    case = reviews.received(people)
    proposals.propose_refusal(people.officer, case, reason="非受理期間")
    with pytest.raises(decisions.ReasonMissingError):
        decisions.reject(people.head, case)
    case = decisions.reject(people.head, case, note="經費已用罄")
    assert case.status == S.REJECTED
    assert "未予補助之理由：經費已用罄。" in case.letters.get(kind="rejection").explanation


LATE = {"starts_on": dt.date(2010, 3, 1), "ends_on": dt.date(2010, 5, 31)}
BEGUN = {"starts_on": dt.date(2010, 5, 31), "ends_on": dt.date(2010, 12, 31)}
AHEAD = {"starts_on": dt.date(2010, 6, 1), "ends_on": dt.date(2010, 12, 31)}


@pytest.mark.parametrize(("dates", "asked"), [(LATE, True), (BEGUN, True), (AHEAD, False)])
def test_a_plan_that_is_over_or_under_way_is_approved_once_that_is_answered_and_read(people, dates, asked):
    case = reviews.checked(people)
    for name, value in dates.items():
        setattr(case, name, value)
    case.save()
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    if asked:
        with pytest.raises(proposals.UnansweredError, match=r"還有 1 項要先說明.*計畫") as refused:
            proposals.propose(people.officer, case, wanted, note="", edition=case.edition, answers={"dates": " "})
        assert refused.value.keys == {"dates"}
    answers = {"dates": "申請在先"}
    proposal = proposals.propose(people.officer, case, wanted, note="", edition=case.edition, answers=answers)
    reviews.EnvelopeFactory(scheme=case.scheme)
    if asked:
        with pytest.raises(proposals.UnansweredError, match="還有 1 項要先看過"):
            decisions.approve(people.head, case)
    decisions.approve(people.head, case, decided=decisions.Terms(seen=["dates"]))
    kept = [(row.key, row.answer, row.seen_by) for row in proposal.concerns.all()]
    assert kept == ([("dates", "申請在先", people.head)] if asked else [])


def test_one_entry_in_the_trail_for_a_saved_check(people):
    case = reviews.received(people)
    items = [item.key for item in checklist.items_for(case)][:2]
    answers = {
        items[0]: (Verdict.ACCEPTED, ""),
        items[1]: (Verdict.REFUSED, "字跡不清"),
        "no such item": ("accepted", ""),
    }
    checks.answer(people.officer, case, checks.Answers(answers, {}), edition=case.edition)
    entry = AuditEntry.objects.get(action="application.check")
    assert sorted(entry.after.values()) == ["不同意：字跡不清", "同意"]
    case.refresh_from_db()
    checks.answer(people.officer, case, checks.Answers(answers, {}), edition=case.edition)
    assert AuditEntry.objects.filter(action="application.check").count() == 1


def test_written_reasons_are_answered_one_by_one(people):
    case = reviews.received(people)
    first = case.justifications.create(clause="K5.1", text="一")
    second = case.justifications.create(clause="K5.2b", text="二")
    items = {item.key: (Verdict.ACCEPTED, "") for item in checklist.items_for(case)}
    answers = checks.Answers(items, {first.pk: (Verdict.REFUSED, "不足採")})
    case = checks.answer(people.officer, case, answers, edition=case.edition)
    with pytest.raises(checks.PendingError) as refused:
        checks.complete(people.officer, case, edition=case.edition)
    assert refused.value.waiting == ["伍、二 二"]
    case = checks.answer(
        people.officer, case, checks.Answers({}, {second.pk: (Verdict.ACCEPTED, "")}), edition=case.edition
    )
    assert checks.complete(people.officer, case, edition=case.edition).status == S.UNDER_REVIEW
    first.refresh_from_db()
    assert (first.verdict, first.verdict_note, first.verdict_by) == (Verdict.REFUSED, "不足採", people.officer)


SCORES = {
    "governance": (70, "會務健全"),
    "feasibility": (80, "可行"),
    "participation": (90, "多"),
    "urgency": (100, "急"),
}


def test_reviewers_of_the_county_alone_are_asked(people):
    case = reviews.checked(people)
    with pytest.raises(Refused, match="不是本縣的審查委員"):
        reviewers.assign(people.officer, case, [person(Role.REVIEWER, "miaoli")], due_on=dt.date(2010, 6, 15))
    made = [reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15)) for _ in range(2)]
    assert [len(rows) for rows in made] == [1, 0]


def test_declaration_is_given_once_and_scores_stop_at_the_proposal(people):
    case = reviews.checked(people)
    (row,) = reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    with pytest.raises(Refused, match="請先聲明"):
        reviewers.score(people.reviewer, row, SCORES, "可行")
    reviewers.declare(people.reviewer, row, "none")
    with pytest.raises(Refused, match="已經聲明過"):
        reviewers.declare(people.reviewer, row, "conflict")
    with pytest.raises(Refused, match="不是指派給您"):
        reviewers.score(person(Role.REVIEWER), row, SCORES, "可行")
    reviewers.score(people.reviewer, row, SCORES, "可行")
    case.refresh_from_db()
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    with pytest.raises(Refused, match="不能再改分數"):
        reviewers.score(people.reviewer, row, SCORES, "可行")
    assert list(row.scores.order_by("score").values_list("score", flat=True)) == [70, 80, 90, 100]


def test_a_score_without_a_comment_is_refused(people):
    case = reviews.checked(people)
    (row,) = reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    reviewers.declare(people.reviewer, row, "none")
    with pytest.raises(Refused, match="都要寫意見"):
        reviewers.score(people.reviewer, row, SCORES | {"urgency": (100, " ")}, "可行")
    assert not row.scores.exists()


@pytest.mark.parametrize("scores", [{"benefit": (80, "")}, {"urgency": (80, "")}, {}])
def test_what_the_law_does_not_have_scored_is_refused(people, scores):
    case = reviews.checked(people)
    (row,) = reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    reviewers.declare(people.reviewer, row, "none")
    points = SCORES | scores if "benefit" in scores else scores
    with pytest.raises(Refused, match="審查原則不符"):
        reviewers.score(people.reviewer, row, points, "可行")
    assert not row.scores.exists()


def test_a_proposal_sent_back_twice_on_one_day_is_told_twice(people):
    case = reviews.checked(people)
    for note in ("請再查證", "金額請再核"):
        proposals.propose_rejection(people.officer, case, note="不合宗旨", edition=case.edition)
        case = proposals.send_back(people.head, case, note=note)
    bodies = Notice.objects.filter(kind="application.sent_back").order_by("id").values_list("body", flat=True)
    assert [body.splitlines()[1] for body in bodies] == ["請再查證", "金額請再核"]
