"""The pages of a decision: recorded, confirmed, and shown to the association before it files."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.models import Award, Sanction
from grants.queries.payments import refund_due
from tests.factories.communities import chair_of
from tests.factories.money import approved

from .filing import ready_case
from .sanctioning import decided, draft
from .settling import paid_first

pytestmark = pytest.mark.django_db


def test_an_officer_records_and_the_head_confirms(client, staff, award):
    paid_first(award, staff)
    client.force_login(staff.officer)
    assert (
        "登錄未執行、支用不當或廢止" in client.get(reverse("grants:award_detail", args=[award.number])).content.decode()
    )
    data = {
        "event": "not_executed",
        "decided_on": "99/6/1",
        "heard_on": "99/5/20",
        "reason": "無",
    }
    form = client.get(reverse("grants:sanction_new", args=[award.number])).content.decode()
    assert "本案結束。已撥的 60,000 元全數繳回，還沒撥的 60,000 元不再撥付。" in form
    assert "本案照常執行、請款和結報" in form
    assert "處分函文號" not in form
    answer = client.post(reverse("grants:sanction_new", args=[award.number]), data)
    row = Sanction.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/sanctions/{row.pk}/")
    page = client.get(answer.url).content.decode()
    assert "登錄的人不能自己確認" in page
    client.force_login(staff.head)
    assert "已撥付 60,000 元全數繳回" in client.get(answer.url).content.decode()
    client.post(reverse("grants:sanction_decide", args=[row.pk, "confirm"]))
    client.force_login(staff.finance)
    page = client.get(reverse("grants:settlement_detail", args=[award.number])).content.decode()
    assert "收到繳回款 60,000 元後，請登記" in page
    back = reverse("grants:settlement_money_back", args=[award.number])
    client.post(back, {"amount": "60000", "received_on": "99/6/1", "voucher_number": "收1"})
    assert refund_due(Award.objects.get(pk=award.pk)) == 0
    assert "（待發文）" in client.get(reverse("grants:sanctions")).content.decode()


def test_the_chair_is_told_before_filing_that_it_comes_back(client, staff, award, organisation):
    paid_first(award, staff)
    decided(staff, award, draft("misuse", disallowed=1_000))
    chair, case = chair_of(organisation), ready_case(organisation)
    client.force_login(chair)
    page = client.get(reverse("grants:application_review", args=[case.number]))
    assert "這一件送出後會退回" in page.content.decode()
    posted = {"token": page.context["token"], "edition": case.edition}
    answer = client.post(reverse("grants:application_file", args=[case.number]), posted, follow=True)
    assert "這一件依規定退回" in answer.content.decode()


def test_the_list_is_narrowed_added_up_and_asks_the_same_however_long_it_is(client, staff, award):
    decided(staff, award, draft("misuse", disallowed=1_000))
    client.force_login(staff.officer)
    address = reverse("grants:sanctions")

    def ask() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    ask()
    one = ask()
    for _award in range(2):
        other = approved(staff=staff)
        paid_first(other, staff)
        decided(staff, other, draft("not_executed"))
    assert ask() == one
    shown = client.get(address, {"event": "misuse", "barred": "on"}).context["list"]
    assert [row.award for row in shown.rows] == [award]
    assert shown.table.added == {"disallowed": 1_000}
    assert client.get(address, {"q": award.number, "status": "draft"}).context["list"].rows.count() == 0
