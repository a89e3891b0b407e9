"""An association's cash book: money of the county and vouchers stand in it by themselves, own lines are added and cancelled,
and a year whose accounts were passed is closed.
"""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from grants.models import Award, BookEntry, Duty
from grants.queries.books import book_of, years_of
from grants.services.books import entries
from grants.services.books.entries import Entry
from grants.services.payments import corrections, returns
from grants.services.settlements.shares import Share
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.money import approved, member
from tests.grants import settling
from tests.grants.settling import accepted, paid_first
from tests.grants.vouchers import SELLER, entered

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def award(staff) -> Award:
    return approved(staff=staff)


def test_of_a_shared_paper_the_own_part_stands_once(staff, award):
    body, user = award.application.organisation, member(award)
    other = approved(staff=staff, organisation=body)
    paper = {"kind": "invoice", "number": "AB12345678", "payee_tax_id": SELLER, "paper_total": 1_000}
    own, fees = Share("own", 200), Share("fees", 100)
    entered(settling.opened(award, user), user, 400, shares=(own, fees, Share("funder", 300, "別案")), **paper)
    entered(settling.opened(other, user), user, 300, shares=(own, fees, Share("funder", 400, "別案")), **paper)
    lines = book_of(body, 2010).lines
    assert [line.cost for line in lines] == [400, 300, 300]
    assert [line.text for line in lines if "本單位負擔" in line.text] == [
        "旗山米行　白米（同一張單據由本單位負擔的部分）"
    ]


def test_a_line_twice_a_second_opening_and_a_year_before_the_body_are_refused(award):
    body, user = award.application.organisation, member(award)
    body.registered_on = dt.date(2005, 3, 2)
    body.save()
    opening = Entry(dt.date(2009, 1, 1), BookEntry.Subject.OPENING, "銀行存款", 1_000)
    entries.add(user, body, opening)
    with pytest.raises(Refused, match="已經記過一樣的一筆"):
        entries.add(user, body, opening)
    entries.add(user, body, replace(opening, text="現金"))
    with pytest.raises(Refused, match="98年1月1日已經記過前期結存 1,000 元"):
        entries.add(user, body, replace(opening, on=dt.date(2010, 1, 1), amount=2_000))
    with pytest.raises(Refused, match="不能早於本單位立案的94年3月2日"):
        entries.add(user, body, Entry(dt.date(1920, 6, 1), BookEntry.Subject.DUES, "會費", 100))
    dues = Entry(dt.date(2005, 3, 2), BookEntry.Subject.DUES, "會費", 100)
    entries.cancel(user, entries.add(user, body, dues), "記錯")
    entries.add(user, body, dues)
    assert book_of(body, 2010).opening == 2_100


def test_money_of_the_county_and_the_account_stand_in_the_book_by_themselves(staff, award):
    body, user = award.application.organisation, member(award)
    paid_first(award, staff)
    settlement = settling.opened(award, user)
    entered(settlement, user, 1_200)
    assert [(line.income, line.cost) for line in book_of(body, 2010).lines] == [(0, 1_200), (60_000, 0)]
    settling.hand_in(settlement, user, 1_200, 40_000)
    assert sorted(line.cost for line in book_of(body, 2010).lines if line.cost) == [1_200, 40_000]
    entries.add(user, body, Entry(dt.date(2009, 12, 1), BookEntry.Subject.DUES, "98 年會費", 9_000))
    entries.add(user, body, Entry(dt.date(2010, 1, 2), BookEntry.Subject.OPENING, "銀行存款", 1_000))
    wrong = entries.add(user, body, Entry(TODAY, BookEntry.Subject.PAY, "幹事", 5_000, "收1"))
    book = book_of(body, 2010)
    assert (book.opening, book.income, book.cost, book.closing) == (10_000, 60_000, 46_200, 23_800)
    assert book.lines[-1].balance == book.closing
    assert dict(book.costs) == {"業務費": 41_200, "人事費": 5_000}
    assert (sum(row[1] for row in book.months), book.months[-1][3]) == (60_000, 23_800)
    entries.cancel(user, wrong, "記錯")
    assert book_of(body, 2010).closing == 28_800
    assert AuditEntry.objects.filter(action="book.cancel").count() == 1
    assert years_of(body, TODAY) == [2010, 2009]


def test_what_came_back_and_was_corrected_is_netted(staff, award):
    paid_first(award, staff)
    accepted(award, staff, (40_000, 10_000))
    returns.record_return(staff.cashier, award, amount=10_000, voucher_number="收1")
    book = book_of(award.application.organisation, 2010)
    assert (book.income, book.cost) == (60_000, 60_000)
    entry = award.entries.get(kind="returned")
    services.confirm(staff.head, corrections.ask(staff.cashier, entry, corrections.Finding("mistaken", "x")))
    assert book_of(award.application.organisation, 2010).cost == 50_000


def test_a_year_whose_accounts_were_passed_is_closed_and_days_to_come_are_refused(staff, award):
    body, user = award.application.organisation, member(award)
    row = entries.add(user, body, Entry(dt.date(2009, 5, 1), BookEntry.Subject.DUES, "會費", 9_000))
    Duty.objects.create(
        key="accounts", clause="", county=body.county, organisation=body, period="2010", due_on=TODAY, opened_on=TODAY,
        held_on=TODAY, done_on=TODAY, done_by=user,
    )  # fmt: skip
    for act in (
        lambda: entries.cancel(user, row, "x"),
        lambda: entries.add(user, body, Entry(row.on, "in_dues", "x", 1)),
    ):
        with pytest.raises(Refused, match="已經大會通過"):
            act()
    with pytest.raises(Refused, match="不能晚於今天"):
        entries.add(user, body, Entry(TODAY + dt.timedelta(days=1), "in_dues", "x", 1))
    with pytest.raises(Refused):
        entries.add(staff.officer, body, Entry(TODAY, "in_dues", "x", 1))


def test_on_the_screen_for_the_own_people_alone(client, staff, award):
    body, user = award.application.organisation, member(award)
    page = reverse("grants:book", args=[body.pk])
    client.force_login(user)
    assert client.post(page, {"on": "99/6/1", "subject": "in_dues", "text": "會費", "amount": "0"}).status_code == 422
    answer = client.post(page, {"on": "99/6/1", "subject": "in_dues", "text": "會費", "amount": "1,500"})
    assert answer.status_code == 302
    shown = client.get(answer.url).content.decode()
    assert "1,500" in shown
    cancel = re.search(r'href="(/books/\d+/entries/\d+/cancel/)"', shown)
    assert cancel is not None
    assert client.post(cancel[1], {"reason": "重複"}).status_code == 302
    assert "重複" in client.get(page).content.decode()
    for other, status in ((member_of(OrganisationFactory()), 404), (staff.officer, 403)):
        client.force_login(other)
        assert client.get(page).status_code == status
