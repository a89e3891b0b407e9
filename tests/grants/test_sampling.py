"""Samples of low-risk settlements: the same draw for everybody, a rule by two people, and nothing skipped that was drawn."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.models import Settlement
from grants.queries.settlements.sampling import rule_of, sampled
from grants.rules.sampling import draw, is_drawn
from grants.services.settlements import sampling
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.money import approved, county, member
from tests.grants import settling
from tests.grants.papers import paper

from .vouchers import entered


def test_the_draw_is_a_function_of_seed_and_number():
    # As sha256sum and a calculator give it: printf '88 88-099-0001' | sha256sum.
    assert draw("88", "88-099-0001") == 290
    numbers = [f"88-099-{place:04}" for place in range(1, 2_001)]
    drawn = [number for number in numbers if is_drawn("種子", number, 30)]
    assert 540 < len(drawn) < 660
    assert drawn == [number for number in numbers if is_drawn("種子", number, 30)]
    assert drawn != [number for number in numbers if is_drawn("別的種子", number, 30)]
    assert all(is_drawn("種子", number, 100) for number in numbers)


@pytest.fixture
def staff():
    return county()


def confirmed(staff, percent=1, up_to=200_000, seed="88"):
    values = {"percent": percent, "up_to": up_to, "seed": seed}
    change = sampling.propose(
        staff.finance, "kaohsiung", services.Wish(values, clock.today(), memo_number="簽1", reason="省人力")
    )
    services.confirm(staff.head, change)


def sent(staff) -> Settlement:
    award = approved(staff=staff)
    user = member(award)
    settlement = settling.opened(award, user)
    entered(settlement, user, 1_200, photo=paper())
    entered(settlement, user, 800, place=2, photo=paper())
    return settling.hand_in(settlement, user, 1_200, 800)


def seed_of(number: str, *, drawn: bool) -> str:
    return next(str(seed) for seed in range(10_000) if is_drawn(str(seed), number, 50) == drawn)


@pytest.mark.django_db
class TestSettlement:
    def test_without_a_rule_and_before_its_day_everything_is_looked_at(self, staff):
        settlement = sent(staff)
        assert sampled(settlement) is None
        with pytest.raises(Refused, match="逐張核對"):
            sampling.admit_all(staff.finance, settlement)
        confirmed(staff)
        assert rule_of("miaoli", clock.today()) is None
        Settlement.objects.update(submitted_on=clock.today() - dt.timedelta(days=1))
        assert sampled(Settlement.objects.get()) is None

    def test_one_that_was_not_drawn_is_admitted_at_once_by_finance(self, staff):
        settlement = sent(staff)
        confirmed(staff, 50, seed=seed_of(settlement.number, drawn=False))
        assert not sampled(settlement).whole
        with pytest.raises(Refused):
            sampling.admit_all(staff.officer, settlement)
        client = Client()
        client.force_login(staff.finance)
        page = client.get(reverse("grants:settlement_vouchers", args=[settlement.number])).content.decode()
        assert "沒有抽中" in page
        client.post(reverse("grants:settlement_vouchers_at_once", args=[settlement.number]))
        assert set(settlement.voucher_rows.values_list("amount", "admitted")) == {(1_200, 1_200), (800, 800)}

    def test_one_that_was_drawn_is_not(self, staff):
        settlement = sent(staff)
        confirmed(staff, 50, seed=seed_of(settlement.number, drawn=True))
        assert sampled(settlement).whole
        with pytest.raises(Refused, match="逐張核對"):
            sampling.admit_all(staff.finance, settlement)
        assert not settlement.voucher_rows.filter(admitted__isnull=False).exists()

    def test_more_money_lateness_doubles_and_missing_photos_are_looked_at(self, staff):
        settlement = sent(staff)
        confirmed(staff, 50, up_to=120_000, seed=seed_of(settlement.number, drawn=False))
        assert not sampled(settlement).whole
        settlement.award.total = 120_001
        assert "核定超過" in sampled(settlement).words
        settlement.award.total, settlement.late = 120_000, True
        assert "逾期結報" in sampled(settlement).words
        settlement.late = False
        settlement.voucher_rows.filter(position=1).update(same_reason="分店")
        assert "和別張相同" in sampled(settlement).words
        settlement.voucher_rows.filter(position=1).update(same_reason="", photo=None)
        assert "沒有照片" in sampled(settlement).words

    def test_two_people_make_the_rule(self, staff):
        values = {"percent": 10, "up_to": 1, "seed": "a"}
        change = sampling.propose(staff.finance, "kaohsiung", services.Wish(values, clock.today(), "1", "r"))
        for other in (staff.finance, staff.officer):
            with pytest.raises(Refused):
                services.confirm(other, change)
        services.confirm(staff.cashier, change)
        assert rule_of("kaohsiung", clock.today()).percent == 10

    def test_the_page_proposes_and_says_what_is_wrong(self, staff):
        client, url = Client(), reverse("grants:sampling", args=["kaohsiung"])
        client.force_login(staff.finance)
        good = {
            "percent": "30",
            "up_to": "100,000",
            "seed": "07 18",
            "starts_on": "99/6/1",
            "memo_number": "1",
            "reason": "r",
        }
        for wrong in ({"percent": "0"}, {"percent": "101"}, {"seed": ""}, {"starts_on": "99/5/31"}):
            answer = client.post(url, good | wrong)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(wrong))
        assert client.post(url, good).status_code == 302
        assert "有一件變更等人確認" in client.get(url).content.decode()

    def test_who_may_not_open_a_change_reads_that_there_is_one_and_gets_no_link(self, staff):
        confirmed(staff)
        values = {"percent": 10, "up_to": 1, "seed": "a"}
        sampling.propose(staff.finance, "kaohsiung", services.Wish(values, clock.today(), "1", "r"))
        for reader, linked in ((staff.finance, True), (person(Role.AUDITOR), False)):
            client = Client()
            client.force_login(reader)
            page = client.get(reverse("grants:sampling", args=["kaohsiung"])).content.decode()
            links = re.findall(rf'href="({reverse("changes:list")}\d+/)"', page)
            assert (bool(links), "有一件變更等人確認" in page) == (linked, True)
            assert {client.get(link).status_code for link in links} <= {200}


@pytest.mark.django_db
def test_vouchers_ask_nobody_to_write_what_is_sent(staff):
    award = approved(staff=staff)
    user = member(award)
    settlement = settling.opened(award, user)
    settlement.lines.update(spent=10_000)
    url, client = reverse("grants:settlement_vouchers", args=[settlement.number]), Client()
    client.force_login(user)
    words = "記了第一張單據，就改由單據加總"
    assert words in client.get(url).content.decode()
    settling.hand_in(settlement, user, 30_000, 20_000)
    page = client.get(url).content.decode()
    assert (words in page, "這一項只填了合計，沒有逐張記單據。" in page) == (False, True)


@pytest.mark.django_db
def test_the_database_keeps_three_people_apart(staff):
    settlement = settling.accepted(approved(staff=staff), staff, (30_000, 20_000))
    for field in ("sums_checked_by", "content_checked_by"):
        with pytest.raises(IntegrityError, match="settlement_accepted_by_a_third"), transaction.atomic():
            Settlement.objects.filter(pk=settlement.pk).update(accepted_by=getattr(settlement, field))
