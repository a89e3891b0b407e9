"""The page of the proposal: amounts, cuts and their reasons, limits, and what it says while somebody types."""

import pytest

from grants.enums import ApplicationStatus
from tests.factories import reviews

from .deciding import address, proposal_data
from .pages import signed_in

pytestmark = pytest.mark.django_db


def test_proposal_with_a_cut(people):
    case = reviews.checked(people)
    client = signed_in(people.officer)
    assert client.get(address(case, "proposal")).status_code == 200
    answer = client.post(address(case, "proposal"), proposal_data(case, "propose", {2: (40_000, "頁數核實")}))
    assert answer.status_code == 302
    proposal = case.proposals.get()
    assert proposal.total == 120_000
    assert list(proposal.lines.values_list("amount", "reason")) == [(80_000, ""), (40_000, "頁數核實")]


def test_cut_without_a_reason_and_more_than_asked_are_refused_at_the_field(people):
    case = reviews.checked(people)
    client = signed_in(people.officer)
    first, second = case.lines.all()
    page = client.post(address(case, "proposal"), proposal_data(case, "propose", {2: (40_000, "")}))
    assert page.status_code == 422
    assert page.context["form"].errors == {f"reason-{second.pk}": ["核減的項目都要寫理由，函文會逐項列出。"]}
    assert f'<a href="#id_reason-{second.pk}">' in page.content.decode()
    page = client.post(address(case, "proposal"), proposal_data(case, "propose", {1: (80_001, "")}))
    assert list(page.context["form"].errors) == [f"amount-{first.pk}"]
    assert case.proposals.count() == 0


HOURS = {"item": "lecturer_fee", "quantities": {"hours": 10, "in_house": False}}


def test_cap_button_takes_the_most_that_passes(people):
    case = reviews.checked(people, amounts=(20_000, 30_000), lines=(HOURS, {}))
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


def test_the_page_follows_the_typing_and_keeps_nothing(people):
    case = reviews.checked(people, amounts=(20_000, 30_000), lines=(HOURS, {}))
    client = signed_in(people.officer)
    first, second = case.lines.all()

    def live(cuts, **more):
        data = proposal_data(case, "propose", cuts) | more
        return client.post(address(case, "proposal"), data, headers={"Accept": "application/json"})

    answer = live({2: (10_000, "")}).json()
    assert answer["announce"] == "建議核定 30,000 元。還有 1 處與規定不符。"
    places = ["proposal-next", "proposal-notes", "proposal-money", f"margin-{first.pk}", f"margin-{second.pk}"]
    assert list(answer["parts"]) == places
    page = client.get(address(case, "proposal")).content.decode()
    assert [page.count(f'id="{place}"') for place in places] == [1] * 5
    assert "建議核定 30,000 元（申請 50,000 元）" in answer["parts"]["proposal-next"]
    assert "改為上限 16,000 元" in answer["parts"][f"margin-{first.pk}"]
    answer = live({1: (16_000, ""), 2: (10_000, "")}).json()
    assert answer["announce"] == "建議核定 26,000 元。"
    assert "改為上限" not in answer["parts"][f"margin-{first.pk}"]
    answer = live({}, **{f"amount-{first.pk}": "一千"}).json()
    assert (answer["parts"], answer["trouble"][:6]) == ({}, "講師鐘點費：")
    assert case.proposals.count() == 0
    sent = proposal_data(case, "propose", {1: (16_000, "依上限")})
    assert client.post(address(case, "proposal"), sent).status_code == 302
    assert live({}).status_code == 409
    client.force_login(people.head)
    assert live({}).status_code == 403


def test_the_check_button_adds_up_what_was_typed(people):
    """For browsers without scripts."""
    case = reviews.checked(people)
    page = signed_in(people.officer).post(
        address(case, "proposal"), proposal_data(case, "check", {2: (40_000, "頁數核實")})
    )
    assert (page.status_code, page.context["total"]) == (200, 120_000)
    assert "建議核定 120,000 元" in page.content.decode()
    assert case.proposals.count() == 0


def test_rejection_is_proposed_and_decided(people):
    case = reviews.checked(people)
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
