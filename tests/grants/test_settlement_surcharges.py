"""The +20 % for those who pay (K3.I.2.3a, b, K3.I.3.3; A22): asked by month, checked, paid on top, out of the envelope."""

from decimal import Decimal

import pytest
from django.urls import reverse

from grants.enums import LedgerKind
from grants.models import Award, LedgerEntry, Settlement
from grants.queries.payments import movements, refund_due, returns
from grants.queries.schemes.envelopes import use_of
from grants.services.awards.decisions import OverEnvelopeError
from grants.services.payments import instalments
from grants.services.settlements import reports, surcharges
from grants.services.settlements.reports import Admitted, IncompleteError
from grants.services.settlements.surcharges import Attendance
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.grants import confirm_envelope
from tests.factories.money import member

from .attending import COURSES, MEALS, MONTHS, average, checked, monthly_report, sent, station
from .settling import add_papers, admit, opened, tell

pytestmark = pytest.mark.django_db


def test_half_of_those_who_came_raise_the_month_and_it_is_paid_with_the_last_instalment(staff):
    award = station(staff)
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    instalments.approve_payment(staff.head, first)
    instalments.pay(staff.cashier, first, voucher_number="1")
    months = {
        (COURSES, "2010-03"): Attendance(20, 10, 10_004),
        (COURSES, "2010-04"): Attendance(21, 10, 10_000),
        (MEALS, "2010-03"): Attendance(30, 30, 5_000),
    }
    settlement = checked(staff, sent(award, months), (60_000, 39_000))
    settlement = reports.accept(staff.head, settlement)
    assert (settlement.eligible, settlement.surcharge) == (99_000, 3_000)
    assert [extra.surcharge.extra for extra in surcharges.extras(settlement)] == [2_000, 0, 1_000]
    award = Award.objects.get(pk=award.pk)
    assert award.instalments.get(number=2).amount == 99_000 + 3_000 - 50_000
    entries = LedgerEntry.objects.exclude(kind__in=("committed", "paid")).values_list("kind", "amount")
    assert list(entries) == [(LedgerKind.RELEASED, 1_000), (LedgerKind.SURCHARGE, 3_000)]
    assert use_of(award.envelope).approved == movements(award).committed - movements(award).released == 102_000
    reports.accept(staff.head, settlement)
    assert LedgerEntry.objects.filter(kind=LedgerKind.SURCHARGE).count() == 1
    tell(award, staff)
    last = award.instalments.get(number=2)
    instalments.request_payment(staff.officer, last, receipt_number="2")
    instalments.approve_payment(staff.head, last)
    instalments.pay(staff.cashier, last, voucher_number="2")
    award = Award.objects.get(pk=award.pk)
    assert (award.status, movements(award).paid, refund_due(award)) == ("closed", 102_000, 0)
    assert list(returns(staff.finance)) == []


def test_the_surcharge_lessens_what_must_come_back(staff):
    award = station(staff)
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    instalments.approve_payment(staff.head, first)
    instalments.pay(staff.cashier, first, voucher_number="1")
    months = {(COURSES, "2010-03"): Attendance(2, 1, 10_000)}
    settlement = checked(staff, sent(award, months, (40_000, 0)), (40_000, 0))
    reports.accept(staff.head, settlement)
    award = Award.objects.get(pk=award.pk)
    assert refund_due(award) == 8_000
    assert [(row.pk, row.due) for row in returns(staff.finance)] == [(award.pk, 8_000)]


def test_beyond_the_envelope_the_surcharge_needs_a_memo(staff):
    award = station(staff)
    award.envelope.amount = 100_999
    confirm_envelope(award.envelope.scheme, award.envelope.year, 100_999)
    award.envelope.save()
    settlement = checked(staff, sent(award, {(COURSES, "2010-03"): Attendance(2, 2, 5_000)}))
    with pytest.raises(OverEnvelopeError, match=r"已核定 100,000 元＋本案 1,000 元.*超出 1 元.*簽文號"):
        reports.accept(staff.head, settlement)
    assert not LedgerEntry.objects.filter(kind=LedgerKind.SURCHARGE).exists()
    reports.accept(staff.head, settlement, memo_number="府社字第1號")
    entry = LedgerEntry.objects.get(kind=LedgerKind.SURCHARGE)
    assert (entry.amount, entry.note) == (1_000, "府社字第1號")


def test_exactly_what_is_left_passes_without_a_memo(staff):
    award = station(staff)
    award.envelope.amount = 101_000
    confirm_envelope(award.envelope.scheme, award.envelope.year, 101_000)
    award.envelope.save()
    settlement = checked(staff, sent(award, {(COURSES, "2010-03"): Attendance(2, 2, 5_000)}))
    assert reports.accept(staff.head, settlement).surcharge == 1_000
    assert LedgerEntry.objects.get(kind=LedgerKind.SURCHARGE).note == ""


@pytest.mark.parametrize(
    ("months", "clauses"),
    [
        ({}, []),
        ({(COURSES, "2010-03"): Attendance(20, None, 10_000)}, ["K3.I.2.3a"]),
        ({(MEALS, "2010-05"): Attendance(20, 0, None)}, ["K3.I.2.3b"]),
        ({(COURSES, "2010-03"): Attendance(2, 2, 60_000)}, []),
        ({(COURSES, "2010-03"): Attendance(2, 2, 60_000), (COURSES, "2010-04"): Attendance(2, 2, 1)}, ["K3.I.2.3a"]),
        ({(MEALS, "2010-03"): Attendance(2, 2, 40_001)}, ["K3.I.2.3b"]),
        ({(MEALS, "2010-06"): Attendance(2, 2, 50_000)}, []),
    ],
)
def test_a_month_is_filled_in_whole_and_costs_no_more_than_the_lines(staff, months, clauses):
    award = station(staff)
    if clauses:
        with pytest.raises(IncompleteError) as missing:
            sent(award, months)
        assert [gap.clause for gap in missing.value.gaps] == clauses
    else:
        # A month outside the award's period is not kept.
        kept = set(sent(award, months).months.values_list("part", "month"))
        assert kept == {key for key in months if key[1] in MONTHS}


def test_nobody_pays_who_did_not_come(staff):
    with pytest.raises(Refused, match="99年3月：收費人數不能多於總人數"):
        sent(station(staff), {(COURSES, "2010-03"): Attendance(10, 11, 1)})


def test_finance_admits_each_months_cost_within_the_admitted_lines(staff):
    settlement = sent(station(staff), {(COURSES, "2010-03"): Attendance(2, 2, 60_000)})
    (row,) = settlement.months.exclude(cost=None)
    lines = admit(settlement, 59_999, 40_000)
    with pytest.raises(Refused, match="99年3月"):
        reports.check_sums(staff.finance, settlement, lines)
    with pytest.raises(Refused, match="不能超過單位填的"):
        reports.check_sums(staff.finance, settlement, lines, {row.pk: Admitted(60_001)})
    with pytest.raises(Refused, match="不能超過核銷金額 59,999 元"):
        reports.check_sums(staff.finance, settlement, lines, {row.pk: Admitted(60_000)})
    with pytest.raises(Refused, match="請寫理由"):
        reports.check_sums(staff.finance, settlement, lines, {row.pk: Admitted(50_000)})
    reports.check_sums(staff.finance, settlement, lines, {row.pk: Admitted(50_000, "非上課費用")})
    assert surcharges.total(settlement) == 10_000


def test_day_care_tells_its_average_each_month_and_below_15_is_warned_of(staff):
    with pytest.raises(IncompleteError) as missing:
        sent(station(staff, "disability_day_care"), {})
    assert [gap.clause for gap in missing.value.gaps] == ["K3.I.3.2c"] * 3
    months = average() | {(COURSES, "2010-04"): Attendance(40, 20, 30_000, Decimal("14.5"), "疫情停課")}
    settlement = sent(station(staff, "disability_day_care"), months)
    (found,) = surcharges.attendance(settlement)
    assert (found.clause, found.severity, found.message) == (
        "K3.I.3.2c",
        "warning",
        "99年4月平均服務 14.5 位，不足 15 位，請說明。",
    )
    assert surcharges.total(settlement) == 6_000


@pytest.mark.parametrize("programme", ["family_services", "after_school_care"])
def test_other_programmes_are_not_asked(staff, programme):
    award = station(staff, programme)
    settlement = opened(award, member(award))
    reports.save(member(award), settlement, monthly_report(settlement, {(COURSES, "2010-03"): Attendance(2, 2, 100)}))
    assert not settlement.months.exists()


# The page


def posted(settlement: Settlement, **months: str) -> dict[str, str]:
    settlement.refresh_from_db()
    data = {"outcome": "辦了 20 場", "people_served": "640", "edition": settlement.edition, "command": "submit"}
    for line, spent in zip(settlement.lines.select_related("line"), (60_000, 40_000), strict=True):
        data |= {f"line-{line.pk}-spent": str(spent), f"line-{line.pk}-vouchers": "3"}
        data |= {f"line-{line.pk}-proof": "receipt"} if line.line.item == "meals" else {}
    return data | {f"month-{key}": value for key, value in months.items()}


def test_the_months_are_filled_in_checked_and_accepted_on_the_page(staff, client):
    award = station(staff)
    award.envelope.amount = 100_500
    confirm_envelope(award.envelope.scheme, award.envelope.year, 100_500)
    award.envelope.save()
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    client.force_login(user)
    url = reverse("grants:settlement_detail", args=[award.number])
    html = client.get(url).content.decode()
    assert (html.count('name="month-courses-'), html.count('name="month-meals-')) == (9, 9)
    assert 'name="month-courses-2010-06-cost"' not in html
    keys = ("courses-2010-03-attendees", "courses-2010-03-payers", "courses-2010-03-cost")
    report = reverse("grants:settlement_report", args=[award.number])
    wrong = client.post(report, posted(settlement, **dict(zip(keys, ("10", "11", "5,000"), strict=True))))
    assert (wrong.status_code, "收費人數不能多於總人數" in wrong.content.decode()) == (422, True)
    client.post(report, posted(settlement, **dict(zip(keys, ("20", "10", "5,000"), strict=True))))
    client.force_login(staff.finance)
    html = client.get(url).content.decode()
    assert "20 人，10 人收費，5,000 元" in html
    (row,) = settlement.months.exclude(cost=None)
    sums = {f"line-{line.pk}-admitted": str(line.spent) for line in settlement.lines.all()}
    sums |= {"month-courses-2010-03-admitted": "5000"}
    client.post(reverse("grants:settlement_sums", args=[award.number]), sums)
    reports.check_content(staff.officer, settlement)
    client.force_login(staff.head)
    html = client.get(url).content.decode()
    assert "20 人中 10 人付費，達 1/2：5,000 元 × 20% = 1,000 元" in html
    assert "收費加成合計 1,000 元" in html
    accept = reverse("grants:settlement_accept", args=[award.number])
    over = client.post(accept, {})
    assert (over.status_code, "超出 500 元；核定時請附簽文號。" in over.content.decode()) == (422, True)
    client.post(accept, {"memo_number": "府社字第1號"})
    row = Settlement.objects.get()
    assert (row.status, row.eligible, row.surcharge) == ("accepted", 100_000, 1_000)
    assert "應撥付 101,000 元（都含收費加成 1,000 元）" in client.get(url).content.decode()
