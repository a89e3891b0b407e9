"""Vouchers as an association enters them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from grants.models import Settlement, Voucher
from grants.rules.rosters import PaidPerson
from grants.services.settlements import vouchers
from grants.services.settlements.vouchers import Entry

DAY = dt.date(2010, 5, 3)
SELLER = "04595257"


def an_entry(settlement: Settlement, amount: int = 1_200, *, place: int = 1, **fields: Any) -> Entry:
    line = settlement.lines.get(line__position=place)
    usual: dict[str, Any] = {
        "kind": "receipt", "issued_on": DAY, "payee": "旗山米行", "purpose": "白米", "title": "own",
    }  # fmt: skip
    if fields.get("kind") == "roster" and "people" not in fields:
        usual |= {"people": (PaidPerson("林阿香", f"{DAY:%Y-%m}", Decimal(1), amount),), "note": "照實付"}
    return Entry(line=line.pk, amount=amount, **usual | fields)


def entered(settlement: Settlement, user, amount: int = 1_200, **fields: Any) -> Voucher:
    return vouchers.add(user, settlement, an_entry(settlement, amount, **fields))
