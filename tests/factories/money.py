"""Approved awards with their plan of instalments, as approval leaves them, for tests of what comes after."""

import datetime as dt
from types import SimpleNamespace

from communities.models import Organisation
from grants.enums import ApplicationStatus, DeadlineKind, InstalmentCondition, InstalmentStatus, LedgerKind
from grants.models import Application, Award, AwardLine, Deadline, Instalment, LedgerEntry
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock

from .accounts import person
from .communities import OrganisationFactory, member_of
from .grants import ApplicationFactory, BudgetLineFactory, EnvelopeFactory

ENDS = dt.date(2010, 8, 31)


def county(code: str = "kaohsiung") -> SimpleNamespace:
    """One person a post of the county, and a second finance officer."""
    return SimpleNamespace(
        officer=person(Role.CASE_OFFICER, code),
        head=person(Role.APPROVER, code),
        finance=person(Role.FINANCE_OFFICER, code),
        cashier=person(Role.FINANCE_OFFICER, code),
    )


def approved(
    amounts: tuple[int, ...] = (80_000, 40_000),
    *,
    staff: SimpleNamespace | None = None,
    organisation: Organisation | None = None,
    ends_on: dt.date = ENDS,
    settlement_due: dt.date | None = None,
    receipt_due: dt.date | None = None,
    notified: bool = True,
) -> Award:
    """An award of these lines; from 100,000 in two instalments. Deadlines where a day is given.

    `notified` says whether its letter of approval was issued, today.
    """
    staff = staff or county()
    case = _case(sum(amounts), staff, organisation or OrganisationFactory(), ends_on)
    award = _award(case, staff, notified)
    for position, amount in enumerate(amounts, 1):
        _line(award, position, amount)
    _commit(award, staff)
    _plan(award)
    if receipt_due:
        _deadline(award, DeadlineKind.RECEIPT, receipt_due, award.instalments.get(number=1))
    if settlement_due:
        _deadline(award, DeadlineKind.SETTLEMENT, settlement_due)
    return award


def member(award: Award):
    return member_of(award.application.organisation)


def _case(total: int, staff: SimpleNamespace, organisation: Organisation, ends_on: dt.date) -> Application:
    today = clock.today()
    return ApplicationFactory(
        organisation=organisation,
        status=ApplicationStatus.APPROVED,
        starts_on=dt.date(2010, 3, 1),
        ends_on=ends_on,
        filed_on=today,
        first_filed_on=today,
        officer=staff.officer,
        requested_total=total,
    )


def _award(case: Application, staff: SimpleNamespace, notified: bool) -> Award:
    today = clock.today()
    return Award.objects.create(
        application=case,
        number=case.number,
        envelope=EnvelopeFactory(scheme=case.scheme),
        county=case.county,
        total=case.requested_total,
        starts_on=case.starts_on,
        ends_on=case.ends_on,
        approved_on=today,
        notified_on=today if notified else None,
        approved_by=staff.head,
        proposed_by=staff.officer,
    )


def _line(award: Award, position: int, amount: int) -> None:
    line = BudgetLineFactory(application=award.application, position=position, requested=amount)
    AwardLine.objects.create(
        award=award,
        line=line,
        position=position,
        item=line.item,
        description=line.description,
        requested=amount,
        approved=amount,
    )


def _commit(award: Award, staff: SimpleNamespace) -> None:
    LedgerEntry.objects.create(
        envelope=award.envelope,
        award=award,
        kind=LedgerKind.COMMITTED,
        amount=award.total,
        on=clock.today(),
        at=clock.now(),
        by=staff.head,
    )


def _plan(award: Award) -> None:
    first = award.total // 2 if award.total >= 100_000 else 0
    rows = [(first, InstalmentCondition.RECEIPT, InstalmentStatus.AWAITING_RECEIPT)] if first else []
    rows.append((award.total - first, InstalmentCondition.SETTLEMENT, InstalmentStatus.SCHEDULED))
    for number, (amount, condition, status) in enumerate(rows, 1):
        Instalment.objects.create(
            award=award, number=number, amount=amount, condition=condition, status=status, clause="K7.1a"
        )


def _deadline(award: Award, kind: DeadlineKind, due_on: dt.date, instalment: Instalment | None = None) -> Deadline:
    row = unsaved(kind, instalment or award, clause="K7.2a", due_on=due_on, opened_on=clock.today())
    row.save()
    return row
