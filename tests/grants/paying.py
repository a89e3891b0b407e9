"""Payments on their way through the treasury, for tests: approved ones, batches, and the file that comes back."""

import csv
import io
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Award, Instalment, PaymentBatch, PaymentImport
from grants.services.payments import instalments
from grants.services.treasury import batches, paid_files
from tests.factories import money
from tests.factories.communities import OrganisationFactory

HEADS = ("案號", "期別", "金額", "付款憑單號碼", "付款日期", "匯費")


def ready(staff: SimpleNamespace, **kwargs) -> Instalment:
    """The first instalment of a new award of NT$120,000, approved, with an account."""
    body = OrganisationFactory(bank_code="0040037", bank_account="003700412340", bank_account_name="示範協會")
    return approve(staff, money.approved(staff=staff, organisation=body, **kwargs))


def approve(staff: SimpleNamespace, award: Award) -> Instalment:
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    return instalments.approve_payment(staff.head, first)


def sent(staff: SimpleNamespace, *rows: Instalment) -> PaymentBatch:
    batch, _left = batches.make(staff.finance, [row.pk for row in rows])
    return batches.send(staff.finance, batch)


def line(row: Instalment, voucher: str = "付字第1號", day: str = "99/6/1", amount: str = "", fee: str = "") -> tuple:
    return row.award.number, str(row.number), amount or str(row.amount), voucher, day, fee


def a_csv(*lines: tuple, heads: tuple = HEADS) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows([heads, *lines])
    return written.getvalue().encode()


def brought(user, *lines: tuple, heads: tuple = HEADS, bearer: str = "county") -> PaymentImport:
    upload = SimpleUploadedFile("付款結果.csv", a_csv(*lines, heads=heads))
    return paid_files.start(user, "kaohsiung", upload, bearer)


def outcomes(found: PaymentImport) -> list[str]:
    return list(found.rows.values_list("outcome", flat=True))
