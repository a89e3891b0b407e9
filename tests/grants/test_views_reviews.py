"""Pages of deciding: what each shows, what each button does, and who is turned away."""

import datetime as dt
import re

import pytest

from grants import checklist
from grants.enums import ApplicationStatus, Verdict
from grants.models import Proposal, ReviewAssignment
from grants.services import correction_requests, reviewers, reviews, sanctions
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories import reviews as make
from tests.factories.accounts import person
from tests.factories.communities import chair_of, member_of
from tests.factories.letters import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.staff()


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def address(case, page):
    return f"/applications/{case.number}/{page}/"


def test_officer_receives_and_is_led_to_the_check(people, signed_in):
    case = make.filed()
    answer = signed_in(people.officer).post(address(case, "receive"))
    assert (answer.status_code, answer.url) == (302, address(case, "check"))
    case.refresh_from_db()
    assert (case.status, case.officer) == (ApplicationStatus.COMPLETENESS_CHECK, people.officer)


def test_receiving_twice_is_once(people, signed_in):
    case = make.filed()
    client = signed_in(people.officer)
    assert [client.post(address(case, "receive")).status_code for _ in range(2)] == [302, 302]


def test_check_page_asks_for_every_paper_and_clause(people, signed_in):
    case = make.received(people)
    page = signed_in(people.officer).get(address(case, "check"))
    assert page.status_code == 200
    keys = [row.about.key for row in page.context["form"].item_rows()]
    assert {"doc:seal", "doc:registration"}.intersection(keys) or len(keys) > 2
    assert "檢核完成" in page.content.decode()


def check_data(case, form, verdict="accepted", **more):
    data = {"edition": case.edition, **more}
    for row in [*form.item_rows(), *form.reason_rows()]:
        data.setdefault(row.verdict.html_name, verdict)
        data.setdefault(row.note.html_name, "")
    return data


def test_check_saved_and_completed(people, signed_in):
    case = make.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    answer = client.post(address(case, "check"), check_data(case, form, command="complete"))
    assert (answer.status_code, answer.url) == (302, address(case, "proposal"))
    case.refresh_from_db()
    assert case.status == ApplicationStatus.UNDER_REVIEW


def test_check_with_an_open_item_is_not_complete(people, signed_in):
    case = make.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    first = next(form.item_rows())
    answer = client.post(
        address(case, "check"), check_data(case, form, command="complete", **{first.verdict.html_name: ""})
    )
    assert answer.status_code == 409
    assert f"還有 1 項沒有檢核結果：{first.about.text}" in answer.content.decode()
    case.refresh_from_db()
    assert case.status == ApplicationStatus.COMPLETENESS_CHECK


def test_refused_item_needs_a_note(people, signed_in):
    case = make.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    answer = client.post(address(case, "check"), check_data(case, form, verdict="refused", command="save"))
    assert answer.status_code == 422
    assert case.checklist.count() == 0


def test_stale_check_keeps_what_was_typed(people, signed_in):
    case = make.received(people)
    client = signed_in(people.officer)
    form = client.get(address(case, "check")).context["form"]
    data = check_data(case, form, command="save")
    assert client.post(address(case, "check"), data).status_code == 302
    first = next(form.item_rows())
    answer = client.post(
        address(case, "check"), data | {first.verdict.html_name: "refused", first.note.html_name: "字跡不清"}
    )
    assert answer.status_code == 409
    assert "字跡不清" in answer.content.decode()
    assert case.checklist.get(item=first.about.key).verdict == "accepted"


def test_correction_is_asked_for_with_the_scheme_s_days(people, signed_in):
    case = make.received(people)
    client = signed_in(people.officer)
    assert client.get(address(case, "correction")).context["form"]["days"].value() == "10"
    data = {"items": "立案證書請重附", "days": "12", "edition": case.edition}
    answer = client.post(address(case, "correction"), data)
    case.refresh_from_db()
    letter = case.letters.get()
    assert (answer.url, letter.kind) == (f"/letters/{letter.pk}/", "correction")
    assert (case.status, case.correction_due_on) == (ApplicationStatus.CORRECTION_REQUESTED, None)
    assert "請於文到12日內" in letter.subject
    page = client.get(f"/applications/{case.number}/").content.decode()
    assert "補正函還沒有發文" in page
    page = signed_in(chair_of(case.organisation)).get(f"/applications/{case.number}/").content.decode()
    assert "立案證書請重附" in page
    assert "補正函還沒有發出；送達後 12 天內補正" in page


@pytest.mark.parametrize(("typed", "told"), [("0", "至少要填1"), ("91", "最多填90"), ("十", "補正天數")])
def test_bad_correction_days_are_a_sentence(people, signed_in, typed, told):
    case = make.received(people)
    data = {"items": "補章", "days": typed, "edition": case.edition}
    answer = signed_in(people.officer).post(address(case, "correction"), data)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "補章" in answer.content.decode()


def test_waiting_correction_is_extended(people, signed_in):
    case = make.received(people)
    correction_requests.ask_correction(people.officer, case, items="補章", days=10, edition=case.edition)
    letter = case.letters.get()
    client = signed_in(people.officer)
    # Before the letter there is nothing to extend: it leads to the draft.
    assert client.get(address(case, "correction")).url == f"/letters/{letter.pk}/"
    issued(people.officer, letter)
    assert client.post(address(case, "correction"), {"due_on": "99/6/10"}).status_code == 422
    assert client.post(address(case, "correction"), {"due_on": "99/6/21"}).status_code == 302
    case.refresh_from_db()
    assert str(case.correction_due_on) == "2010-06-21"


def test_refusal_to_accept_is_decided_by_the_approver(people, signed_in):
    case = make.filed()
    answer = signed_in(people.officer).post(address(case, "refusal"), {"reason": "逾受理期間。"})
    assert answer.status_code == 302
    client = signed_in(people.head)
    page = client.get(address(case, "decision"))
    assert "承辦人建議不予受理" in page.content.decode()
    proposal = page.context["proposal"]
    assert client.post(address(case, "decision"), decision_data(proposal, "not_accept")).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.letters.get().kind) == (ApplicationStatus.NOT_ACCEPTED, "not_accepted")


def test_another_outcome_than_proposed_needs_the_approvers_reason(people, signed_in):
    proposal = make.proposed(people)
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


def proposal_data(case, command, cuts=None):
    data = {"edition": case.edition, "note": "", "command": command}
    for line in case.lines.all():
        amount, reason = (cuts or {}).get(line.position, (line.requested, ""))
        data |= {f"amount-{line.pk}": f"{amount:,}", f"reason-{line.pk}": reason}
    return data


def test_proposal_with_a_cut(people, signed_in):
    case = make.checked(people)
    client = signed_in(people.officer)
    assert client.get(address(case, "proposal")).status_code == 200
    answer = client.post(address(case, "proposal"), proposal_data(case, "propose", {2: (40_000, "頁數核實")}))
    assert answer.status_code == 302
    proposal = case.proposals.get()
    assert proposal.total == 120_000
    assert list(proposal.lines.values_list("amount", "reason")) == [(80_000, ""), (40_000, "頁數核實")]


def test_cut_without_a_reason_and_more_than_asked_are_refused_at_the_field(people, signed_in):
    case = make.checked(people)
    client = signed_in(people.officer)
    first, second = case.lines.all()
    page = client.post(address(case, "proposal"), proposal_data(case, "propose", {2: (40_000, "")}))
    assert page.status_code == 422
    assert page.context["form"].errors == {f"reason-{second.pk}": ["核減的項目都要寫理由，函文會逐項列出。"]}
    assert f'<a href="#id_reason-{second.pk}">' in page.content.decode()
    page = client.post(address(case, "proposal"), proposal_data(case, "propose", {1: (80_001, "")}))
    assert list(page.context["form"].errors) == [f"amount-{first.pk}"]
    assert case.proposals.count() == 0


INSURANCE = {"item": "insurance", "quantities": {"insurance_kind": "other"}}


@pytest.fixture
def refused_reason(people):
    """A case under review whose fire insurance was explained, and the explanation not accepted; one item is not met."""
    case = make.received(people, amounts=(80_000, 3_000), lines=({}, INSURANCE))
    case.justifications.create(clause="K4.2.1", line=case.lines.get(position=2), text="場地是木造房屋")
    items = {item.key: (Verdict.ACCEPTED, "") for item in checklist.items_for(case)}
    items["K5.1"] = (Verdict.REFUSED, "只辦一次")
    reasons = {case.justifications.get().pk: (Verdict.REFUSED, "火險不是活動保險")}
    case = reviews.answer(people.officer, case, reviews.Answers(items, reasons), edition=case.edition)
    return reviews.complete(people.officer, case, edition=case.edition)


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_reason_stands_beside_what_was_asked_and_its_clause(people, signed_in, refused_reason):
    page = signed_in(people.officer).get(address(refused_reason, "check"))
    (row,) = page.context["form"].reason_rows()
    asked = "保險費只列了志工平安保險、活動平安保險、場地公共意外責任險；其他保險請說明理由。"
    assert (row.about.label, row.about.asked) == ("肆、二、1", asked)
    told = plain(page)
    assert f"{asked} 肆、二、1" in told
    assert "協會的說明 ：場地是木造房屋" in told
    assert "K4.2.1" not in told


def test_the_correction_names_the_item_and_the_clause_as_the_letter_does(people, signed_in, refused_reason):
    page = signed_in(people.officer).get(address(refused_reason, "correction"))
    items = page.context["form"].initial["items"].splitlines()
    assert items[-1] == "保險費的說明（肆、二、1）：火險不是活動保險"
    assert len(items) == 2
    assert items[0].endswith("：只辦一次")


def test_a_reason_that_was_not_accepted_blocks_and_says_the_ways_out(people, signed_in, refused_reason):
    client = signed_in(people.officer)
    page = client.post(address(refused_reason, "proposal"), proposal_data(refused_reason, "propose"))
    assert page.status_code == 422
    told = plain(page)
    assert "說明不同意，這一項不能照案核定。" in told
    assert "檢核時有 1 項不符合" in told
    assert f'<a href="{address(refused_reason, "check")}">' in page.content.decode()
    passed = client.post(
        address(refused_reason, "proposal"), proposal_data(refused_reason, "propose", {2: (0, "火險不補助")})
    )
    assert passed.status_code == 302


def test_the_approver_sees_what_was_not_met(people, signed_in, refused_reason):
    wanted = {
        line.pk: (line.requested if line.position == 1 else 0, "火險不補助") for line in refused_reason.lines.all()
    }
    reviews.propose(people.officer, refused_reason, wanted, note="", edition=refused_reason.edition)
    told = plain(signed_in(people.head).get(address(refused_reason, "decision")))
    assert "檢核時有 1 項不符合" in told
    assert "：只辦一次" in told


HOURS = {"item": "lecturer_fee", "quantities": {"hours": 10, "in_house": False}}


def test_cap_button_takes_the_most_that_passes(people, signed_in):
    case = make.checked(people, amounts=(20_000, 30_000), lines=(HOURS, {}))
    client = signed_in(people.officer)
    line = case.lines.first()
    page = client.post(address(case, "proposal"), proposal_data(case, "propose"))
    assert page.status_code == 422
    assert f'value="cap:{line.pk}"' in page.content.decode()
    page = client.post(address(case, "proposal"), proposal_data(case, f"cap:{line.pk}"))
    form = page.context["form"]
    assert form.typed()[line.pk][0] == 16_000
    assert form.typed()[line.pk][1].endswith("（肆、一、2）")
    data = proposal_data(case, "propose", {1: form.typed()[line.pk]})
    assert client.post(address(case, "proposal"), data).status_code == 302


def test_the_page_follows_the_typing_and_keeps_nothing(people, signed_in):
    case = make.checked(people, amounts=(20_000, 30_000), lines=(HOURS, {}))
    client = signed_in(people.officer)
    first, second = case.lines.all()

    def live(cuts, **more):
        data = proposal_data(case, "propose", cuts) | more
        return client.post(address(case, "proposal"), data, headers={"Accept": "application/json"})

    told = live({2: (10_000, "")}).json()
    assert told["announce"] == "建議核定 30,000 元。還有 1 處與規定不符。"
    places = ["proposal-next", "proposal-notes", "proposal-money", f"margin-{first.pk}", f"margin-{second.pk}"]
    assert list(told["parts"]) == places
    page = client.get(address(case, "proposal")).content.decode()
    assert [page.count(f'id="{place}"') for place in places] == [1] * 5
    assert "建議核定 30,000 元（申請 50,000 元）" in told["parts"]["proposal-next"]
    assert "改為上限 16,000 元" in told["parts"][f"margin-{first.pk}"]
    told = live({1: (16_000, ""), 2: (10_000, "")}).json()
    assert told["announce"] == "建議核定 26,000 元。"
    assert "改為上限" not in told["parts"][f"margin-{first.pk}"]
    told = live({}, **{f"amount-{first.pk}": "一千"}).json()
    assert (told["parts"], told["trouble"][:6]) == ({}, "講師鐘點費：")
    assert case.proposals.count() == 0
    sent = proposal_data(case, "propose", {1: (16_000, "依上限")})
    assert client.post(address(case, "proposal"), sent).status_code == 302
    assert live({}).status_code == 409
    client.force_login(people.head)
    assert live({}).status_code == 403


def test_rejection_is_proposed_and_decided(people, signed_in):
    case = make.checked(people)
    client = signed_in(people.officer)
    data = {"command": "reject", "edition": case.edition}
    assert client.post(address(case, "proposal"), data | {"reason": ""}).status_code == 422
    assert client.post(address(case, "proposal"), data | {"reason": "與貳、一不符"}).status_code == 302
    proposal = case.proposals.get()
    client = signed_in(people.head)
    page = client.get(address(case, "decision"))
    assert "不予補助並產生函稿" in page.content.decode()
    data = {"command": "reject", "edition": case.edition, "proposal": proposal.pk, "note": ""}
    assert client.post(address(case, "decision"), data).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.letters.get().kind) == (ApplicationStatus.REJECTED, "rejection")


def decision_data(proposal, command, **more):
    return {"command": command, "edition": proposal.application.edition, "proposal": proposal.pk, **more}


def test_approval_leads_to_the_award_and_a_second_click_too(people, signed_in):
    proposal = make.proposed(people, {2: (40_000, "頁數核實")})
    make.EnvelopeFactory(scheme=proposal.application.scheme)
    client = signed_in(people.head)
    case = proposal.application
    page = client.get(address(case, "decision"))
    assert "建議核定 120,000 元（申請 123,456 元，核減 1 項）" in page.content.decode()
    data = decision_data(proposal, "approve")
    answers = [client.post(address(case, "decision"), data) for _ in range(2)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, f"/awards/{case.number}/")] * 2
    assert client.get(f"/awards/{case.number}/").status_code == 200


def test_beyond_the_envelope_a_memo_number_is_asked_for(people, signed_in):
    proposal = make.proposed(people)
    case = proposal.application
    make.EnvelopeFactory(scheme=case.scheme, amount=123_455)
    client = signed_in(people.head)
    page = client.post(address(case, "decision"), decision_data(proposal, "approve"))
    assert page.status_code == 422
    told = "99年度經費 123,455 元：已核定 0 元＋本案 123,456 元 = 123,456 元，超出 1 元；核定時請附簽文號。"
    assert told in page.content.decode()
    assert "超出年度額度才需要填（捌、二）。" in page.content.decode()
    data = decision_data(proposal, "approve", memo_number="府社字第0990001號簽")
    assert client.post(address(case, "decision"), data).status_code == 302
    assert proposal.application.__class__.objects.get(pk=case.pk).award.memo_number == "府社字第0990001號簽"


def test_enter_in_the_memo_number_decides_nothing(people, signed_in):
    proposal = make.proposed(people)
    case = proposal.application
    make.EnvelopeFactory(scheme=case.scheme, amount=123_455)
    client = signed_in(people.head)
    page = client.get(address(case, "decision")).content.decode()
    pressed = next(button for button in re.findall("<button[^>]*>", page) if 'form="decision"' in button)
    assert "name=" not in pressed
    assert page.index(pressed) < page.index('id="decision"')
    data = decision_data(proposal, "", memo_number="府社字第0990001號簽")
    answer = client.post(address(case, "decision"), data)
    assert (answer.status_code, answer.context["problems"]) == (
        422, ["還沒有決定：請按「核定」、「不予補助」、「不予受理」或「退回」。"],
    )  # fmt: skip
    assert 'value="府社字第0990001號簽"' in answer.content.decode()
    case.refresh_from_db()
    assert case.status == ApplicationStatus.PROPOSED


def test_send_back_needs_words_and_returns_the_case(people, signed_in):
    proposal = make.proposed(people)
    case = proposal.application
    client = signed_in(people.head)
    assert client.post(address(case, "decision"), decision_data(proposal, "send_back")).status_code == 422
    data = decision_data(proposal, "send_back", note="請再核實印刷費")
    assert client.post(address(case, "decision"), data).status_code == 302
    proposal.refresh_from_db()
    assert proposal.decision == Proposal.Decision.SENT_BACK
    page = signed_in(people.officer).get(address(case, "proposal"))
    assert "請再核實印刷費" in page.content.decode()


def test_another_proposal_than_the_page_showed_is_refused(people, signed_in):
    proposal = make.proposed(people)
    case = proposal.application
    make.EnvelopeFactory(scheme=case.scheme)
    reviews.send_back(people.head, case, note="改")
    case.refresh_from_db()
    wanted = {line.pk: (line.requested, "") for line in case.lines.all()}
    reviews.propose(people.officer, case, wanted, note="", edition=case.edition)
    answer = signed_in(people.head).post(address(case, "decision"), decision_data(proposal, "approve"))
    assert answer.status_code == 403
    assert "承辦人已經改提另一個建議" in answer.content.decode()


def test_decided_case_shows_its_outcome_to_a_stale_page(people, signed_in):
    award = make.approved(people)
    client = signed_in(people.officer)
    for page in ("check", "correction", "refusal", "proposal"):
        answer = client.post(address(award, page), {"edition": 1})
        assert (page, answer.status_code, answer.url) == (page, 302, f"/applications/{award.number}/")


@pytest.mark.parametrize("page", ["check", "correction", "refusal", "reviewers", "proposal", "decision", "receive"])
def test_other_posts_are_refused_and_other_counties_find_nothing(people, signed_in, page):
    case = make.received(people)
    member = member_of(case.organisation)
    assert signed_in(member).post(address(case, page)).status_code == 403
    stranger = person(Role.APPROVER if page == "decision" else Role.CASE_OFFICER, "miaoli")
    assert signed_in(stranger).post(address(case, page)).status_code == 404


def test_reviewer_declares_then_scores(people, signed_in):
    case = make.checked(people)
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
    assert client.post(address(case, "review"), data | {"score-urgency": "101"}).status_code == 422
    assert client.post(address(case, "review"), data).status_code == 302
    assignment = ReviewAssignment.objects.get()
    assert list(assignment.scores.values_list("criterion", "score").order_by("score")) == [
        (code, 80 + n) for n, code in enumerate(codes)
    ]


def test_conflict_hides_the_case(people, signed_in):
    case = make.checked(people)
    reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    client = signed_in(people.reviewer)
    assert client.post(address(case, "review"), {"interest": "conflict", "note": "會員"}).status_code == 302
    assert client.get(address(case, "review")).status_code == 404
    assert client.get(f"/applications/{case.number}/").status_code == 404


def test_reviewer_without_an_assignment_finds_nothing(people, signed_in):
    case = make.checked(people)
    assert signed_in(people.reviewer).get(address(case, "review")).status_code == 404


def test_reviewers_are_asked(people, signed_in):
    case = make.checked(people)
    client = signed_in(people.officer)
    data = {"reviewers": [people.reviewer.pk], "due_on": "99/6/15"}
    assert client.post(address(case, "reviewers"), data).status_code == 302
    assert case.assignments.get().reviewer == people.reviewer


def test_case_page_has_the_buttons_of_the_table(people, signed_in):
    case = make.filed()
    page = signed_in(people.officer).get(f"/applications/{case.number}/").content.decode()
    assert address(case, "receive") in page
    assert address(case, "refusal") in page
    assert address(case, "decision") not in page


IN_HOUSE = ("已有另案申請", "挪用於他案", "請再查證")


def test_what_is_weighed_in_house_is_not_told_to_the_association(people, signed_in):
    """Proposals, reviewers and decisions that wait are the county's until they are decided."""
    proposal = make.proposed(people)
    reviews.send_back(people.head, proposal.application, note=IN_HOUSE[2])
    case = reviews.locked(proposal.application)
    reviewers.assign(people.officer, case, [people.reviewer], due_on=dt.date(2010, 6, 15))
    reviewers.declare(people.reviewer, case.assignments.get(), ReviewAssignment.Interest.NONE)
    reviews.propose_rejection(people.officer, case, note=IN_HOUSE[0], edition=case.edition)
    page = f"/applications/{case.number}/"
    chair = chair_of(case.organisation)
    for user in (chair, person(Role.TOWNSHIP_OFFICER, township_code=case.township_code), people.reviewer):
        told = history_told(signed_in(user), page)
        assert "收件" in told
        assert [words for words in (*IN_HOUSE, "提出核定建議", str(people.reviewer)) if words in told] == []
    for user in (people.officer, people.auditor):
        told = history_told(signed_in(user), page)
        assert all(words in told for words in (IN_HOUSE[0], "提出核定建議", str(people.reviewer)))


def test_a_decision_that_waits_is_not_told_to_the_association(signed_in):
    staff = money.county()
    award = money.approved(staff=staff)
    day = clock.today()
    sanctions.record(staff.officer, award, SanctionDraft("not_executed", day, day, IN_HOUSE[1]))
    chair, page = chair_of(award.application.organisation), f"/awards/{award.number}/"
    assert IN_HOUSE[1] in history_told(signed_in(staff.head), page)
    assert IN_HOUSE[1] in history_told(signed_in(staff.head), f"/applications/{award.number}/")
    for path in (page, f"/applications/{award.number}/"):
        assert IN_HOUSE[1] not in history_told(signed_in(chair), path)


def history_told(client, path):
    """What the page says of the case's history."""
    found = re.search(r'<ol class="timeline">.*?</ol>', client.get(path).content.decode(), re.DOTALL)
    return found[0] if found else ""
