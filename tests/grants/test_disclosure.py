"""What is published of the money given: quarters, year, central list and open data agree to the dollar, and who reads what."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.enums import LedgerKind
from grants.models import Award, LedgerEntry
from grants.queries.open_data import disclosure
from grants.services.audit import reconciling
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
KAOHSIUNG = "kaohsiung"


def moved(award: Award, kind: str, amount: int, day: dt.date, part: int = 1) -> None:
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                envelope=award.envelope,
                award=award,
                instalment=award.instalments.get(number=part),
                kind=kind,
                amount=amount,
                on=day,
                at=dt.datetime(2010, 6, 1, tzinfo=dt.UTC),
                by=award.approved_by,
            )
        ]
    )


def two_awards() -> tuple[Award, Award]:
    """One approved and half paid in June, the rest in October with something back in January; one approved today."""
    first = approved(organisation=OrganisationFactory(name="楓香協會", tax_id="04595257"))
    moved(first, LedgerKind.PAID, 60_000, dt.date(2010, 6, 30))
    moved(first, LedgerKind.PAID, 50_000, dt.date(2010, 10, 1), part=2)
    moved(first, LedgerKind.RETURNED, 1_000, dt.date(2011, 1, 1))
    return first, approved((30_000,))


def sums(year: int, quarter: int | None = None) -> tuple[int, int, int, int]:
    days = disclosure.quarter_days(year, quarter) if quarter else disclosure.year_days(year)
    found = disclosure.sums_of(disclosure.within(KAOHSIUNG, days), days)
    return found.count, found.approved, found.paid, found.returned


def test_the_last_day_of_a_quarter_and_the_first_of_the_next():
    assert [disclosure.quarter_days(2010, n)[0].isoformat() for n in (1, 2, 3, 4)] == [
        "2010-01-01", "2010-04-01", "2010-07-01", "2010-10-01",
    ]  # fmt: skip
    assert [disclosure.quarter_days(2010, n)[1].isoformat() for n in (1, 2, 3, 4)] == [
        "2010-03-31", "2010-06-30", "2010-09-30", "2010-12-31",
    ]  # fmt: skip


def test_a_quarter_has_what_was_approved_paid_or_returned_in_it():
    two_awards()
    assert disclosure.quarters(KAOHSIUNG) == [(2011, 1), (2010, 4), (2010, 2)]
    assert [sums(2010, n) for n in (1, 2, 3, 4)] == [
        (0, 0, 0, 0), (2, 150_000, 60_000, 0), (0, 0, 0, 0), (1, 0, 50_000, 0),
    ]  # fmt: skip
    assert (sums(2010), sums(2011), sums(2011, 1)) == (
        (2, 150_000, 110_000, 0), (1, 0, 0, 1_000), (1, 0, 0, 1_000),
    )  # fmt: skip


def test_every_publication_agrees_and_the_nightly_check_finds_what_does_not(staff, monkeypatch):
    award = approved(staff=staff)
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    assert list(reconciling.differences()) == []
    own = disclosure.within
    monkeypatch.setattr(disclosure, "within", lambda county, days: own(county, days).none())
    found = [str(one) for one in reconciling.differences()]
    assert found == [
        "99 年度四季清單　核定：收支紀錄合計 120,000 元，顯示 0 元",
        "99 年度四季清單　撥付：收支紀錄合計 60,000 元，顯示 0 元",
        "99 年度年度明細表　核定：收支紀錄合計 120,000 元，顯示 0 元",
        "99 年度年度明細表　撥付：收支紀錄合計 60,000 元，顯示 0 元",
    ]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_quarter_is_public_and_its_file_says_the_same(client):
    two_awards()
    page = client.get("/open-data/disclosure/", {"county": KAOHSIUNG, "year": 99, "quarter": 2}).content.decode()
    assert [word in page for word in ("楓香協會", "150,000", "60,000", "99年6月30日", "捐款專戶")] == [True] * 5
    answer = client.get("/open-data/disclosure/kaohsiung-99-2.csv")
    rows = table(b"".join(answer.streaming_content))
    assert [(row["補助金額"], row["本季撥付"], row["累積金額"]) for row in rows] == [
        ("120000", "60000", "109000"), ("30000", "0", "0"),
    ]  # fmt: skip
    assert "04595257" not in page
    assert client.get("/open-data/disclosure/nowhere-99-2.csv").status_code == 404


def test_the_central_list_and_the_years_table_are_the_countys(client):
    two_awards()
    client.force_login(person(Role.FINANCE_OFFICER))
    page = client.get("/payments/disclosure/", {"year": 99}).content.decode()
    assert [word in page for word in ("四季合計", "150,000", "110,000")] == [True] * 3
    first, _second = table(client.get("/payments/disclosure/central-kaohsiung-99.csv").content)
    wanted = ("年度", "補助機關", "統一編號", "核定金額", "撥付金額", "最近撥付日期", "繳回金額", "結案日期")
    assert [first[key] for key in wanted] == [
        "99", "高雄縣政府", "04595257", "120000", "110000", "2010-10-01", "1000", "",
    ]  # fmt: skip
    row, _other = table(client.get("/payments/disclosure/table-kaohsiung-99.csv").content)
    assert (row["主辦機關"], row["本年度撥付"], row["累計撥付金額"], row["處理方式（得標廠商）"]) == (
        "高雄縣政府", "110000", "109000", "",
    )  # fmt: skip
    assert client.get("/payments/disclosure/central-miaoli-99.csv").status_code == 404
    client.force_login(person(Role.FINANCE_OFFICER, MIAOLI))
    assert client.get("/payments/disclosure/central-kaohsiung-99.csv").status_code == 404


def test_the_open_data_say_the_same_as_the_quarters(client):
    two_awards()
    content = b"".join(client.get("/open-data/awards.json").streaming_content)
    rows = json.loads(content)["rows"]
    known = [sums(year, n) for year, n in disclosure.quarters(KAOHSIUNG)]
    for place, key in ((1, "approved"), (2, "paid"), (3, "returned")):
        assert sum(row[key] for row in rows) == sum(quarter[place] for quarter in known)


def test_each_list_is_one_query_however_many_awards():
    def queries() -> list[int]:
        found = []
        for read in (
            lambda: list(disclosure.within(KAOHSIUNG, disclosure.year_days(2010))),
            lambda: list(disclosure.central(KAOHSIUNG, 2010)),
        ):
            with CaptureQueriesContext(connection) as asked:
                read()
            found.append(len(asked))
        return found

    two_awards()
    assert queries() == [1, 1]
    approved((5_000,))
    assert queries() == [1, 1]
