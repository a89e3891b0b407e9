"""What the law says of a settlement's figures is shown where they are checked: errors stop, warnings want a reason."""

import pytest
from django.urls import reverse

from grants.models import AwardLine, BudgetLine, SettlementReason, StoredEvaluation
from grants.services import settlement_law, settlements
from grants.services.settlement_law import LawStopsError
from tests.factories.money import approved, county, member
from tests.grants.test_services_settlements import admit, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return county()


@pytest.fixture
def award(staff):
    """100,000 for the work and 10,000 of overhead: a tenth, as the law allows. Less work leaves less overhead."""
    return approved((100_000, 10_000), staff=staff)


def sums(staff, settlement, *amounts: int, reason: str = ""):
    return settlements.check_sums(staff.finance, settlement, admit(settlement, *amounts, reason=reason))


def test_what_was_approved_and_fully_spent_has_no_finding(staff, award):
    assert settlement_law.findings(submitted_with_proof(award, 100_000, 10_000)) == []


def submitted_with_proof(award, *spent: int):
    settlement = submitted(award, *spent)
    # Only now, so that the question about its receipts need not be answered here.
    for model in (BudgetLine, AwardLine):
        model.objects.filter(position=2).update(item="admin_overhead")
    settlement.refresh_from_db()
    return settlement


def test_an_error_stops_finance_and_names_its_line(client, staff, award):
    settlement = submitted_with_proof(award, 50_000, 10_000)
    with pytest.raises(LawStopsError, match="第 2 項："):
        sums(staff, settlement, 50_000, 10_000)
    settlement.refresh_from_db()
    assert (settlement.status, [line.admitted for line in settlement.lines.all()]) == ("submitted", [None, None])
    client.force_login(staff.finance)
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "不能核銷" in page
    told = {f"line-{line.pk}-admitted": str(line.spent) for line in settlement.lines.all()}
    answer = client.post(reverse("grants:settlement_sums", args=[award.number]), told)
    assert (answer.status_code, "還不能准予核銷：第 2 項：" in answer.content.decode()) == (422, True)
    assert sums(staff, settlement, 50_000, 5_000, reason="超過一成").status == "sums_checked"


def test_a_warning_wants_the_officers_reason(client, staff, award):
    settlement = submitted_with_proof(award, 50_000, 5_300)
    sums(staff, settlement, 50_000, 5_300)
    with pytest.raises(LawStopsError, match="第 2 項："):
        settlements.check_content(staff.officer, settlement)
    client.force_login(staff.officer)
    address = reverse("grants:settlement_content", args=[award.number])
    assert client.post(address).status_code == 422
    settlement.refresh_from_db()
    (found,) = settlement_law.findings(settlement)
    assert client.post(address, {found.field: "仍在含本身計算的一成以內"}).status_code == 302
    row = SettlementReason.objects.get()
    assert (row.text, row.by, row.line) == ("仍在含本身計算的一成以內", staff.officer, found.line.line.line)
    settlement.refresh_from_db()
    settlements.accept(staff.head, settlement)
    stored = StoredEvaluation.objects.get(stage="settlement")
    assert [(told["line"], told["severity"]) for told in stored.result["findings"] if told["line"]] == [
        (str(found.line.line.line_id), "warning")
    ]


def test_a_reason_for_other_figures_does_not_count(staff, award):
    settlement = submitted_with_proof(award, 50_000, 5_300)
    sums(staff, settlement, 50_000, 5_300)
    settlement.refresh_from_db()
    (found,) = settlement_law.findings(settlement)
    settlements.check_content(staff.officer, settlement, {found.field: "可以"})
    settlement.refresh_from_db()
    SettlementReason.objects.update(message="別的金額")
    with pytest.raises(LawStopsError):
        settlements.accept(staff.head, settlement)


def test_finances_own_reason_beside_the_line_is_enough(staff, award):
    settlement = submitted_with_proof(award, 50_000, 5_400)
    sums(staff, settlement, 50_000, 5_300, reason="含本身計算未超過一成")
    settlement.refresh_from_db()
    assert settlements.check_content(staff.officer, settlement).status == "content_checked"


def test_who_does_not_check_does_not_read_it(client, staff, award):

    submitted_with_proof(award, 50_000, 10_000)
    client.force_login(member(award))
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "規定檢核" not in page
