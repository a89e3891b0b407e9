"""The numbers of people on rosters: sealed at rest, found by a keyed mark, gone after their term."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from grants.enums import SettlementStatus
from grants.models import RosterRow, Settlement, Voucher
from grants.queries.settlements.payees import payees
from grants.rules.rosters import PaidPerson
from grants.services.settlements import national_ids, vouchers
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import sealed
from tests.factories.money import approved, county, member
from tests.grants import settling

from .vouchers import an_entry

pytestmark = pytest.mark.django_db

PERSON = PaidPerson("林阿香", "2010-05", Decimal(10), 95, Decimal(4), "A123456789")
EARLIER, LATER = "e" * 40, "l" * 40


def paid(staff, *people: PaidPerson, status=SettlementStatus.ACCEPTED) -> Settlement:
    award = approved(staff=staff)
    award.lines.filter(position=1).update(item="casual_pay")
    award.application.lines.filter(position=1).update(item="casual_pay")
    user = member(award)
    settlement = settling.opened(award, user)
    amount = sum(int(one.count * one.rate * (one.hours or 1)) for one in people)
    vouchers.add(user, settlement, an_entry(settlement, amount, kind="roster", title="", people=people, note="照實付"))
    Settlement.objects.filter(pk=settlement.pk).update(status=status)
    return settlement


def test_no_column_holds_the_number():
    paid(county(), PERSON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(row)::text FROM grants_rosterrow row")
        (written,) = cursor.fetchone()
    assert ("林阿香" in written, "A123456789" in written, "123456789" in written) == (True, False, False)
    assert RosterRow.objects.get().national_id == "A123456789"


def test_the_same_number_has_one_mark_and_never_the_same_seal(settings):
    assert sealed.mark_of("A123456789") == sealed.mark_of("A123456789") != sealed.mark_of("A123456798")
    assert sealed.seal("A123456789") != sealed.seal("A123456789")
    assert (sealed.seal(""), sealed.unseal(""), sealed.mark_of(""), sealed.marks_of("")) == ("", "", "", [])
    text = sealed.seal("A123456789")
    settings.PERSONAL_DATA_KEYS = [LATER]
    with pytest.raises(sealed.KeyGoneError):
        sealed.unseal(text)


def test_a_new_key_finds_the_old_numbers_and_takes_them_over(settings, capsys):
    settings.PERSONAL_DATA_KEYS = [EARLIER]
    staff = county()
    paid(staff, PERSON)
    settings.PERSONAL_DATA_KEYS = [LATER, EARLIER]
    # Another association's person of the same number is still the same person.
    second = paid(
        staff, replace(PERSON, count=Decimal(31), hours=Decimal(5), name="林香"), status=SettlementStatus.DRAFT
    )
    found = Client()
    found.force_login(member(second.award))
    page = found.get(reverse("grants:settlement_voucher", args=[second.number, second.voucher_rows.get().pk]))
    assert "基本工資" in page.content.decode()
    call_command("national_ids", "reseal")
    assert capsys.readouterr().out == "Sealed 2 numbers under the first key.\n"
    settings.PERSONAL_DATA_KEYS = [LATER]
    assert [row.national_id for row in RosterRow.objects.all()] == ["A123456789"] * 2
    assert set(RosterRow.objects.values_list("id_mark", flat=True)) == {sealed.mark_of("A123456789")}
    assert AuditEntry.objects.filter(action=national_ids.RESEAL).count() == 2


@pytest.mark.parametrize(
    ("day", "status", "count"),
    [
        (dt.date(2020, 12, 31), SettlementStatus.ACCEPTED, 0),
        (dt.date(2021, 1, 1), SettlementStatus.ACCEPTED, 1),
        (dt.date(2021, 1, 1), SettlementStatus.CONTENT_CHECKED, 0),
    ],
)
def test_ten_whole_years_after_the_year_of_the_payment_the_number_goes(day, status, count):
    staff = county()
    settlement = paid(staff, PERSON, replace(PERSON, name="陳大明", national_id="", month="2010-04"), status=status)
    assert national_ids.forget(day) == count
    first = RosterRow.objects.get(position=1)
    assert (first.national_id, bool(first.id_mark)) == (("", False) if count else ("A123456789", True))
    assert (first.name, first.pay, Voucher.objects.get().amount) == ("林阿香", 3_800, 7_600)
    noted = AuditEntry.objects.filter(action=national_ids.FORGET).values_list("case", "after")
    assert list(noted) == [(settlement.number, {"people": 1})] * count
    # Twice deletes nothing twice; people without a number are known by their names.
    assert national_ids.forget(day) == 0
    assert {row["name"] for row in payees(staff.finance)} == {"林阿香", "陳大明"}


def test_the_command_deletes_as_of_today(capsys, monkeypatch):
    paid(county(), PERSON)
    monkeypatch.setattr("grants.services.settlements.national_ids.withholding.numbers_kept", lambda day: (-1, ""))
    call_command("national_ids", "forget")
    assert capsys.readouterr().out == "Deleted the numbers of 1 rows.\n"
    assert RosterRow.objects.get().sealed_id == ""


def test_the_list_says_that_a_number_is_deleted():
    staff = county()
    paid(staff, PERSON)
    national_ids.forget(dt.date(2021, 1, 1))
    reader = Client()
    reader.force_login(staff.finance)
    assert "已逾保存期限，刪除了" in reader.get(reverse("grants:payees")).content.decode()
