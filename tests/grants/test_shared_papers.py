"""A paper of which a case bears a part: the parts are the whole, and all cases together never more."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.models import Voucher
from grants.queries.settlements.vouchers import pro_rata
from grants.services.settlements import vouchers
from grants.services.settlements.shares import PaperError, Share, wrong_sum
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.money import approved, county, member
from tests.grants import settling

from .vouchers import SELLER, an_entry, entered

pytestmark = pytest.mark.django_db

INVOICE = {"kind": "invoice", "number": "AB12345678", "payee_tax_id": SELLER}


def part(amount: int, total: int, **fields):
    return {"amount": amount, "paper_total": total, "shares": (Share("own", total - amount),)} | INVOICE | fields


@pytest.fixture
def settlement():
    award = approved(staff=county())
    return settling.opened(award, member(award))


@pytest.fixture
def elsewhere():
    award = approved(staff=county("miaoli"))
    return settling.opened(award, member(award))


@pytest.mark.parametrize(
    ("amount", "total", "rest", "said"),
    [
        (3_000, 6_000, (3_000,), ""),
        (3_000, None, (), ""),
        (3_000, 3_000, (), ""),
        (3_000, 6_000, (1_000, 1_999), "3,000 + 1,000 + 1,999 = 5,999 元，和整張單據的 6,000 元不同"),
        (3_000, None, (1,), "請填整張單據的總金額"),
    ],
)
def test_the_parts_are_the_whole(amount, total, rest, said):
    found = wrong_sum(amount, total, [Share("own", one) for one in rest])
    assert (said in found) if said else found == ""


class TestAllCases:
    """The same number, or seller, day and total, whoever entered it."""

    def test_parts_of_one_paper_may_come_to_its_total_and_no_further(self, settlement, elsewhere):
        entered(elsewhere, member(elsewhere.award), **part(4_000, 6_000))
        user = member(settlement.award)
        with pytest.raises(
            PaperError, match="已在別處報 4,000 元，加上這一案 2,001 元共 6,001 元，超過整張的 6,000 元"
        ):
            entered(settlement, user, **part(2_001, 6_000))
        made = entered(settlement, user, **part(2_000, 6_000))
        assert "分攤" in made.same_reason
        with pytest.raises(PaperError):
            vouchers.change(user, made, an_entry(settlement, **part(2_500, 6_000)))
        vouchers.change(user, made, an_entry(settlement, **part(1_500, 6_000)))

    def test_another_total_and_a_whole_paper_beside_a_part_are_refused(self, settlement, elsewhere):
        entered(elsewhere, member(elsewhere.award), **part(4_000, 6_000))
        user = member(settlement.award)
        with pytest.raises(PaperError, match="總金額不是 7,000 元"):
            entered(settlement, user, **part(1_000, 7_000))
        with pytest.raises(PaperError, match="超過整張的 6,000 元"):
            entered(settlement, user, 6_000, same_reason="分店", **INVOICE)
        # A part without its total looks like a double, and is asked about like any other.
        with pytest.raises(vouchers.SameVoucherError):
            entered(settlement, user, 500, **INVOICE)

    def test_without_a_number_by_seller_day_and_total(self, settlement, elsewhere):
        plain = {"kind": "receipt", "number": ""}
        entered(elsewhere, member(elsewhere.award), **part(4_000, 6_000, **plain))
        user = member(settlement.award)
        with pytest.raises(PaperError):
            entered(settlement, user, **part(2_001, 6_000, **plain))
        entered(settlement, user, **part(2_001, 6_000, **plain, issued_on=dt.date(2010, 5, 4)))

    def test_shares_that_are_not_the_whole_are_refused_by_service_and_database(self, settlement):
        user = member(settlement.award)
        with pytest.raises(Refused, match="不同"):
            entered(settlement, user, **part(4_000, 6_000, shares=()))
        row = entered(settlement, user, **part(4_000, 6_000))
        with pytest.raises(IntegrityError, match="voucher_part_of_paper"), transaction.atomic():
            Voucher.objects.filter(pk=row.pk).update(paper_total=3_999)


def test_the_share_by_the_sources_of_the_budget(settlement):
    line = settlement.lines.get(line__position=1).line
    line.line.own_funds, line.line.other_funds = 20_000, 60_000
    line.line.save()
    row = entered(settlement, member(settlement.award), **part(4_000, 6_000))
    assert pro_rata(Voucher.objects.get(pk=row.pk)) == "照核定的經費來源比例：6,000 × 80,000 ÷ 160,000 = 3,000 元"


class TestForm:
    def post(self, settlement, **fields):
        client = Client()
        client.force_login(member(settlement.award))
        data = {
            "line": str(settlement.lines.get(line__position=1).pk), "kind": "receipt", "amount": "3,000",
            "issued_on": "99/5/3", "payee": "旗山米行", "title": "own", "purpose": "白米", "paper_total": "6,000",
        } | fields  # fmt: skip
        return client.post(reverse("grants:settlement_voucher_add", args=[settlement.number]), data)

    @pytest.mark.parametrize(
        ("fields", "place"),
        [
            ({}, "paper_total"),
            ({"own": "2,999"}, "paper_total"),
            ({"funder": "農委會"}, "funder_amount"),
            ({"second_amount": "3,000"}, "second_funder"),
            ({"own": "3,000", "paper_total": ""}, "paper_total"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, settlement, fields, place):
        answer = self.post(settlement, **fields)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [place])
        assert not Voucher.objects.exists()

    def test_what_others_bear_is_kept_and_shown_again(self, settlement):
        assert self.post(settlement, funder="農委會", funder_amount="2,000", fees="1,000").status_code == 302
        row = Voucher.objects.get()
        assert row.shares == [
            {"bearer": "funder", "amount": 2_000, "name": "農委會"}, {"bearer": "fees", "amount": 1_000, "name": ""},
        ]  # fmt: skip
        client = Client()
        client.force_login(member(settlement.award))
        form = client.get(reverse("grants:settlement_voucher_change", args=[settlement.number, row.pk])).context["form"]
        assert (form["funder"].value(), form["fees"].value(), form["paper_total"].value()) == (
            "農委會",
            "1,000",
            "6,000",
        )
