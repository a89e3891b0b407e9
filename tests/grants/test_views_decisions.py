"""The page of the decision: approved, refused or sent back, once, by the approver alone."""

import re

import pytest

from grants.enums import ApplicationStatus
from grants.models import Proposal
from grants.services.reviews import proposals
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of

from .deciding import address, decision_data
from .pages import signed_in

pytestmark = pytest.mark.django_db


def test_refusal_to_accept_is_decided_by_the_approver(people):
    case = reviews.filed()
    answer = signed_in(people.officer).post(address(case, "refusal"), {"reason": "逾受理期間。"})
    assert answer.status_code == 302
    client = signed_in(people.head)
    page = client.get(address(case, "decision"))
    assert "承辦人建議不予受理" in page.content.decode()
    proposal = page.context["proposal"]
    assert client.post(address(case, "decision"), decision_data(proposal, "not_accept")).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.letters.get().kind) == (ApplicationStatus.NOT_ACCEPTED, "not_accepted")


def test_another_outcome_than_proposed_needs_the_approvers_reason(people):
    proposal = reviews.proposed(people)
    case = proposal.application
    client = signed_in(people.head)
    answer = client.post(address(case, "decision"), decision_data(proposal, "reject"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["note"])
    assert (
        client.post(address(case, "decision"), decision_data(proposal, "reject", note="與貳、一不符")).status_code
        == 302
    )
    case.refresh_from_db()
    assert case.status == ApplicationStatus.REJECTED


def test_approval_leads_to_the_award_and_a_second_click_too(people):
    proposal = reviews.proposed(people, {2: (40_000, "頁數核實")})
    reviews.EnvelopeFactory(scheme=proposal.application.scheme)
    client = signed_in(people.head)
    case = proposal.application
    page = client.get(address(case, "decision"))
    assert "建議核定 120,000 元（申請 123,456 元，核減 1 項）" in page.content.decode()
    data = decision_data(proposal, "approve")
    answers = [client.post(address(case, "decision"), data) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/awards/{case.number}/")] * 2
    assert client.get(f"/awards/{case.number}/").status_code == 200


def test_beyond_the_envelope_a_memo_number_is_asked_for(people):
    proposal = reviews.proposed(people)
    case = proposal.application
    reviews.EnvelopeFactory(scheme=case.scheme, amount=123_455)
    client = signed_in(people.head)
    page = client.post(address(case, "decision"), decision_data(proposal, "approve"))
    assert page.status_code == 422
    message = "99年度經費 123,455 元：已核定 0 元＋本案 123,456 元 = 123,456 元，超出 1 元；核定時請附簽文號。"
    assert message in page.content.decode()
    assert "超出年度額度才需要填（捌、二）。" in page.content.decode()
    data = decision_data(proposal, "approve", memo_number="府社字第0990001號簽")
    assert client.post(address(case, "decision"), data).status_code == 302
    assert proposal.application.__class__.objects.get(pk=case.pk).award.memo_number == "府社字第0990001號簽"


def test_enter_in_the_memo_number_decides_nothing(people):
    proposal = reviews.proposed(people)
    case = proposal.application
    reviews.EnvelopeFactory(scheme=case.scheme, amount=123_455)
    client = signed_in(people.head)
    page = client.get(address(case, "decision")).content.decode()
    pressed = next(button for button in re.findall("<button[^>]*>", page) if 'form="decision"' in button)
    assert "name=" not in pressed
    assert page.index(pressed) < page.index('id="decision"')
    data = decision_data(proposal, "", memo_number="府社字第0990001號簽")
    answer = client.post(address(case, "decision"), data)
    assert (answer.status_code, answer.context["problems"]) == (
        422,
        ["還沒有決定：請按「核定」、「不予補助」、「不予受理」、「暫緩」或「退回」。"],
    )
    assert 'value="府社字第0990001號簽"' in answer.content.decode()
    case.refresh_from_db()
    assert case.status == ApplicationStatus.PROPOSED


def test_send_back_needs_words_and_returns_the_case(people):
    proposal = reviews.proposed(people)
    case = proposal.application
    client = signed_in(people.head)
    assert client.post(address(case, "decision"), decision_data(proposal, "send_back")).status_code == 422
    data = decision_data(proposal, "send_back", note="請再核實印刷費")
    assert client.post(address(case, "decision"), data).status_code == 302
    proposal.refresh_from_db()
    assert proposal.decision == Proposal.Decision.SENT_BACK
    page = signed_in(people.officer).get(address(case, "proposal"))
    assert "請再核實印刷費" in page.content.decode()


def test_another_proposal_than_the_page_showed_is_refused(people):
    proposal = reviews.proposed(people)
    case = proposal.application
    reviews.EnvelopeFactory(scheme=case.scheme)
    proposals.send_back(people.head, case, note="改")
    case.refresh_from_db()
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    proposals.propose(people.officer, case, wanted, note="", edition=case.edition)
    answer = signed_in(people.head).post(address(case, "decision"), decision_data(proposal, "approve"))
    assert answer.status_code == 403
    assert "承辦人已經改提另一個建議" in answer.content.decode()


def test_decided_case_shows_its_outcome_to_a_stale_page(people):
    award = reviews.approved(people)
    client = signed_in(people.officer)
    for page in ("check", "correction", "refusal", "proposal"):
        answer = client.post(address(award, page), {"edition": 1})
        assert (page, answer.status_code, answer.url) == (page, 302, f"/applications/{award.number}/")


@pytest.mark.parametrize("page", ["check", "correction", "refusal", "reviewers", "proposal", "decision", "receive"])
def test_other_posts_are_refused_and_other_counties_find_nothing(people, page):
    case = reviews.received(people)
    member = member_of(case.organisation)
    assert signed_in(member).post(address(case, page)).status_code == 403
    stranger = person(Role.APPROVER if page == "decision" else Role.CASE_OFFICER, "miaoli")
    assert signed_in(stranger).post(address(case, page)).status_code == 404
