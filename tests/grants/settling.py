"""A settlement on its way from completion to acceptance, taken there by the services that people use."""

import datetime as dt

from grants.enums import ACCOUNTS, LedgerKind
from grants.models import Award, LedgerEntry, Settlement, SettlementDocument
from grants.services.payments import instalments
from grants.services.settlements import reports
from grants.services.settlements.reports import Admitted, Report, Spent
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from tests.factories import letters
from tests.factories.money import member

DONE = dt.date(2010, 5, 31)
Kind = SettlementDocument.Kind


def paid_first(award: Award, staff) -> None:
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    instalments.approve_payment(staff.head, first)
    # Each payment has a voucher of its own; the first one's is 1.
    number = f"付{first.pk}" if LedgerEntry.objects.filter(kind=LedgerKind.PAID).exists() else "1"
    instalments.pay(staff.cashier, first, voucher_number=number)


def opened(award: Award, user) -> Settlement:
    return reports.register_completion(user, award, DONE)


def add_papers(settlement: Settlement, user, kinds=(Kind.VOUCHERS, Kind.PHOTOS, Kind.ACTIVITY)) -> None:
    for kind in kinds:
        stored = StoredFile.objects.create(
            name=f"{kind}.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0",
            path=f"{kind}{settlement.pk}",
            uploaded_by=user,
            uploaded_at=clock.now(),
        )
        SettlementDocument.objects.create(
            settlement=settlement, kind=kind, file=stored, added_by=user, added_on=clock.today()
        )


def report(settlement: Settlement, *amounts: int) -> Report:
    lines = {line.pk: Spent(amount, 3) for line, amount in zip(settlement.lines.all(), amounts, strict=True)}
    return Report("辦理 20 場共餐", 640, lines)


def admit(settlement: Settlement, *amounts: int, reason: str = "單據不符") -> dict[int, Admitted]:
    return {line.pk: Admitted(amount, reason) for line, amount in zip(settlement.lines.all(), amounts, strict=True)}


def submitted(award: Award, *spent: int) -> Settlement:
    user = member(award)
    return hand_in(opened(award, user), user, *spent)


def hand_in(settlement: Settlement, user, *spent: int) -> Settlement:
    add_papers(settlement, user)
    return reports.submit(user, settlement, report(settlement, *spent))


def accepted(
    award: Award, staff, spent: tuple[int, ...], admitted: tuple[int, ...] | None = None, *, notified: bool = True
) -> Settlement:
    """Accepted, and with `notified` its letters sent out: what is paid or must come back begins with them."""
    settlement = submitted(award, *spent)
    reports.check_sums(staff.finance, settlement, admit(settlement, *(admitted or spent)))
    reports.check_content(staff.officer, settlement)
    settlement = reports.accept(staff.head, settlement)
    if notified:
        tell(award, staff)
        settlement.refresh_from_db()
    return settlement


def tell(award: Award, staff) -> None:
    """Send out every draft about the account."""
    for letter in award.application.letters.filter(kind__in=ACCOUNTS, status="draft"):
        letters.issued(staff.officer, letter)
