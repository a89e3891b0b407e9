"""Awards whose settlement tells month by month how many people came, and such settlements."""

from decimal import Decimal

from grants.enums import Verdict
from grants.models import Award, Settlement, SettlementMonth
from grants.services.settlements import reports
from grants.services.settlements.reports import Admitted, Report, Spent
from grants.services.settlements.surcharges import Attendance
from tests.factories.grants import ProgrammeFactory
from tests.factories.money import approved, member

from .settling import add_papers, admit, opened

MONTHS = ["2010-03", "2010-04", "2010-05"]
COURSES, MEALS = "courses", "meals"


def station(staff, programme: str = "elder_care_station") -> Award:
    """60,000 for printing and 40,000 for meals, March to August, ended in May."""
    award = approved((60_000, 40_000), staff=staff)
    case = award.application
    case.programme = ProgrammeFactory(scheme=case.scheme, code=programme)
    case.save()
    award.lines.filter(position=2).update(item="meals")
    return award


def monthly_report(settlement: Settlement, months, spent=(60_000, 40_000)) -> Report:
    proofs = ("", "receipt")
    rows = zip(settlement.lines.all(), spent, proofs, strict=True)
    return Report("辦了 20 場", 640, {line.pk: Spent(amount, 3, proof) for line, amount, proof in rows}, months)


def sent(award: Award, months, spent=(60_000, 40_000)) -> Settlement:
    user = member(award)
    settlement = opened(award, user)
    add_papers(settlement, user)
    return reports.submit(user, settlement, monthly_report(settlement, months, spent))


def checked(staff, settlement: Settlement, admitted=(60_000, 40_000), **months) -> Settlement:
    rows = {
        row.pk: Admitted(months.get(row.part, row.cost), "單據不符") for row in settlement.months.exclude(cost=None)
    }
    reports.check_sums(staff.finance, settlement, admit(settlement, *admitted), rows)
    return reports.check_content(staff.officer, settlement)


def average(value: int | str = 15, explanation: str = "") -> dict:
    return {(COURSES, month): Attendance(average=Decimal(value), explanation=explanation) for month in MONTHS}


ACCEPTED, REFUSED = Verdict.ACCEPTED, Verdict.REFUSED
WHY = "五月停課兩週，人數恢復後會補課"


def months(value: str = "14.9", why: str = WHY) -> dict:
    """15 in March and April, fewer in May."""
    return average(15) | {(COURSES, "2010-05"): Attendance(average=Decimal(value), explanation=why)}


def to_read(staff, award: Award, **fields) -> Settlement:
    """Sent, and the sums checked: the officer's turn."""
    settlement = sent(award, months(**fields))
    return reports.check_sums(staff.finance, settlement, admit(settlement, 60_000, 40_000))


def may(settlement: Settlement) -> SettlementMonth:
    return settlement.months.get(month="2010-05")


def judged(staff, settlement: Settlement, verdict: str, note: str = "") -> None:
    reports.judge_attendance(staff.officer, settlement, {may(settlement).pk: (verdict, note)})
