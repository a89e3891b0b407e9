"""The treasury's file: what each row would become, what a confirmation records, and that it does so once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from grants.enums import LedgerKind
from grants.models import Instalment, LedgerEntry, PaymentImport
from grants.queries.treasury import on_paper
from grants.services.payments import instalments
from grants.services.treasury import batches, paid_files, papers
from grants.services.treasury.reading import FileRefused
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.verify import verify
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import money
from tests.factories.accounts import person
from tests.grants.paying import a_csv, brought, line, outcomes, ready, sent

LATER = dt.date(2010, 6, 8)


def fresh(row: Instalment) -> Instalment:
    return Instalment.objects.get(pk=row.pk)


@pytest.mark.django_db
def test_each_row_says_what_would_become_of_it_and_nothing_is_recorded(staff):
    rows = [ready(staff) for _row in range(9)]
    drafted = ready(staff)
    sent(staff, *rows[:5])
    batches.make(staff.finance, [drafted.pk])
    instalments.pay(staff.finance, fresh(rows[5]), voucher_number="付0")
    waiting = money.approved(staff=staff).instalments.get(number=1)
    with clock.travel(LATER):
        found = brought(
            staff.cashier,
            line(rows[0], "付1", "99/6/5", fee="10"),
            line(rows[1], "付2", "99/6/5", amount="59,990"),
            line(rows[2], "付3", "99/6/9"),
            line(rows[3], "付4", "99/5/31"),
            line(rows[4], "", ""),
            ("88-099-9999", "1", "60000", "付6", "99/6/5", ""),
            line(rows[5], "付0", "99/6/1"),
            line(rows[0], "付8", "99/6/5"),
            line(rows[6], "付字第 0 號", "不知道"),
            line(rows[7], "付１", "0990605"),
            line(drafted, "付10", "99/6/5"),
            line(waiting, "付11", "99/6/5"),
            line(rows[8], "付 0", "99/6/5"),
        )
    assert outcomes(found) == [
        "matched", "differs", "dated", "dated", "empty", "unknown", "paid", "refused", "dated", "asked", "refused",
        "refused", "asked",
    ]  # fmt: skip
    said = list(found.rows.values_list("sentence", flat=True))
    assert "核付 60,000 元，檔案是 59,990 元" in said[1]
    assert "還沒有到" in said[2]
    assert "不可以早於核付日期" in said[3]
    assert "和第 2 列是同一筆" in said[7]
    assert "和第 2 列用同一個憑單號碼" in said[9]
    assert "還沒有送出納" in said[10]
    assert f"已經用在：{rows[5].award.number} 第 1 期" in said[12]
    assert found.counts["matched"] == 1
    assert LedgerEntry.objects.filter(kind=LedgerKind.PAID).count() == 1


@pytest.mark.django_db
def test_a_confirmation_records_the_treasurys_day_number_and_fee_once(staff):
    one, two = ready(staff), ready(staff)
    batch = sent(staff, one, two)
    with clock.travel(LATER):
        found = brought(staff.cashier, line(one, "付1", "99/6/3", fee="10"), line(two, "付2", "99/6/4"), bearer="payee")
        paid_files.confirm(staff.cashier, found)
        paid_files.confirm(staff.cashier, found)
        again = brought(staff.cashier, line(one, "付1", "99/6/3"), line(two, "付9", "99/6/4"))
        with pytest.raises(Refused, match="沒有可以登記"):
            paid_files.confirm(staff.cashier, again)
    row = fresh(one)
    assert (row.status, row.paid_on, row.voucher_number, row.fee) == ("paid", dt.date(2010, 6, 3), "付1", 10)
    assert (row.arrived, row.amount, row.paid_by) == (59_990, 60_000, staff.cashier)
    entries = LedgerEntry.objects.filter(kind=LedgerKind.PAID).values_list("instalment", "on", "amount")
    assert set(entries) == {(one.pk, dt.date(2010, 6, 3), 60_000), (two.pk, dt.date(2010, 6, 4), 60_000)}
    batch.refresh_from_db()
    assert batch.status == "paid"
    assert outcomes(again) == ["paid", "paid"]
    assert "和檔案不同" in again.rows.get(number=3).sentence
    assert verify().problem == ""


@pytest.mark.django_db
def test_a_number_that_stands_twice_wants_a_reason(staff):
    one, two = ready(staff), ready(staff)
    sent(staff, one, two)
    found = brought(staff.cashier, line(one), line(two))
    assert outcomes(found) == ["matched", "asked"]
    with pytest.raises(paid_files.ReasonWanted):
        paid_files.confirm(staff.cashier, found)
    assert fresh(one).status == "approved"
    paid_files.confirm(staff.cashier, found, reason="一張憑單付整份清冊")
    assert (fresh(one).voucher_reason, fresh(two).voucher_reason) == ("", "一張憑單付整份清冊")
    three = ready(staff)
    with pytest.raises(Refused, match="已經用在"):
        instalments.pay(staff.cashier, three, voucher_number="付字第 1 號")
    instalments.pay(staff.cashier, three, voucher_number="付字第1號", voucher_reason="補付")
    assert fresh(three).voucher_reason == "補付"


@pytest.mark.django_db
def test_what_changed_after_the_preview_is_shown_and_not_recorded(staff):
    one, two = ready(staff), ready(staff)
    batch = sent(staff, one, two)
    found = brought(staff.cashier, line(one, "付1"), line(two, "付2"))
    batches.send_back(staff.finance, batch.payments.get(instalment=one), reason="退件")
    instalments.withdraw_approval(staff.officer, fresh(one), reason="帳號有誤")
    with pytest.raises(paid_files.ChangedMeanwhile):
        paid_files.confirm(staff.cashier, found)
    assert (outcomes(found), fresh(two).status) == (["refused", "matched"], "approved")
    found.refresh_from_db()
    paid_files.confirm(staff.cashier, found)
    assert (fresh(one).status, fresh(two).status) == ("requested", "paid")


@pytest.mark.django_db
def test_who_may_not_pay_sees_it_in_the_preview_and_others_bring_nothing(staff):
    row = ready(staff)
    sent(staff, row)
    row.award.proposed_by = staff.cashier
    row.award.save()
    assert outcomes(brought(staff.cashier, line(row))) == ["refused"]
    for user in (staff.officer, person(Role.FINANCE_OFFICER, "miaoli"), person(Role.AUDITOR)):
        with pytest.raises(Refused):
            brought(user, line(row))


@pytest.mark.django_db
def test_a_file_is_known_by_its_heads(staff):
    row = ready(staff)
    sent(staff, row)
    heads = ("序號", "轉帳金額（元）", "附言", "傳票 號碼", "入帳日期")
    bank = brought(staff.cashier, ("1", "60,000", f"{row.award.number}-1", "F1", "2010-06-01"), heads=heads)
    assert outcomes(bank) == ["matched"]
    summed = ("", "60,000", "合　計", "", "")
    bank = brought(staff.cashier, ("1", "60,000", f"{row.award.number}-1", "F1", "2010-06-01"), summed, heads=heads)
    assert outcomes(bank) == ["matched"]
    with pytest.raises(FileRefused, match="付款憑單號碼"):
        brought(staff.cashier, ("1", "2", "3"), heads=("案號", "金額", "付款日期"))
    with pytest.raises(FileRefused, match="沒有資料"):
        brought(staff.cashier)


ODD_CELLS = {
    "amount": {"60000.00": "matched", "60,000.0": "matched", "６０，０００元": "matched", "60000.5": "differs", "-60000": "differs", "": "differs"},
    "day": {
        "2010-06-05 00:00:00": "matched", "2010-06-05T08:30": "matched", "0990605": "matched", "民國99年6月5日": "matched",
        "99/2/29": "dated", "6/5": "dated", "99/6/9": "dated",
    },
    "fee": {"10.00": "matched", "-": "matched", "－": "matched", "abc": "refused", "-5": "refused", "60,001": "refused"},
    "part": {"第一期": "matched", "一": "matched", "第 １ 期": "matched", "第二期": "refused", "第九期": "unknown", "": "unknown"},
    "voucher": {"-": "refused", "0": "refused", "―": "refused", "ｆ１": "matched"},
}  # fmt: skip


@pytest.mark.django_db
def test_what_other_programs_write_is_read_and_what_says_nothing_is_not(staff):
    cells = [(name, text, outcome) for name, texts in ODD_CELLS.items() for text, outcome in texts.items()]
    rows = [ready(staff) for _cell in cells]
    batch, _left = batches.make(staff.finance, [row.pk for row in rows])
    batches.send(staff.finance, batch)
    lines = []
    for place, (row, (name, text, _outcome)) in enumerate(zip(rows, cells, strict=True)):
        usual = {"part": "1", "amount": "60000", "voucher": f"付{place + 1}", "day": "99/6/5", "fee": ""}
        lines.append((row.award.number, *(usual | {name: text}).values()))
    with clock.travel(LATER):
        found = brought(staff.cashier, *lines)
    assert dict(zip(cells, outcomes(found), strict=True)) == {cell: cell[2] for cell in cells}


@pytest.mark.django_db
def test_a_number_in_small_letters_or_with_another_hyphen_is_the_same(staff):
    one, two, three = (ready(staff) for _row in range(3))
    instalments.pay(staff.finance, one, voucher_number="ab–001")
    assert fresh(one).voucher_number == "AB-001"
    sent(staff, two, three)
    found = brought(staff.cashier, line(two, "ＡＢ－００１"), line(three, "ab-002"))
    assert outcomes(found) == ["asked", "matched"]
    with pytest.raises(Refused, match="請填付款憑單號碼"):
        instalments.pay(staff.finance, two, voucher_number=" － ")


@pytest.mark.django_db
def test_the_batchs_own_file_is_brought_back_as_it_is(staff):
    row = ready(staff)
    batch = sent(staff, row)
    written = b"".join(papers.table(staff.finance, batch, "ods"))
    empty = paid_files.start(staff.cashier, "kaohsiung", SimpleUploadedFile("清冊.ods", written), "county")
    assert outcomes(empty) == ["empty"]
    instalments.pay(staff.cashier, fresh(row), voucher_number="付1")
    written = b"".join(papers.table(staff.finance, batch, "csv"))
    filled = paid_files.start(staff.cashier, "kaohsiung", SimpleUploadedFile("清冊.csv", written), "county")
    assert (outcomes(filled), on_paper(batch).count()) == (["paid"], 1)


@pytest.mark.django_db
def test_files_that_nobody_confirmed_are_forgotten(staff):
    row = ready(staff)
    found = brought(staff.cashier, line(row))
    assert paid_files.forget(found.made_on + dt.timedelta(days=13)) == 0
    assert paid_files.forget(found.made_on + dt.timedelta(days=14)) == 1
    kept = brought(staff.cashier, line(row))
    paid_files.confirm(staff.cashier, kept)
    assert paid_files.forget(kept.made_on + dt.timedelta(days=90)) == 1
    assert (PaymentImport.objects.get().rows.count(), PaymentImport.objects.get().counts["matched"]) == (0, 1)
    discarded = brought(staff.cashier, line(row))
    paid_files.discard(staff.cashier, discarded)
    assert PaymentImport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_the_same_file_brought_by_many_at_once_pays_each_once(staff):
    rows = [ready(staff) for _row in range(3)]
    sent(staff, *rows)
    hands = 8
    upload = a_csv(*(line(row, f"付{place}") for place, row in enumerate(rows)))
    who = [(staff.finance, staff.cashier)[number % 2] for number in range(hands)]
    files = [paid_files.start(user, "kaohsiung", SimpleUploadedFile("a.csv", upload), "county") for user in who]
    barrier = Barrier(hands, timeout=120)

    def confirm(number: int) -> str:
        try:
            barrier.wait()
            paid_files.confirm(who[number], files[number])
        except paid_files.ChangedMeanwhile:
            return "changed"
        else:
            return "recorded"
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        answers = sorted(pool.map(confirm, range(hands)))
    assert answers == ["changed"] * (hands - 1) + ["recorded"]
    entries = LedgerEntry.objects.filter(kind=LedgerKind.PAID).values_list("instalment", flat=True)
    assert sorted(entries) == sorted(row.pk for row in rows)
    assert verify().problem == ""
