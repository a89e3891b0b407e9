"""Sixty receipts of one account entered on a phone (`make soak`), forty by the code on a photo and twenty by hand: how many
taps, how many fields, how long.
"""

import os
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from grants.models import Settlement
from tests.chromium import PHONE
from tests.factories.communities import OrganisationFactory
from tests.factories.money import approved, member
from tests.files.invoice_photos import BUYER
from tests.grants import settling

from .acting import Person, give_session
from .voucher_steps import SECONDS_A_TAP, Taps, an_invoice

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("SOAK"), reason="make soak"),
]
BY_CODE, BY_HAND, MINUTES = 40, 20, 20
# The name of the shop is typed once, and the line is that of the receipt before. Of a paper receipt it is always asked whether
# the association is its buyer (肆六3).
TAPS_BY_CODE, TAPS_BY_HAND = 4, 7


@dataclass
class Counted(Taps):
    """The same, with the typed fields counted by themselves as well."""

    fields: int = 0

    def fill(self, fields: dict[str, str]) -> None:
        super().fill(fields)
        self.fields += len(fields)


def by_code(taps: Counted, place: int) -> None:
    taps.photo(an_invoice(f"AB{place:08}", f"099050{1 + place % 9}", 300 + place))
    taps.press("下一步")
    expect(taps.staff.field("金額（元）")).to_have_value(f"{300 + place:,}")
    taps.line(1)
    taps.fill({"買了什麼": "食材"} | ({"店家或受款人": "旗山超市"} if place == 1 else {}))
    taps.saved(place)


def by_hand(taps: Counted, place: int) -> None:
    taps.press("沒有照片，直接填")
    taps.line(2)
    taps.check("收據", "是「")
    taps.fill({"金額（元）": str(200 + place), "單據日期": "99/5/20", "店家或受款人": "大同", "買了什麼": "文具"})
    taps.saved(place)


def test_sixty_receipts_in_twenty_minutes(phone):
    phone.set_viewport_size(PHONE)
    award = approved(organisation=OrganisationFactory(tax_id=BUYER))
    user = member(award)
    settling.opened(award, user)
    give_session(phone, user)
    taps = Counted(Person(phone, user), award.number)
    taps.starts()
    begun, each = time.monotonic(), []
    for place in range(1, BY_CODE + BY_HAND + 1):
        before = taps.count
        (by_code if place <= BY_CODE else by_hand)(taps, place)
        each.append(taps.count - before)
    machine = time.monotonic() - begun
    minutes = (taps.count * SECONDS_A_TAP + machine) / 60
    print(
        f"\n60 receipts: {taps.count} taps, {taps.fields} of them fields; the pages took {machine:.0f} s;"
        f" with {SECONDS_A_TAP} s a tap {minutes:.1f} minutes; by code {each[1]}, by hand {each[-1]} taps"
    )
    assert (set(each[1:BY_CODE]), set(each[BY_CODE + 1 :])) == ({TAPS_BY_CODE}, {TAPS_BY_HAND})
    assert minutes <= MINUTES
    spent = [line.spent for line in Settlement.objects.get().lines.order_by("line__position")]
    assert spent == [sum(range(301, 341)), sum(range(241, 261))]
