"""The people of a roster as they stand beside what is said of their voucher."""

from dataclasses import dataclass
from typing import Any

from grants.compliance.rosters import RowFinding, kept_findings
from grants.enums import VoucherKind
from grants.models import RosterRow, Voucher
from grants.permissions import post_for
from grants.rules import rosters
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.identifiers import masked_national_id
from miaoli_kaohsiung.lib.roc_date import format_month


@dataclass(frozen=True)
class ShownRow:
    """`number` is whole for finance, who compares it with the signed paper, and for the association; else masked."""

    row: RosterRow
    month: str
    number: str
    found: list[RowFinding]


def roster_of(voucher: Voucher, user: User) -> dict[str, Any]:
    """Return what the part of the page needs, nothing for a voucher of another kind."""
    if voucher.kind != VoucherKind.ROSTER:
        return {}
    case = voucher.settlement.award.application
    found = kept_findings(voucher.line, voucher.pk, beyond=post_for(user, case, COUNTY_READERS) is not None)
    whole = post_for(user, case, (Role.MEMBER, Role.FINANCE_OFFICER)) is not None
    people = [
        ShownRow(
            row,
            format_month(row.month),
            row.national_id if whole else masked_national_id(row.national_id),
            [one for one in found if one.place == place],
        )
        for place, row in enumerate(voucher.people.all())
    ]
    return {"people": people, "shape": rosters.shape_of(voucher.line.line.item)}
