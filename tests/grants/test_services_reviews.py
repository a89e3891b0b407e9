"""The township's and the officer's steps as services: who is told, what is kept, what is refused."""

import datetime as dt

import pytest

from grants import checklist
from grants.enums import ApplicationStatus as S
from grants.enums import Verdict
from grants.models import CorrectionRequest, Deadline
from grants.services import reviewers, reviews
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews as make
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, member_of
from tests.factories.grants import SchemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.staff()


@pytest.fixture
def township():
    return person(Role.TOWNSHIP_OFFICER, township_code=QISHAN)


def told(user):
    return list(Notice.objects.filter(recipient=user).values_list("kind", flat=True))


def test_township_forwards_and_the_county_is_told(people, township):
    SchemeFactory(township_first=True)
    case = make.filed(status=S.TOWNSHIP_REVIEW)
    assert reviews.forward(township, case).status == S.SUBMITTED
    assert told(people.officer) == ["application.forwarded"]
    with pytest.raises(Refused):
        reviews.forward(township, case)


def test_township_asks_for_a_correction_without_a_letter(people, township):
    case = make.filed(status=S.TOWNSHIP_REVIEW)
    asked = reviews.ask_correction(
        township, case, items="補章", due_on=reviews.correction_due(case), edition=case.edition
    )
    assert (asked.by_township, case.letters.count()) == (True, 0)
    with pytest.raises(Refused):
        reviews.extend_correction(people.officer, case, due_on=dt.date(2010, 6, 21))
    assert reviews.extend_correction(township, case, due_on=dt.date(2010, 6, 21)).due_on == dt.date(2010, 6, 21)


def test_correction_makes_a_deadline_and_tells_the_association(people):
    case = make.received(people)
    member = member_of(case.organisation)
    reviews.ask_correction(people.officer, case, items="補章", due_on=dt.date(2010, 6, 11), edition=case.edition)
    reviews.extend_correction(people.officer, case, due_on=dt.date(2010, 6, 18))
    assert list(Deadline.objects.values_list("kind", "due_on", "done_on")) == [
        ("correction", dt.date(2010, 6, 18), None)
    ]
    assert sorted(told(member)) == ["application.correction-0611", "application.correction-0618"]
    reviews.not_accept(people.officer, case, reason="逾期未補正")
    assert Deadline.objects.get().done_on == dt.date(2010, 6, 1)
    assert CorrectionRequest.objects.get().answered_on == dt.date(2010, 6, 1)


@pytest.mark.parametrize(
    ("today", "due"), [(dt.date(2010, 6, 1), dt.date(2010, 6, 11)), (dt.date(2010, 6, 2), dt.date(2010, 6, 14))]
)
def test_default_correction_date_is_a_workday(today, due):
    assert reviews.correction_due(make.filed(), today) == due


def test_one_entry_in_the_trail_for_a_saved_check(people):
    case = make.received(people)
    items = [item.key for item in checklist.items_for(case)][:2]
    answers = {
        items[0]: (Verdict.ACCEPTED, ""),
        items[1]: (Verdict.REFUSED, "字跡不清"),
        "no such item": ("accepted", ""),
    }
    reviews.answer(people.officer, case, reviews.Answers(answers, {}), edition=case.edition)
    entry = AuditEntry.objects.get(action="application.check")
    assert sorted(entry.after.values()) == ["不同意：字跡不清", "同意"]
    case.refresh_from_db()
    reviews.answer(people.officer, case, reviews.Answers(answers, {}), edition=case.edition)
    assert AuditEntry.objects.filter(action="application.check").count() == 1


def test_written_reasons_are_answered_one_by_one(people):
    case = make.received(people)
    first = case.justifications.create(clause="K5.1", text="一")
    second = case.justifications.create(clause="K5.2b", text="二")
    items = {item.key: (Verdict.ACCEPTED, "") for item in checklist.items_for(case)}
    told_now = reviews.Answers(items, {first.pk: (Verdict.REFUSED, "不足採")})
    case = reviews.answer(people.officer, case, told_now, edition=case.edition)
    with pytest.raises(reviews.PendingError) as refused:
        reviews.complete(people.officer, case, edition=case.edition)
    assert refused.value.waiting == ["伍、二 二"]
    case = reviews.answer(
        people.officer, case, reviews.Answers({}, {second.pk: (Verdict.ACCEPTED, "")}), edition=case.edition
    )
    assert reviews.complete(people.officer, case, edition=case.edition).status == S.UNDER_REVIEW
    first.refresh_from_db()
    assert (first.verdict, first.verdict_note, first.verdict_by) == (Verdict.REFUSED, "不足採", people.officer)


def test_reviewers_of_the_county_alone_are_asked(people):
    case = make.checked(people)
    with pytest.raises(Refused, match="不是本縣的審查委員"):
        reviewers.assign(people.officer, case, [person(Role.REVIEWER, "miaoli")], due_on=dt.date(2010, 6, 15))
    made = [reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15)) for _ in range(2)]
    assert [len(rows) for rows in made] == [1, 0]


def test_declaration_is_given_once_and_scores_stop_at_the_proposal(people):
    case = make.checked(people)
    (row,) = reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    with pytest.raises(Refused, match="請先聲明"):
        reviewers.score(people.reviewer, row, {"urgency": (80, "")}, "可行")
    reviewers.declare(people.reviewer, row, "none")
    with pytest.raises(Refused, match="已經聲明過"):
        reviewers.declare(people.reviewer, row, "conflict")
    with pytest.raises(Refused, match="不是指派給您"):
        reviewers.score(person(Role.REVIEWER), row, {"urgency": (80, "")}, "可行")
    reviewers.score(people.reviewer, row, {"urgency": (80, "")}, "可行")
    case.refresh_from_db()
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    reviews.propose(people.officer, case, wanted, note="", edition=case.edition)
    with pytest.raises(Refused, match="不能再改分數"):
        reviewers.score(people.reviewer, row, {"urgency": (90, "")}, "可行")
    assert row.scores.get().score == 80


def test_a_proposal_sent_back_twice_on_one_day_is_told_twice(people):
    case = make.checked(people)
    for note in ("請再查證", "金額請再核"):
        reviews.propose_rejection(people.officer, case, note="不合宗旨", edition=case.edition)
        case = reviews.send_back(people.head, case, note=note)
    bodies = Notice.objects.filter(kind="application.sent_back").order_by("id").values_list("body", flat=True)
    assert [body.splitlines()[1] for body in bodies] == ["請再查證", "金額請再核"]
