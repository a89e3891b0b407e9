"""Pages that do not grow with the cases: how the database plans their queries once a table is large.

Tables of a test are small, and small ones are read whole, or by whichever index. So what is cheap for them alone is switched
off, and beside the indexes that are asked for their tables have none: whoever then still reads a table whole, sorts a queue
or adds up the ledger cannot be served by them. `tests.bench.blocks` measures what the server chooses.
"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.enums import ApplicationStatus, AwardStatus, DeadlineKind, LedgerKind
from grants.models import (
    Application,
    Award,
    Deadline,
    Debt,
    Envelope,
    Instalment,
    LedgerEntry,
    MoneySum,
    Settlement,
)
from grants.queries import payments
from grants.queries.applications import lists
from grants.queries.overview import dashboard
from grants.queries.overview.money import flows, programme_sums
from grants.services.applications import drafts
from grants.services.audit import reconciling
from grants.services.payments import sums
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.lists import pages
from tests.factories import money

from .test_services_settlements import paid_first

pytestmark = pytest.mark.django_db
CHEAP_FOR_FEW = ("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "enable_sort")
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def staff():
    return money.county()


def plans(user, address: str, *indexes: str) -> list[str]:
    """The plans of all queries of a page, as for large tables that have of their plain indexes these alone."""
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    found = []
    with connection.cursor() as cursor:
        leave_alone(cursor, indexes)
        for name in CHEAP_FOR_FEW:
            cursor.execute(f"SET LOCAL {name} = off")
        for query in asked:
            if query["sql"].lstrip(" (").startswith("SELECT"):
                cursor.execute(f"EXPLAIN (COSTS OFF) {query['sql']}")
                found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


def leave_alone(cursor, indexes: tuple[str, ...]) -> None:
    """Drop, until the test is over, the other plain indexes of the tables of these."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        """SELECT quote_ident(other.relname) FROM pg_index AS row JOIN pg_class AS other ON other.oid = row.indexrelid
        WHERE NOT row.indisunique AND other.relname <> ALL(%(kept)s) AND row.indrelid IN (
            SELECT wanted.indrelid FROM pg_index AS wanted JOIN pg_class AS named ON named.oid = wanted.indexrelid
            WHERE named.relname = ANY(%(kept)s)
        )""",
        {"kept": list(indexes)},
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")


@pytest.mark.parametrize("view", ["to_approve", "to_pay", "awaiting", "scheduled"])
def test_a_view_of_the_payments_is_read_in_the_order_of_its_index(staff, view):
    money.approved(staff=staff)
    Instalment.objects.update(status=payments.VIEWS[view])
    found = plans(staff.officer, f"/payments/?view={view}", "instalment_county_status")
    rows = next(plan for plan in found if plan.startswith("Limit") and "communities_organisation" in plan)
    assert "Index Scan using instalment_county_status on grants_instalment" in rows
    assert "Sort" not in rows.split("SubPlan")[0]
    assert "grants_ledgerentry" not in "".join(found)


def test_the_numbers_of_the_views_are_counted_by_indexes_alone(staff):
    wanted = {"debt_county_due", "instalment_county_status", "instalment_county_paid", "instalment_county_award"}
    wanted |= {"settlement_with_county"}
    found = plans(staff.officer, "/payments/", *wanted)
    counted = next(plan for plan in found if "debt_county_due" in plan)
    assert set(re.findall(r" using (\w+) on grants_\w+", counted)) <= wanted
    assert "Seq Scan on grants_" not in counted


OF_THE_OFFICER = (
    "application_correcting",
    "application_queue",
    "debt_county_due",
    "deadline_county_award",
    "deadline_county_receipt",
    "instalment_county_status",
    "letter_drafted",
    "settlement_with_county",
)


def test_the_queues_of_an_officer_are_read_by_their_indexes(staff):
    found = plans(staff.officer, "/desk/", *OF_THE_OFFICER)
    queues = next(plan for plan in found if plan.startswith("Append"))
    assert [name for name in OF_THE_OFFICER if f" {name} on " not in queues] == []
    assert "grants_ledgerentry" not in queues


def test_the_queues_of_the_treasurer_add_up_no_ledger(staff):
    used = {"debt_county_due", "instalment_county_status", "settlement_with_county"}
    found = plans(staff.finance, "/desk/", *used)
    queues = next(plan for plan in found if plan.startswith("Append"))
    assert {name for name in used if f" {name} on " in queues} == used
    assert "grants_ledgerentry" not in queues


def test_a_later_page_passes_over_the_keys_alone(staff, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    for _turn in range(2):
        money.approved(staff=staff)
    found = plans(staff.officer, "/applications/?page=2", "application_filed")
    # Of so few cases the primary key serves as well; neither is sorted, and nothing of an association is read.
    keys = [plan for plan in found if plan.startswith("Limit") and " on grants_application" in plan]
    keys = [plan for plan in keys if "communities_organisation" not in plan]
    assert len(keys) == 1
    assert "Sort" not in keys[0]


@pytest.mark.parametrize("address", ["/payments/overview/", "/county/"])
def test_the_money_at_a_glance_is_read_from_its_sums_alone(staff, address):
    paid_first(money.approved(staff=staff), staff)
    client = Client()
    client.force_login(staff.head)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    read = "".join(query["sql"] for query in asked)
    assert "grants_moneysum" in read
    added_up = ("grants_ledgerentry", "grants_instalment", "grants_settlement", "grants_debt")
    assert [table for table in added_up if table in read] == []


def test_the_sums_stay_when_they_are_folded(staff):
    for _turn in range(2):
        award = money.approved(staff=staff, receipt_due=TODAY)
        paid_first(award, staff)
    before = shown_sums()
    assert sums.fold() > 0
    assert shown_sums() == before
    assert sums.fold() == 0
    assert list(reconciling.differences()) == []
    rows = MoneySum.objects.values_list("envelope", "programme", "kind", "period")
    assert len(rows) == len(set(rows))
    with connection.cursor() as cursor:
        cursor.execute("SELECT grants_sums_anew()")
    assert shown_sums() == before


def shown_sums() -> tuple:
    programmes = programme_sums(Envelope.objects.all())
    charts = [(row.label, tuple(row.values)) for row in dashboard.money("kaohsiung").rows]
    return programmes, flows(["kaohsiung"], TODAY), charts


def test_a_sum_that_is_wrong_is_found_at_night(staff):
    money.approved(staff=staff)
    assert list(reconciling.differences()) == []
    MoneySum.objects.filter(kind=MoneySum.Also.APPROVED).update(amount=1)
    assert [(row.what, row.entries, row.shown) for row in reconciling.differences()] == [("核定", 120_000, 1)]


def test_awards_are_read_in_the_order_of_an_index_and_no_year_is_looked_for_among_them(staff):
    money.approved(staff=staff)
    found = plans(staff.officer, "/payments/?view=awards", "award_county")
    rows = next(plan for plan in found if plan.startswith("Limit") and "communities_organisation" in plan)
    assert "Sort" not in rows.split("SubPlan")[0]
    assert "Seq Scan on grants_award" not in "".join(found)
    assert not [plan for plan in found if plan.startswith(("Unique", "HashAggregate")) and "grants_award" in plan]
    counted = [plan for plan in found if plan.startswith("Aggregate") and " on grants_award" in plan]
    assert counted
    assert "grants_application" not in "".join(counted)


def test_awards_that_need_a_look_are_read_in_the_order_of_their_index(staff):
    money.approved(staff=staff)
    found = plans(staff.officer, "/payments/?view=at_risk", "award_running")
    rows = next(plan for plan in found if plan.startswith("Limit") and "communities_organisation" in plan)
    assert "using award_running" in rows
    assert "Sort Key: grants_award.ends_on" not in rows


def test_what_more_have_than_are_counted_is_not_counted(staff, monkeypatch):
    """Nor is it beside another condition beyond that number."""
    for _turn in range(3):
        drafts.index(money.approved(staff=staff).application)
    word = Application.objects.values_list("number", flat=True)[0].split("-")[0]
    monkeypatch.setattr(lists, "COMMON", 2)
    client = Client()
    client.force_login(staff.officer)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/applications/", {"q": word}).content.decode()
    assert "超過 2 筆" in page
    assert [query["sql"] for query in asked if "ts_match_vq" in query["sql"] and "COUNT(" in query["sql"]] == []
    assert "超過 2 筆" in client.get("/applications/", {"q": word, "status": "approved"}).content.decode()
    assert "超過 2 筆" not in client.get("/applications/", {"q": word, "status": "rejected"}).content.decode()


def test_cases_are_sorted_by_number_by_their_index(staff):
    money.approved(staff=staff)
    found = plans(staff.officer, "/applications/?sort=number", "application_filed_number")
    # The count of the cases may be read from the same index.
    (rows,) = [plan for plan in found if plan.startswith("Limit") and "communities_organisation" in plan]
    assert "Presorted Key: (regexp_replace" in rows
    assert " application_filed_number on " in rows


def held(award) -> dict[str, tuple[int, int, dt.date | None]]:
    return {row.kind: (row.amount, row.held, row.due_on) for row in Debt.objects.filter(award=award)}


def test_what_must_come_back_stands_in_a_row_until_it_is_back(staff):
    award = money.approved(staff=staff)
    paid_first(award, staff)
    assert held(award) == {}
    Award.objects.update(status=AwardStatus.NOT_EXECUTED)
    assert held(award) == {"return": (60_000, 60_000, None)}
    deadline = unsaved(DeadlineKind.RETURN, award, clause="x", due_on=TODAY, opened_on=TODAY)
    deadline.save()
    assert held(award) == {"return": (60_000, 60_000, TODAY)}
    paid = LedgerEntry.objects.get(award=award, kind=LedgerKind.PAID)
    back = {"envelope": paid.envelope, "award": award, "on": TODAY, "at": paid.at, "by": paid.by}
    LedgerEntry.objects.create(kind=LedgerKind.RETURNED, amount=20_000, **back)
    assert held(award) == {"return": (40_000, 40_000, TODAY)}
    Deadline.objects.filter(pk=deadline.pk).update(done_on=TODAY)
    assert held(award) == {"return": (40_000, 40_000, None)}
    LedgerEntry.objects.create(kind=LedgerKind.RETURNED, amount=40_000, **back)
    assert held(award) == {}


def test_what_left_twice_stands_in_a_row_of_its_own(staff):
    award = money.approved(staff=staff)
    paid_first(award, staff)
    paid = LedgerEntry.objects.get(award=award, kind=LedgerKind.PAID)
    twice = {"envelope": paid.envelope, "award": award, "on": TODAY, "at": paid.at, "by": paid.by}
    LedgerEntry.objects.create(kind=LedgerKind.OVERPAID, amount=60_000, **twice)
    assert held(award) == {"overpaid": (60_000, 60_000, None)}
    LedgerEntry.objects.create(kind=LedgerKind.REGAINED, amount=60_000, **twice)
    assert held(award) == {}


def test_a_case_decided_anew_and_turned_down_owes_all_that_was_paid(staff):
    award = money.approved(staff=staff)
    paid_first(award, staff)
    Award.objects.update(status=AwardStatus.REVOKED)
    assert held(award) == {}
    Application.objects.update(status=ApplicationStatus.REJECTED)
    assert held(award) == {"return": (60_000, 60_000, None)}
    assert payments.refund_due(Award.objects.get()) == 60_000


def test_rows_have_the_county_of_their_award_whatever_is_written(staff):
    award = money.approved(staff=staff, receipt_due=TODAY)
    settlement = Settlement.objects.create(award=award, number=award.number)
    rows = [award.instalments.get(number=1), settlement, Deadline.objects.get()]
    assert [row.county for row in rows] == ["kaohsiung"] * 3
    for row in rows:
        type(row).objects.update(county="miaoli")
    assert [type(row).objects.get(pk=row.pk).county for row in rows] == ["kaohsiung"] * 3
