"""A decision by 柒三 that did not stand: two people lift it, and the award, its money and its bars are as before."""

import datetime as dt

import pytest

from grants.models import Award, Sanction
from grants.queries.payments import movements, refund_due
from grants.services.awards import reinstating
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.money import approved
from tests.grants import sanctioning, settling

pytestmark = pytest.mark.django_db
RULING = {"ruling_number": "台內訴字第0990001234號", "ruled_on": dt.date(2010, 6, 1), "reason": "原處分認定事實有誤"}


@pytest.fixture
def award(staff) -> Award:
    return approved(staff=staff, settlement_due=dt.date(2010, 9, 30))


def lifted(staff, sanction: Sanction) -> Award:
    row = reinstating.ask(staff.officer, sanction, **RULING)
    reinstating.decide(staff.head, row, "confirm")
    reinstating.decide(staff.head, row, "confirm")
    return Award.objects.get(pk=sanction.award_id)


def plan(award: Award) -> list[tuple[int, str]]:
    return list(award.instalments.order_by("number").values_list("amount", "status"))


def test_nobody_lifts_alone_and_a_no_changes_nothing(staff, award):
    sanction = sanctioning.decided(staff, award)
    row = reinstating.ask(staff.officer, sanction, **RULING)
    with pytest.raises(Refused, match="不能自己確認"):
        reinstating.decide(staff.officer, row, "confirm")
    with pytest.raises(Refused, match="已經有人提出"):
        reinstating.ask(staff.head, sanction, **RULING)
    reinstating.decide(staff.head, row, "refuse", "尚未確定")
    sanction.refresh_from_db()
    assert (sanction.status, Award.objects.get().status) == ("confirmed", "not_executed")


def test_an_award_that_was_not_executed_goes_on(staff, award):
    settling.paid_first(award, staff)
    sanction = sanctioning.decided(staff, award)
    award = lifted(staff, sanction)
    sanction.refresh_from_db()
    assert (sanction.status, award.status, refund_due(award)) == ("lifted", "active", 0)
    assert plan(award) == [(60_000, "paid"), (60_000, "scheduled")]
    money = movements(award)
    assert (money.committed - money.released, money.paid) == (award.total, 60_000)
    assert award.deadlines.get(kind="settlement").done_on is None
    letter = sanction.liftings.get().letter
    assert (letter.kind, "原處分撤銷" in letter.subject) == ("lifting", True)
    settling.accepted(award, staff, (80_000, 40_000))
    assert plan(award)[1] == (60_000, "awaiting_receipt")


def test_misuse_after_the_account_is_paid_after_all(staff, award):
    settling.paid_first(award, staff)
    settling.accepted(award, staff, (80_000, 40_000))
    award = Award.objects.get(pk=award.pk)
    sanction = sanctioning.decided(staff, award, sanctioning.draft("misuse", disallowed=12_000))
    assert plan(award)[1] == (48_000, "awaiting_receipt")
    award = lifted(staff, sanction)
    money = movements(award)
    assert (plan(award)[1], money.committed - money.released) == ((60_000, "awaiting_receipt"), 120_000)


def test_the_same_may_be_decided_again(staff, award):
    lifted(staff, sanctioning.decided(staff, award))
    assert sanctioning.decided(staff, Award.objects.get(pk=award.pk)).status == "confirmed"


def test_from_page_to_page(client, staff, award):
    sanction = sanctioning.decided(staff, award)
    client.force_login(staff.officer)
    page = f"/sanctions/{sanction.pk}/"
    assert client.post(f"{page}lift/", {"ruling_number": "", "ruled_on": "99/6/1", "reason": "x"}).status_code == 422
    assert client.post(f"{page}lift/", RULING | {"ruled_on": "99/5/1"}).status_code == 422
    assert client.post(f"{page}lift/", RULING | {"ruled_on": "99/6/1"}).status_code == 302
    row = sanction.liftings.get()
    client.force_login(staff.head)
    assert "原處分認定事實有誤" in client.get(page).content.decode()
    client.post(f"{page}lift/{row.pk}/confirm/")
    sanction.refresh_from_db()
    assert sanction.status == "lifted"
