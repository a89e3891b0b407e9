"""What single clauses ask before a 結報 can be sent: receipts of some items, and the training of who is paid."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.models import Award, Duty, Settlement
from grants.queries.settlements.figures import gaps, required_kinds
from grants.services.settlements import reports
from grants.services.settlements.reports import IncompleteError, Report, Spent
from tests.factories.grants import SchemeFactory
from tests.factories.money import approved, member

from .settling import add_papers, opened

pytestmark = pytest.mark.django_db
OTHER_LAW = ["K4.6.3b", "K4.3.3", "K4.3.4", "K4.2.6", "K4.1.3.5b"]


def award_with(staff, item: str) -> Award:
    award = approved((10_000,), staff=staff)
    award.lines.update(item=item)
    return award


def clauses(settlement: Settlement, user, answer: str, spent: int = 10_000) -> list[str]:
    """The clauses that stand in the way of sending it; empty when it was sent."""
    line = settlement.lines.get()
    try:
        reports.submit(user, settlement, Report("辦完了", 20, {line.pk: Spent(spent, 1, answer)}))
    except IncompleteError as missing:
        return [gap.clause for gap in missing.gaps]
    return []


@pytest.mark.parametrize(
    ("item", "answer", "expected"),
    [
        ("admin_overhead", "", ["K4.6.3b"]),
        ("admin_overhead", "other_title", ["K4.6.3b"]),
        ("admin_overhead", "own_title", []),
        ("travel", "", ["K4.3.3"]),
        ("travel", "no_ticket", ["K4.3.3"]),
        ("travel", "ticket", ["K4.3.3"]),
        ("travel", "other", []),
        ("participant_transport", "receipt", ["K4.3.4"]),
        ("participant_transport", "roster", ["K4.3.4"]),
        ("meals", "", ["K4.2.6"]),
        ("meals", "roster", ["K4.2.6"]),
        ("meals", "self_cooked", ["K4.2.6"]),
        ("meals", "receipt", []),
        ("printing", "", []),
    ],
)
def test_receipts_are_asked_about_where_a_clause_does(staff, item, answer, expected):
    award = award_with(staff, item)
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    found = clauses(settlement, user, answer)
    # A blank meets the question and, for transport, the rule behind it.
    assert sorted(set(found)) == expected


@pytest.mark.parametrize(
    ("item", "answer", "paper"),
    [
        ("travel", "ticket", "tickets"),
        ("participant_transport", "roster", "roster"),
        ("meals", "self_cooked", "roster"),
    ],
)
def test_the_paper_that_goes_with_the_answer_lets_it_pass(staff, item, answer, paper):
    award = award_with(staff, item)
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user, ("vouchers", "photos", "activity", paper))
    assert clauses(settlement, user, answer) == []


def test_an_item_that_cost_nothing_is_not_asked_about(staff):
    award = award_with(staff, "admin_overhead")
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    assert clauses(settlement, user, "", spent=0) == []


@pytest.mark.parametrize("recorded", [False, True])
def test_paid_aides_have_a_training_record_before_it_is_settled(staff, recorded):
    award = award_with(staff, "elder_aide")
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    duty = Duty.objects.create(
        key="training_record",
        clause="K4.1.3.5b",
        county="kaohsiung",
        application=award.application,
        award=award,
        period="once",
        due_on=award.ends_on,
        opened_on=dt.date(2010, 3, 1),
    )
    if recorded:
        Duty.objects.filter(pk=duty.pk).update(done_on=dt.date(2010, 5, 1), held_on=dt.date(2010, 5, 1), done_by=user)
    assert clauses(settlement, user, "") == ([] if recorded else ["K4.1.3.5b"])


def test_another_countys_law_asks_nothing_of_it(staff):
    award = award_with(staff, "meals")
    case = award.application
    case.scheme = SchemeFactory(slug="miaoli-welfare", ruleset="miaoli", number_prefix="M")
    case.save()
    user = member(award)
    settlement = opened(award, user)
    # The same papers are asked for, without a clause that this law does not have.
    assert required_kinds(settlement) == [("vouchers", ""), ("photos", ""), ("activity", "")]
    assert [gap.clause for gap in gaps(settlement) if gap.anchor.startswith("papers-")] == ["", "", ""]
    add_papers(settlement, user)
    assert not set(clauses(settlement, user, "")).intersection(OTHER_LAW)


def test_papers_are_asked_for_with_their_clause(staff):
    award = award_with(staff, "meals")
    award.application.programme.code = "after_school_care"
    settlement = opened(award, member(award))
    settlement.award = award
    asked = [("vouchers", "K7.2a"), ("photos", "K7.2a"), ("activity", "K7.2a"), ("report", "K3.I.6.4a")]
    assert required_kinds(settlement) == asked
    missing = [(gap.text, gap.clause) for gap in gaps(settlement) if gap.anchor == "papers-report"]
    assert missing == [("請附期末成果報告，才能結報。", "K3.I.6.4a")]


def test_the_page_asks_and_keeps_the_answer(client, staff):
    award = award_with(staff, "travel")
    user = member(award)
    settlement = opened(award, user)
    line = settlement.lines.get()
    client.force_login(user)
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "第 1 項交通方式" in page
    data = {f"line-{line.pk}-spent": "10000", f"line-{line.pk}-vouchers": "2", f"line-{line.pk}-proof": "ticket"}
    data |= {"edition": settlement.edition, "command": "save"}
    client.post(reverse("grants:settlement_report", args=[award.number]), data)
    line.refresh_from_db()
    assert (line.spent, line.proof) == (10_000, "ticket")
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "高鐵、飛機票據" in page
