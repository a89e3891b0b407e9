"""What stands beside the facts of a voucher: the people of a roster, and who bears the rest of a shared paper."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grants.compliance.rosters import RowFinding, kept_findings
from grants.enums import VoucherKind
from grants.models import RosterRow, Voucher
from grants.permissions import post_for
from grants.queries.settlements.vouchers import pro_rata
from grants.rules import rosters
from grants.services.settlements.shares import shares_of
from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.accounts.audiences import COUNTY_READERS, PAYEE_READERS
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


def beside(voucher: Voucher, user: User) -> dict[str, Any]:
    """Return what the page of a voucher needs besides its facts."""
    shared = {"shares": shares_of(voucher), "pro_rata": pro_rata(voucher)} if voucher.paper_total else {}
    return shared | _roster_of(voucher, user)


def _roster_of(voucher: Voucher, user: User) -> dict[str, Any]:
    if voucher.kind != VoucherKind.ROSTER:
        return {}
    case = voucher.settlement.award.application
    found = kept_findings(voucher.line, voucher.pk, beyond=post_for(user, case, COUNTY_READERS) is not None)
    whole = post_for(user, case, PAYEE_READERS) is not None
    if whole and post_for(user, case, COUNTY_READERS) is not None:
        reads.note(user, reads.PERSONAL, voucher, _("印領清冊的姓名和身分證字號"), case.number)
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
