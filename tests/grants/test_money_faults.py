"""A fault at any statement of an act of money leaves the database as it was: before or after, never between."""

import datetime as dt
import os
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from grants.models import Application, Award, Instalment, LedgerEntry, Sanction, SanctionLifting, Settlement
from grants.services import sanctions
from grants.services.audit import reconciling
from grants.services.awards import decisions, reinstating
from grants.services.payments import corrections, instalments, returns
from grants.services.settlements import reports, reversing
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from tests.factories import reviews
from tests.factories.grants import EnvelopeFactory
from tests.factories.money import approved
from tests.grants.settling import accepted, admit, paid_first, submitted

pytestmark = pytest.mark.django_db
# `make soak` cuts every statement, every other run one in so many.
STRIDE = 1 if os.environ.get("SOAK") else 11
TODAY, EARLIER = dt.date(2010, 6, 1), dt.date(2010, 5, 28)
TABLES = (
    "grants_application", "grants_award", "grants_awardline", "grants_instalment", "grants_ledgerentry", "grants_deadline",
    "grants_settlement", "grants_settlementline", "grants_sanction", "grants_sanctionlifting", "grants_letter",
    "grants_storedevaluation", "grants_proposal", "changes_change", "notices_notice", "audit_auditentry",
)  # fmt: skip
Act = Callable[[], object]


class CutError(OperationalError):
    """The connection is lost at a statement."""


def first(award: Award) -> Instalment:
    return Instalment.objects.get(award=award, number=1)


def ready(staff) -> Award:
    award = approved(staff=staff, receipt_due=TODAY)
    instalments.request_payment(staff.officer, first(award), receipt_number="1")
    return award


def approve_award(staff) -> Act:
    people = reviews.staff()
    case = reviews.proposed(people, {2: (40_000, "頁數核實")}).application
    EnvelopeFactory(scheme=case.scheme)
    return lambda: decisions.approve(people.head, Application.objects.get(pk=case.pk))


def approve_payment(staff) -> Act:
    award = ready(staff)
    return lambda: instalments.approve_payment(staff.head, first(award))


def pay(staff) -> Act:
    award = ready(staff)
    instalments.approve_payment(staff.head, first(award))
    return lambda: instalments.pay(staff.cashier, first(award), voucher_number="1")


def money_back(staff) -> Act:
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    return lambda: returns.record_return(
        staff.cashier, Award.objects.get(pk=award.pk), amount=10_000, voucher_number="收1"
    )


def accept(staff) -> Act:
    award = approved(staff=staff)
    paid_first(award, staff)
    row = submitted(award, 70_000, 40_000)
    reports.check_sums(staff.finance, row, admit(row, 70_000, 40_000))
    reports.check_content(staff.officer, row)
    return lambda: reports.accept(staff.head, Settlement.objects.get(pk=row.pk))


def _decided(staff) -> Sanction:
    award = approved(staff=staff, settlement_due=TODAY)
    paid_first(award, staff)
    return sanctions.record(staff.officer, award, sanctions.SanctionDraft("revoked", TODAY, EARLIER, "未辦", 20_000))


def sanction(staff) -> Act:
    row = _decided(staff)
    return lambda: sanctions.confirm(staff.head, Sanction.objects.get(pk=row.pk))


def lift(staff) -> Act:
    row = sanctions.confirm(staff.head, _decided(staff))
    asked = reinstating.ask(staff.officer, row, ruling_number="訴1", ruled_on=TODAY, reason="撤銷")
    return lambda: reinstating.decide(staff.head, SanctionLifting.objects.get(pk=asked.pk), "confirm")


def correct(staff) -> Act:
    award = approved(staff=staff)
    paid_first(award, staff)
    found = corrections.Finding("bounced", "戶名不符", TODAY, "退1")
    change = corrections.ask(staff.cashier, LedgerEntry.objects.get(kind="paid"), found)
    return lambda: services.confirm(staff.head, Change.objects.get(pk=change.pk))


def reverse(staff) -> Act:
    award = approved(staff=staff)
    paid_first(award, staff)
    row = accepted(award, staff, (70_000, 40_000))
    change = reversing.ask(staff.officer, row, reversing.Ground("簽1", "重複計算"))
    return lambda: services.confirm(staff.head, Change.objects.get(pk=change.pk))


def _is_cut(act: Act, step: int) -> bool:
    """Do the act, cutting the statement with this number; return False if it ran through because it has fewer."""
    ran = 0

    def wrap(execute, sql, params, many, context):
        nonlocal ran
        ran += 1
        if ran - 1 == step:
            raise CutError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrap):
        try:
            act()
        except CutError:
            return True
    return False


def digest() -> list[str]:
    """A sum of each table with every column of every row, in the order of the names: the server may join the parts in any."""
    one = "SELECT '{0}' || COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {0} t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in TABLES))
        return sorted(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize(
    "prepare", [approve_award, approve_payment, pay, money_back, accept, sanction, lift, correct, reverse]
)
def test_a_fault_at_any_statement_leaves_everything_as_it_was(staff, prepare):
    act = prepare(staff)
    before, step = digest(), 0
    while _is_cut(act, step):
        assert digest() == before, f"statement {step}"
        step += STRIDE
    assert step > 10
    assert digest() != before
    assert list(reconciling.differences()) == []
