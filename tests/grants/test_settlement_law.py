"""What the law says of a settlement's figures is shown where they are checked: errors stop, warnings want a reason."""

import pytest
from django.urls import reverse

from grants.models import AwardLine, BudgetLine, SettlementReason, StoredEvaluation
from grants.services.schemes.sync import sync
from grants.services.settlements import law, reports
from grants.services.settlements.law import LawStopsError
from grants.services.settlements.reports import Report, Spent
from miaoli_kaohsiung.lib import clock
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, county, member
from tests.grants.rulings import in_force
from tests.grants.settling import add_papers, admit, opened, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(staff):
    """100,000 for the work and 10,000 of overhead: a tenth, as the law allows. Less work leaves less overhead."""
    return approved((100_000, 10_000), staff=staff)


def sums(staff, settlement, *amounts: int, reason: str = ""):
    return reports.check_sums(staff.finance, settlement, admit(settlement, *amounts, reason=reason))


def test_what_was_approved_and_fully_spent_has_no_finding(staff, award):
    assert law.findings(submitted_with_proof(award, 100_000, 10_000)) == []


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
    data = {f"line-{line.pk}-admitted": str(line.spent) for line in settlement.lines.all()}
    answer = client.post(reverse("grants:settlement_sums", args=[award.number]), data)
    assert (answer.status_code, "還不能准予核銷：第 2 項：" in answer.content.decode()) == (422, True)
    assert sums(staff, settlement, 50_000, 5_000, reason="超過一成").status == "sums_checked"


def test_a_warning_wants_the_officers_reason(client, staff, award):
    settlement = submitted_with_proof(award, 50_000, 5_300)
    sums(staff, settlement, 50_000, 5_300)
    with pytest.raises(LawStopsError, match="第 2 項："):
        reports.check_content(staff.officer, settlement)
    client.force_login(staff.officer)
    address = reverse("grants:settlement_content", args=[award.number])
    assert client.post(address).status_code == 422
    settlement.refresh_from_db()
    (found,) = law.findings(settlement)
    assert client.post(address, {found.field: "仍在含本身計算的一成以內"}).status_code == 302
    row = SettlementReason.objects.get()
    assert (row.text, row.by, row.line) == ("仍在含本身計算的一成以內", staff.officer, found.line.line.line)
    settlement.refresh_from_db()
    reports.accept(staff.head, settlement)
    stored = StoredEvaluation.objects.get(stage="settlement")
    assert [(finding["line"], finding["severity"]) for finding in stored.result["findings"] if finding["line"]] == [
        (str(found.line.line.line_id), "warning")
    ]


def test_a_reason_for_other_figures_does_not_count(staff, award):
    settlement = submitted_with_proof(award, 50_000, 5_300)
    sums(staff, settlement, 50_000, 5_300)
    settlement.refresh_from_db()
    (found,) = law.findings(settlement)
    reports.check_content(staff.officer, settlement, {found.field: "可以"})
    settlement.refresh_from_db()
    SettlementReason.objects.update(message="別的金額")
    with pytest.raises(LawStopsError):
        reports.accept(staff.head, settlement)


def test_finances_own_reason_beside_the_line_is_enough(staff, award):
    settlement = submitted_with_proof(award, 50_000, 5_400)
    sums(staff, settlement, 50_000, 5_300, reason="含本身計算未超過一成")
    settlement.refresh_from_db()
    assert reports.check_content(staff.officer, settlement).status == "content_checked"


def test_who_does_not_check_does_not_read_it(client, staff, award):

    submitted_with_proof(award, 50_000, 10_000)
    client.force_login(member(award))
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "規定檢核" not in page


# Miaoli: a share of own money (M5.8)


@pytest.fixture
def miaoli_award():
    """80,000 with 20,000 of the association's own: a fifth of the whole, as the county asks."""
    people = county("miaoli")
    award = approved((80_000,), staff=people, organisation=OrganisationFactory(county="miaoli"))
    case = award.application
    case.programme = next(scheme for scheme in sync() if scheme.slug == "miaoli-welfare").programmes.get(
        code="welfare_services"
    )
    case.scheme = case.programme.scheme
    case.save()
    case.lines.update(own_funds=20_000)
    standards = {"subsidy.unit_caps": {"meals": 80}, "subsidy.case_cap": 100_000, "subsidy.own_share": [1, 5]}
    for name, value in standards.items():
        in_force(case.scheme, parameter=name, value={"value": value}, on=clock.today())
    return people, award


@pytest.mark.parametrize(
    ("spent", "own", "short"),
    [(80_000, 20_000, 0), (80_000, 19_999, 1), (40_000, 10_000, 0), (40_000, 9_999, 1), (0, 0, 0), (80_000, 0, 16_000)],
)
def test_miaolis_own_share_is_a_fifth_of_what_was_spent_and_not_a_dollar_less(miaoli_award, spent, own, short):
    people, award = miaoli_award
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    lines = {line.pk: Spent(spent, 3) for line in settlement.lines.all()}
    settlement = reports.submit(user, settlement, Report("辦理 20 場共餐", 640, lines, own_funds=own))
    findings = [one.finding for one in law.findings(settlement)]
    assert [(found.clause, found.over) for found in findings if found.clause == "M5.8"] == (
        [("M5.8", short)] if short else []
    )
    if short:
        with pytest.raises(LawStopsError, match=f"還差 {short:,} 元"):
            sums(people, settlement, spent)
    else:
        assert sums(people, settlement, spent).status == "sums_checked"
