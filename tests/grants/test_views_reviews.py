"""Reviewers, the buttons of a case, and what the county weighs in house and tells nobody else."""

import datetime as dt
import re

import pytest

from grants.models import ReviewAssignment
from grants.services import sanctions
from grants.services.locks import lock_case
from grants.services.reviews import proposals, reviewers
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import chair_of

from .deciding import address
from .pages import signed_in

pytestmark = pytest.mark.django_db


def test_reviewer_declares_then_scores(people):
    case = reviews.checked(people)
    reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    client = signed_in(people.reviewer)
    page = client.get(address(case, "review"))
    assert case.organisation.name in page.content.decode()
    assert case.title not in page.content.decode()
    assert client.post(address(case, "review"), {"interest": "none"}).status_code == 302
    page = client.get(address(case, "review"))
    assert case.title in page.content.decode()
    codes = ("governance", "feasibility", "participation", "urgency")
    data = {f"score-{code}": str(80 + n) for n, code in enumerate(codes)} | {"comment": "可行"}
    data |= {f"comment-{code}": f"意見{n}" for n, code in enumerate(codes)}
    assert client.post(address(case, "review"), data | {"score-urgency": "101"}).status_code == 422
    refused = client.post(address(case, "review"), data | {"comment-urgency": " "})
    assert refused.context["form"].errors == {"comment-urgency": ["請寫一句意見，說明為什麼給這個分數。"]}
    assert "意見2" in refused.content.decode()
    draft = data | {"score-urgency": "八十", "comment-urgency": "", "command": "save"}
    assert client.post(address(case, "review"), draft).status_code == 302
    kept = client.get(address(case, "review")).content.decode()
    assert [words for words in ('value="八十"', "意見2", "還沒有送出") if words not in kept] == []
    assert not ReviewAssignment.objects.get().scores.exists()
    assert client.post(address(case, "review"), data).status_code == 302
    assignment = ReviewAssignment.objects.get()
    assert assignment.draft == {}
    assert list(assignment.scores.values_list("criterion", "score").order_by("score")) == [
        (code, 80 + n) for n, code in enumerate(codes)
    ]


def test_conflict_hides_the_case(people):
    case = reviews.checked(people)
    reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    client = signed_in(people.reviewer)
    assert client.post(address(case, "review"), {"interest": "conflict", "note": "會員"}).status_code == 302
    assert client.get(address(case, "review")).status_code == 404
    assert client.get(f"/applications/{case.number}/").status_code == 404


def test_reviewer_without_an_assignment_finds_nothing(people):
    case = reviews.checked(people)
    assert signed_in(people.reviewer).get(address(case, "review")).status_code == 404


def test_reviewers_are_asked(people):
    case = reviews.checked(people)
    client = signed_in(people.officer)
    data = {"reviewers": [people.reviewer.pk], "due_on": "99/6/15"}
    assert client.post(address(case, "reviewers"), data).status_code == 302
    assert case.assignments.get().reviewer == people.reviewer


def test_case_page_has_the_buttons_of_the_table(people):
    case = reviews.filed()
    page = signed_in(people.officer).get(f"/applications/{case.number}/").content.decode()
    assert address(case, "receive") in page
    assert address(case, "refusal") in page
    assert address(case, "decision") not in page


IN_HOUSE = ("已有另案申請", "挪用於他案", "請再查證")


def test_what_is_weighed_in_house_is_not_told_to_the_association(people):
    """Proposals, reviewers and decisions that wait are the county's until they are decided."""
    proposal = reviews.proposed(people)
    proposals.send_back(people.head, proposal.application, note=IN_HOUSE[2])
    case = lock_case(proposal.application)
    reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    reviewers.declare(people.reviewer, case.assignments.get(), ReviewAssignment.Interest.NONE)
    proposals.propose_rejection(people.officer, case, note=IN_HOUSE[0], edition=case.edition)
    page = f"/applications/{case.number}/"
    chair = chair_of(case.organisation)
    for user in (chair, person(Role.TOWNSHIP_OFFICER, township_code=case.township_code), people.reviewer):
        history = history_on(signed_in(user), page)
        assert "收件" in history
        assert [words for words in (*IN_HOUSE, "提出核定建議", str(people.reviewer)) if words in history] == []
    for user in (people.officer, people.auditor):
        history = history_on(signed_in(user), page)
        assert all(words in history for words in (IN_HOUSE[0], "提出核定建議", str(people.reviewer)))


def test_a_decision_that_waits_is_not_told_to_the_association():
    staff = money.county()
    award = money.approved(staff=staff)
    day = clock.today()
    sanctions.record(staff.officer, award, SanctionDraft("not_executed", day, day, IN_HOUSE[1]))
    chair, page = chair_of(award.application.organisation), f"/awards/{award.number}/"
    assert IN_HOUSE[1] in history_on(signed_in(staff.head), page)
    assert IN_HOUSE[1] in history_on(signed_in(staff.head), f"/applications/{award.number}/")
    for path in (page, f"/applications/{award.number}/"):
        assert IN_HOUSE[1] not in history_on(signed_in(chair), path)


def history_on(client, path):
    """What the page says of the case's history."""
    found = re.search(r'<ol class="timeline">.*?</ol>', client.get(path).content.decode(), re.DOTALL)
    return found[0] if found else ""
