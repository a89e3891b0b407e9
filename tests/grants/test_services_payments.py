"""Receipt in, approved, paid: each by somebody else, once, and pressed twice without harm."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from grants.enums import InstalmentStatus, LedgerKind
from grants.models import Deadline, Instalment, LedgerEntry
from grants.queries.payments import movements
from grants.services.payments import instalments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import PostFactory, person
from tests.factories.money import approved, member

from .papers import paper

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def first(staff) -> Instalment:
    return approved(staff=staff, receipt_due=dt.date(2010, 6, 30)).instalments.get(number=1)


def asked(first: Instalment, user=None) -> Instalment:
    user = user or member(first.award)
    return instalments.request_payment(user, first, receipt_number="旗示字第1號", receipt=paper())


def test_whole_way_of_a_first_instalment(staff, first):
    row = asked(first)
    assert (row.status, row.requested_on, row.receipt.name) == (InstalmentStatus.REQUESTED, TODAY, "領據.pdf")
    assert Deadline.objects.get().done_on == TODAY
    instalments.approve_payment(staff.officer, first)
    row = instalments.pay(staff.finance, first, voucher_number="付0990001")
    assert (row.status, row.approved_by, row.paid_by) == (InstalmentStatus.PAID, staff.officer, staff.finance)
    entry = LedgerEntry.objects.get(kind=LedgerKind.PAID)
    assert (entry.amount, entry.instalment, entry.note) == (60_000, first, "付0990001")
    assert movements(first.award).held == 60_000
    steps = ["instalment.request", "instalment.approve", "instalment.pay", "ledger.paid"]
    assert list(AuditEntry.objects.order_by("seq").values_list("action", flat=True)) == steps
    assert set(AuditEntry.objects.values_list("case", flat=True)) == {first.award.number}


def test_each_step_tells_those_whose_turn_it_is(staff, first):
    someone = member(first.award)
    asked(first, someone)
    instalments.approve_payment(staff.officer, first)
    instalments.pay(staff.finance, first, voucher_number="1")
    notices = set(Notice.objects.values_list("kind", "recipient"))
    assert notices == {
        ("payment.receipt_in", someone.pk),
        ("payment.requested", staff.officer.pk),
        ("payment.approved", staff.finance.pk),
        ("payment.approved", staff.cashier.pk),
        ("payment.paid", someone.pk),
    }


def test_pressing_twice_changes_nothing(staff, first):
    someone = member(first.award)
    asked(first, someone)
    asked(first, someone)
    instalments.approve_payment(staff.officer, first)
    instalments.approve_payment(staff.officer, first)
    instalments.pay(staff.finance, first, voucher_number="1")
    instalments.pay(staff.finance, first, voucher_number="1")
    assert LedgerEntry.objects.filter(kind=LedgerKind.PAID).count() == 1
    assert AuditEntry.objects.count() == 4
    with pytest.raises(Refused):
        instalments.pay(staff.finance, first, voucher_number="2")
    with pytest.raises(Refused):
        instalments.pay(staff.cashier, first, voucher_number="1")


def test_a_member_uploads_an_officer_holds_the_paper(staff, first):
    with pytest.raises(Refused, match="請上傳"):
        instalments.request_payment(member(first.award), first, receipt_number="1")
    row = instalments.request_payment(staff.officer, first, receipt_number="1")
    assert (row.status, row.receipt, row.requested_by) == (InstalmentStatus.REQUESTED, None, staff.officer)


def test_who_recorded_the_receipt_does_not_approve_it(staff, first):
    instalments.request_payment(staff.officer, first, receipt_number="1")
    with pytest.raises(Refused, match="登錄領據的人不能自己核付"):
        instalments.approve_payment(staff.officer, first)
    assert instalments.approve_payment(staff.head, first).status == InstalmentStatus.APPROVED


def test_who_recorded_the_receipt_does_not_pay(staff, first):
    """Somebody may hold two posts; the steps of one payment are still three people's."""
    PostFactory(user=staff.finance, role=Role.CASE_OFFICER)
    instalments.request_payment(staff.finance, first, receipt_number="1")
    instalments.approve_payment(staff.officer, first)
    with pytest.raises(Refused, match="登錄領據的人不能自己撥款"):
        instalments.pay(staff.finance, first, voucher_number="1")
    assert instalments.pay(staff.cashier, first, voucher_number="1").paid_by == staff.cashier


@pytest.mark.parametrize("who", ["officer", "head"])
def test_who_proposed_or_decided_the_award_does_not_pay(staff, first, who):
    user = getattr(staff, who)
    PostFactory(user=user, role=Role.FINANCE_OFFICER)
    asked(first)
    instalments.approve_payment(person(Role.CASE_OFFICER), first)
    with pytest.raises(Refused, match="提案或核定這一案的人不能自己撥款"):
        instalments.pay(user, first, voucher_number="1")


def test_who_approved_does_not_pay(staff, first):
    asked(first)
    PostFactory(user=staff.finance, role=Role.CASE_OFFICER)
    instalments.approve_payment(staff.finance, first)
    with pytest.raises(Refused, match="核付的人不能自己撥款"):
        instalments.pay(staff.finance, first, voucher_number="1")
    assert instalments.pay(staff.cashier, first, voucher_number="1").status == InstalmentStatus.PAID


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.APPROVER, Role.AUDITOR, Role.REVIEWER])
def test_only_finance_pays(staff, first, role):
    asked(first)
    instalments.approve_payment(staff.officer, first)
    with pytest.raises(Refused):
        instalments.pay(person(role), first, voucher_number="1")
    with pytest.raises(Refused):
        instalments.pay(person(Role.FINANCE_OFFICER, "miaoli"), first, voucher_number="1")
    assert not LedgerEntry.objects.filter(kind=LedgerKind.PAID).exists()


def test_a_returned_receipt_opens_its_deadline_again(staff, first):
    asked(first)
    row = instalments.return_receipt(staff.officer, first, reason="金額大寫有誤")
    assert (row.status, row.requested_by, row.requested_on) == (InstalmentStatus.AWAITING_RECEIPT, None, None)
    assert Deadline.objects.get().done_on is None
    assert "金額大寫有誤" in Notice.objects.get(kind="payment.returned").body
    assert asked(first).status == InstalmentStatus.REQUESTED


def test_a_refused_file_leaves_all_as_it_was(first, tmp_path):
    bad = SimpleUploadedFile("領據.pdf", b"MZ\x90\x00 not a paper", "application/pdf")
    with pytest.raises(ValidationError):
        instalments.request_payment(member(first.award), first, receipt_number="1", receipt=bad)
    first.refresh_from_db()
    assert first.status == InstalmentStatus.AWAITING_RECEIPT
    assert AuditEntry.objects.count() == 0


def test_the_second_instalment_waits_for_the_settlement(first):
    second = first.award.instalments.get(number=2)
    with pytest.raises(Refused, match="待結報"):
        instalments.request_payment(member(first.award), second, receipt_number="2", receipt=paper())


@pytest.mark.parametrize("step", range(1, 6))
def test_a_crash_at_any_write_of_paying_leaves_nothing(staff, first, step, monkeypatch):
    """R10: the database afterwards is as it was before."""
    asked(first)
    instalments.approve_payment(staff.officer, first)
    before = (AuditEntry.objects.count(), Notice.objects.count(), LedgerEntry.objects.count())
    seen = 0

    def crash(execute, sql, params, many, context):
        nonlocal seen
        if sql.startswith(("UPDATE", "INSERT")):
            seen += 1
            if seen == step:
                raise RuntimeError("cut")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(crash), pytest.raises(RuntimeError, match="cut"):
        instalments.pay(staff.finance, first, voucher_number="1")
    first.refresh_from_db()
    assert (first.status, first.paid_on, first.voucher_number) == (InstalmentStatus.APPROVED, None, "")
    assert (AuditEntry.objects.count(), Notice.objects.count(), LedgerEntry.objects.count()) == before
