"""A reason that the officer did not accept: how it is shown, what it blocks, what the letter says."""

import pytest

from grants.compliance import checklist
from grants.enums import Verdict
from grants.services.reviews import checks, proposals
from tests.factories import reviews

from .deciding import address, plain, proposal_data
from .pages import signed_in

pytestmark = pytest.mark.django_db
INSURANCE = {"item": "insurance", "quantities": {"insurance_kind": "other"}}


@pytest.fixture
def refused_reason(people):
    """A case under review whose fire insurance was explained, and the explanation not accepted; one item is not met."""
    case = reviews.received(people, amounts=(80_000, 3_000), lines=({}, INSURANCE))
    case.justifications.create(clause="K4.2.1", line=case.lines.get(position=2), text="場地是木造房屋")
    items = {item.key: (Verdict.ACCEPTED, "") for item in checklist.items_for(case)}
    items["K5.1"] = (Verdict.REFUSED, "只辦一次")
    reasons = {case.justifications.get().pk: (Verdict.REFUSED, "火險不是活動保險")}
    case = checks.answer(people.officer, case, checks.Answers(items, reasons), edition=case.edition)
    return checks.complete(people.officer, case, edition=case.edition)


def test_a_reason_stands_beside_what_was_asked_and_its_clause(people, refused_reason):
    page = signed_in(people.officer).get(address(refused_reason, "check"))
    (row,) = page.context["form"].reason_rows()
    asked = "保險費只列了志工平安保險、活動平安保險、場地公共意外責任險；其他保險請說明理由。"
    assert (row.about.label, row.about.asked) == ("肆、二、1", asked)
    text = plain(page)
    assert f"{asked} 肆、二、1" in text
    assert "協會的說明 ：場地是木造房屋" in text
    assert "K4.2.1" not in text


def test_the_correction_names_the_item_and_the_clause_as_the_letter_does(people, refused_reason):
    page = signed_in(people.officer).get(address(refused_reason, "correction"))
    form, line = page.context["form"], refused_reason.lines.get(position=2)
    (item,) = form.initial["items"].splitlines()
    assert item.endswith("：只辦一次")
    # It stands at the line that it is about.
    assert form[f"open_line:{line.pk}"].value() is True
    assert form[f"word_line:{line.pk}"].value() == "火險不是活動保險"


def test_a_reason_that_was_not_accepted_blocks_and_says_the_ways_out(people, refused_reason):
    client = signed_in(people.officer)
    page = client.post(address(refused_reason, "proposal"), proposal_data(refused_reason, "propose"))
    assert page.status_code == 422
    text = plain(page)
    assert "說明不同意，這一項不能照案核定。" in text
    assert "檢核時有 1 項不符合" in text
    assert f'<a href="{address(refused_reason, "check")}">' in page.content.decode()
    passed = client.post(
        address(refused_reason, "proposal"), proposal_data(refused_reason, "propose", {2: (0, "火險不補助")})
    )
    assert passed.status_code == 302


def test_the_approver_sees_what_was_not_met(people, refused_reason):
    wanted = {
        line.pk: (line.requested if line.position == 1 else 0, "火險不補助") for line in refused_reason.lines.all()
    }
    proposals.propose(people.officer, refused_reason, wanted, note="", edition=refused_reason.edition)
    text = plain(signed_in(people.head).get(address(refused_reason, "decision")))
    assert "檢核時有 1 項不符合" in text
    assert "：只辦一次" in text
