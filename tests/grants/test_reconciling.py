"""Every figure shown is the sum of its entries; what is not is found, printed and notified to the auditor until it agrees."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from grants.models import Award, Instalment
from grants.queries.payments import refund_due
from grants.services import sanctions
from grants.services.audit import reconciling
from grants.services.awards import reinstating
from grants.services.payments import returns
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.money import approved
from tests.grants.settling import accepted, paid_first

pytestmark = pytest.mark.django_db
TODAY, EARLIER = dt.date(2010, 6, 1), dt.date(2010, 5, 28)


def found() -> list[str]:
    return [str(one) for one in reconciling.differences()]


def test_every_figure_agrees_from_approval_to_closing(staff, capsys):
    award = approved(staff=staff)
    assert found() == []
    paid_first(award, staff)
    assert found() == []
    accepted(award, staff, (40_000, 10_000))
    assert found() == []
    returns.record_return(staff.cashier, award, amount=4_000, voucher_number="收1")
    returns.record_return(staff.cashier, award, amount=6_000, voucher_number="收2", kind="recovered")
    assert Award.objects.get().status == "closed"
    call_command("reconcile")
    assert "Every figure agrees" in capsys.readouterr().out


@pytest.mark.parametrize("event", ["not_executed", "revoked", "misuse"])
def test_every_figure_agrees_through_a_decision_and_its_lifting(staff, event):
    award = approved(staff=staff)
    paid_first(award, staff)
    misused = 0 if event == "not_executed" else 20_000
    row = sanctions.record(staff.officer, award, sanctions.SanctionDraft(event, TODAY, EARLIER, "未辦", misused))
    sanctions.confirm(staff.head, row)
    assert found() == []
    award.refresh_from_db()
    if due := refund_due(award):
        returns.record_return(staff.cashier, award, amount=due, voucher_number="收1")
        assert found() == []
    row.refresh_from_db()
    lifting = reinstating.ask(staff.officer, row, ruling_number="訴1", ruled_on=TODAY, reason="原處分撤銷")
    reinstating.decide(staff.head, lifting, "confirm")
    assert found() == []


def test_what_differs_is_found_printed_and_told_until_it_agrees(client, staff, capsys):
    award, auditor = approved(staff=staff), person(Role.AUDITOR)
    paid_first(award, staff)
    Award.objects.update(total=130_000)
    Instalment.objects.filter(number=1).update(voucher_number="9")
    assert found() == [
        f"{award.number}　核定金額：收支紀錄合計 120,000 元，顯示 130,000 元",
        f"{award.number}　待撥付的期款：收支紀錄合計 70,000 元，顯示 60,000 元",
        f"{award.number}　第 1 期的撥付日期或憑單：收支紀錄合計 60,000 元，顯示 0 元",
    ]
    with pytest.raises(CommandError, match="3 figures differ"):
        call_command("reconcile", award.number)
    assert "130,000" in capsys.readouterr().out
    assert reconciling.alarm() == 3
    assert reconciling.alarm() == 3
    notice = Notice.objects.get(kind="audit.reconcile")
    assert (notice.recipient_id, "3 個數字不符" in notice.subject, award.number in notice.body) == (
        auditor.pk,
        True,
        True,
    )
    client.force_login(auditor)
    page = reverse("grants:award_ledger", args=[award.number])
    assert notice.url == page
    assert "對帳不符" in client.get(page).content.decode()
    Award.objects.update(total=120_000)
    Instalment.objects.filter(number=1).update(voucher_number="1")
    assert reconciling.alarm() == 0
    notice.refresh_from_db()
    assert notice.closed_at is not None
    assert "對帳相符" in client.get(page).content.decode()
