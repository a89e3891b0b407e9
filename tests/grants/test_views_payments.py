"""The list of payments, the four steps on the screen, and the 領據."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.enums import InstalmentStatus
from grants.models import Award, Instalment, LedgerEntry
from grants.queries import payments
from grants.services.payments import instalments, returns
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lists import tables
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of, yuanli
from tests.factories.money import approved, member
from tests.grants.papers import paper, text_of_pdf
from tests.grants.settling import accepted, paid_first, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def award(staff) -> Award:
    return approved(staff=staff)


def as_user(client, user):
    client.force_login(user)
    return client


def step(award: Award, name: str, n: int = 1) -> str:
    return reverse(f"grants:instalment_{name}", args=[award.number, n])


def test_a_member_sends_the_receipt_and_the_offices_pay(client, staff, award):
    page = as_user(client, member(award)).get(step(award, "request"))
    assert page.status_code == 200
    assert "60,000" in page.content.decode()
    answer = client.post(step(award, "request"), {"receipt_number": "旗示字第1號", "receipt": paper()})
    assert (answer.status_code, answer["Location"]) == (302, f"/awards/{award.number}/")
    assert as_user(client, staff.officer).post(step(award, "approve")).status_code == 302
    pay = as_user(client, staff.finance).post(step(award, "pay"), {"voucher_number": "付1", "paid_on": "99/6/1"})
    assert pay.status_code == 302
    assert Instalment.objects.get(number=1).status == InstalmentStatus.PAID


def test_what_is_missing_is_said_at_the_field(client, award):
    answer = as_user(client, member(award)).post(step(award, "request"), {"receipt_number": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"receipt_number", "receipt"}


def test_the_officer_needs_no_file(client, staff, award):
    assert as_user(client, staff.officer).post(step(award, "request"), {"receipt_number": "1"}).status_code == 302


def test_a_receipt_goes_back_with_its_reason(client, staff, award):
    instalments.request_payment(member(award), award.instalments.get(number=1), receipt_number="1", receipt=paper())
    assert as_user(client, staff.officer).post(step(award, "return"), {"reason": ""}).status_code == 422
    assert client.post(step(award, "return"), {"reason": "缺圖記"}).status_code == 302
    assert Instalment.objects.get(number=1).status == InstalmentStatus.AWAITING_RECEIPT


def test_a_step_whose_time_has_not_come_says_why(client, staff, award):
    answer = as_user(client, staff.finance).get(step(award, "pay"))
    assert answer.status_code == 403
    assert "待請款" in answer.content.decode()


@pytest.mark.parametrize("name", ["request", "return", "approve", "pay"])
def test_another_county_finds_nothing(client, award, name):
    for role in (Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER):
        answer = as_user(client, person(role, "miaoli")).get(step(award, name))
        assert answer.status_code in (403, 404)
        if answer.status_code == 403:
            assert "這一頁是給" in answer.content.decode()
    other = member_of(OrganisationFactory())
    assert as_user(client, other).get(step(award, "request")).status_code == 404


def test_what_changed_since_the_page_was_opened_is_looked_at_first(client, staff, award):
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    old = as_user(client, staff.head).get(step(award, "approve")).context["shown"]
    instalments.return_receipt(staff.officer, first, reason="字號寫錯")
    instalments.request_payment(staff.officer, first, receipt_number="2")
    answer = client.post(step(award, "approve"), {"shown": old})
    assert (answer.status_code, "內容換過了" in answer.content.decode()) == (422, True)
    assert Instalment.objects.get(pk=first.pk).status == InstalmentStatus.REQUESTED
    assert client.post(step(award, "approve"), {"shown": answer.context["shown"]}).status_code == 302
    paying = as_user(client, staff.cashier).get(step(award, "pay")).context["shown"]
    instalments.withdraw_approval(staff.finance, first, reason="再核對")
    instalments.approve_payment(staff.head, first)
    data = {"voucher_number": "1", "paid_on": "99/6/1", "shown": paying}
    assert client.post(step(award, "pay"), data).status_code == 302


def test_pressing_pay_twice_on_the_screen(client, staff, award):
    first = award.instalments.get(number=1)
    instalments.request_payment(staff.officer, first, receipt_number="1")
    instalments.approve_payment(staff.head, first)
    as_user(client, staff.finance)
    codes = [
        client.post(step(award, "pay"), {"voucher_number": "1", "paid_on": "99/6/1"}).status_code for _ in range(2)
    ]
    assert codes == [302, 302]
    assert LedgerEntry.objects.filter(kind="paid").count() == 1


# The list


def shown(client, view: str) -> list[str]:
    page = client.get(reverse("grants:payment_list"), {"view": view})
    own = view in ("returns", "awards", "settlements")
    return [row.number if own else row.award.number for row in page.context["list"].rows]


def test_each_view_shows_its_own(client, staff, award):
    other = approved(staff=staff)
    instalments.request_payment(staff.officer, award.instalments.get(number=1), receipt_number="1")
    as_user(client, staff.finance)
    assert shown(client, "to_approve") == [award.number]
    assert shown(client, "awaiting") == [other.number]
    assert shown(client, "to_pay") == []
    assert sorted(shown(client, "scheduled")) == sorted([award.number, other.number])
    assert client.get("/payments/").context["name"] == "待撥款"
    assert as_user(client, staff.officer).get("/payments/").context["name"] == "待核付"


def test_settlements_that_wait_and_all_awards_are_listed_with_their_sums(client, staff, award):
    other = approved(staff=staff, settlement_due=dt.date(2010, 5, 31))
    paid_first(award, staff)
    submitted(award, 30_000, 20_000)
    as_user(client, staff.officer)
    assert shown(client, "settlements") == [award.number]
    page = client.get("/payments/?view=settlements&column=number&column=spent").context["list"]
    assert (page.table.added, page.table.foot[0][1]) == ({"spent": 50_000}, "共 1 筆")
    assert shown(client, "awards") == [other.number, award.number]
    everything = "/payments/?view=awards&column=number&column=settlement&column=total&column=paid&column=due_on"
    page = client.get(everything).context["list"]
    paid = award.instalments.get(number=1).amount
    assert page.table.added == {"total": award.total + other.total, "paid": paid}
    file = client.post(everything + "&late=on", {"export": "csv"})
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()[1:]
    assert lines == [f"{other.number},還沒送,{other.total},0,99年5月31日"]
    officers = client.get("/payments/", {"view": "awards", "officer": staff.officer.pk}).context["list"].rows
    assert {row.application.officer for row in officers} == {staff.officer}
    assert shown(as_user(client, person(Role.CASE_OFFICER, "miaoli")), "awards") == []


def test_the_sums_of_many_awards_are_those_of_few(client, staff, award, monkeypatch):
    paid_first(award, staff)
    approved(staff=staff)
    as_user(client, staff.officer)
    address = "/payments/?view=awards&column=number&column=total&column=paid&column=back"
    few = client.get(f"{address}&q={award.number}").context["list"].table.added
    assert few == {"total": award.total, "paid": award.instalments.get(number=1).amount, "back": 0}
    monkeypatch.setattr(tables, "ADDED_AT_ONCE", 0)
    assert client.get(f"{address}&q={award.number}").context["list"].table.added == few


def test_the_rows_of_a_list_are_read_without_what_they_do_not_show(client, staff, award):
    as_user(client, staff.officer)
    with CaptureQueriesContext(connection) as asked:
        client.get("/payments/?view=mine&column=number&column=amount")
    rows = [one["sql"] for one in asked if '"grants_instalment"."amount" AS "amount"' in one["sql"]]
    assert len(rows) == 1
    assert "communities_organisation" not in rows[0]


def test_money_that_must_come_back_is_listed(client, staff, award):
    paid_first(award, staff)
    accepted(award, staff, (30_000, 20_000))
    as_user(client, staff.finance)
    assert shown(client, "returns") == [award.number]
    page = client.get("/payments/?view=returns").content.decode()
    assert "10,000" in page
    returns.record_return(staff.finance, award, amount=10_000, voucher_number="1")
    assert shown(client, "returns") == []


def test_each_sees_their_own_cases(client, staff, award):
    assert shown(as_user(client, person(Role.FINANCE_OFFICER, "miaoli")), "awaiting") == []
    assert shown(as_user(client, member(award)), "awaiting") == [award.number]
    assert shown(as_user(client, member_of(OrganisationFactory(township=yuanli()))), "awaiting") == []


@pytest.mark.parametrize("view", ["awaiting", "returns", "settlements", "awards", "nonsense"])
def test_the_list_asks_as_often_for_30_rows_as_for_1(client, staff, view):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/payments/", {"view": view}).status_code == 200
        return len(seen)

    def one_more() -> None:
        award = approved(staff=staff)
        if view == "returns":
            paid_first(award, staff)
            accepted(award, staff, (30_000, 20_000))
        if view == "settlements":
            paid_first(award, staff)
            submitted(award, 30_000, 20_000)

    one_more()
    as_user(client, staff.finance)
    client.get("/payments/")
    few = queries()
    for _number in range(29 if view == "awaiting" else 3):
        one_more()
    assert queries() == few
    assert few <= 15


def test_the_list_is_narrowed_added_up_and_taken_out_as_a_file(client, staff, award):
    other = approved(staff=staff, receipt_due=dt.date(2010, 5, 31))
    as_user(client, staff.finance)
    late = client.get("/payments/", {"view": "awaiting", "late": "on"}).context["list"]
    first = other.instalments.get(number=1)
    assert ([row.pk for row in late.rows], late.table.added["amount"]) == ([first.pk], first.amount)
    name = award.application.organisation.name
    found = client.get("/payments/", {"view": "awaiting", "q": name}).context["list"]
    assert award.number in [row.award.number for row in found.rows]
    file = client.post("/payments/?view=awaiting&sort=-amount&column=number&column=amount", {"export": "csv"})
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    wanted = [f"{row.number},{row.instalments.get(number=1).amount}" for row in (award, other)]
    assert (lines[0], sorted(lines[1:])) == ("案號,金額（元）", sorted(wanted))


# The receipt


def test_the_receipt_is_filled_in(client, staff, award, tmp_path):
    organisation = award.application.organisation
    organisation.bank_code, organisation.bank_account = "7000021", "00212340056789"
    organisation.bank_account_name, organisation.tax_id = organisation.name, "04595257"
    organisation.save()
    chair = chair_of(organisation)
    answer = as_user(client, chair).get(reverse("grants:receipt_pdf", args=[award.number, 1]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    text = text_of_pdf(answer.content)
    for words in (
        "新臺幣陸萬元整",
        "60,000",
        organisation.name,
        "04595257",
        "7000021",
        "00212340056789",
        "第1期",
        "高雄縣政府",
        organisation.registration_number,
        chair.display_name,
        award.number,
        "（請蓋單位圖記）",
    ):
        assert words.replace(" ", "") in text


def test_the_township_does_not_read_the_bank_account(client, award):
    office = person(Role.TOWNSHIP_OFFICER, township_code=award.application.township_code)
    assert as_user(client, office).get(reverse("grants:receipt_pdf", args=[award.number, 1])).status_code == 403
    assert as_user(client, office).get("/payments/").status_code == 200


def test_the_uploaded_receipt_is_handed_out_to_those_who_may(client, staff, award):
    address = reverse("grants:receipt_file", args=[award.number, 1])
    someone = member(award)
    assert as_user(client, someone).get(address).status_code == 404
    instalments.request_payment(someone, award.instalments.get(number=1), receipt_number="1", receipt=paper())
    assert client.get(address).status_code == 200
    assert as_user(client, staff.officer).get(address)["X-Content-Type-Options"] == "nosniff"
    assert as_user(client, member_of(OrganisationFactory())).get(address).status_code == 404


# The award's page


def said(client, user, award: Award) -> str:
    page = as_user(client, user).get(reverse("grants:award_detail", args=[award.number]))
    assert page.status_code == 200
    return page.context["next"].text


def test_the_award_s_page_says_whose_turn_it_is(client, staff):
    award = approved(staff=staff, receipt_due=dt.date(2010, 7, 1))
    someone, first = member(award), award.instalments.get(number=1)
    assert said(client, someone, award) == "請送第 1 期款 60,000 元的領據"
    assert said(client, staff.finance, award) == "等申請單位送第 1 期款的領據"
    instalments.request_payment(someone, first, receipt_number="1", receipt=paper())
    assert said(client, staff.officer, award) == "第 1 期款 60,000 元的領據已到，請核付"
    assert said(client, staff.finance, award) == "第 1 期款的領據已送出，等縣府核付"
    instalments.approve_payment(staff.officer, first)
    assert said(client, staff.finance, award) == "第 1 期款 60,000 元已核付，請撥款"
    instalments.pay(staff.finance, first, voucher_number="1")
    assert said(client, someone, award) == "計畫執行中；計畫辦完後，請登記實際完成的日期"
    assert said(client, staff.officer, award) == "等申請單位登記執行完畢"


def test_a_receipt_that_is_late_says_so(client, staff):
    award = approved(staff=staff, receipt_due=dt.date(2010, 5, 31))
    page = as_user(client, member(award)).get(reverse("grants:award_detail", args=[award.number]))
    assert (page.context["next"].state, page.context["next"].sub) == ("late", "期限 99年5月31日，已逾 1 天。")


def test_a_view_of_more_rows_than_are_counted_says_so(client, staff, monkeypatch):
    for _turn in range(3):
        approved(staff=staff)
    monkeypatch.setattr(payments, "MOST_COUNTED", 2)
    page = as_user(client, staff.officer).get("/payments/")
    numbers = {key: number for key, _label, number, _current in page.context["views"]}
    assert (numbers["mine"], numbers["awaiting"], numbers["to_pay"], numbers["returns"]) == ("2+", "2+", "0", "0")
