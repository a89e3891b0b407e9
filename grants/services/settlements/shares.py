"""A paper of which only a part is charged to this case: who bears the rest, and that all cases together never charge more
than the paper comes to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from grants.models import Voucher
from grants.queries.settlements.vouchers import Facts, of_payee
from miaoli_kaohsiung.lib import folding
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.money import format_amount

# Any number, as long as no other advisory lock takes the same first key.
PAPER_LOCK = 8_099_020


class PaperError(Refused):
    """All parts of a paper together are more than it comes to, or it has another total elsewhere."""


@dataclass(frozen=True)
class Share:
    """What somebody else bears of a paper, in whole NT dollars; `name` is that of another funder."""

    bearer: str
    amount: int
    name: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"bearer": self.bearer, "amount": self.amount, "name": self.name}

    @property
    def words(self) -> str:
        return self.name or str(Voucher.Bearer(self.bearer).label)


def shares_of(row: Voucher) -> list[Share]:
    return [Share(one["bearer"], one["amount"], one["name"]) for one in row.shares]


def refuse_wrong_sum(amount: int, total: int | None, shares: Sequence[Share]) -> None:
    """Refuse shares without a total, and shares that are not the whole paper. Raises Refused with the arithmetic."""
    if wrong := wrong_sum(amount, total, shares):
        raise Refused(wrong)


def wrong_sum(amount: int, total: int | None, shares: Iterable[Share]) -> str:
    """Return what is wrong with the shares of a paper, "" if they are the whole of it."""
    rest = [share.amount for share in shares]
    if total is None:
        return _("有別人分攤時，請填整張單據的總金額。") if rest else ""
    together = amount + sum(rest)
    if together == total:
        return ""
    parts = " + ".join(format_amount(part) for part in (amount, *rest))
    params = {"parts": parts, "together": format_amount(together), "total": format_amount(total)}
    return _("這一案和別人分攤的合計 %(parts)s = %(together)s 元，和整張單據的 %(total)s 元不同。") % params


def hold_paper(facts: Facts) -> None:
    """Let nobody else enter the same paper until this unit of work is over: sums over all cases are read after this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PAPER_LOCK, _key(facts)])


def parts_elsewhere(facts: Facts, total: int | None, *, apart_from: int | None) -> set[int]:
    """Return the keys of other vouchers that charge a part of the same paper, in all cases of all bodies. Raises PaperError
    if all together are more than the paper comes to, or if another total was entered for it.
    """
    if total is None and not facts.invoice:
        return set()
    rows = [row for row in Voucher.objects.filter(_same_paper(facts, total)) if row.pk != apart_from]
    known = next((row.paper_total for row in rows if row.paper_total is not None), None)
    whole = known if total is None else total
    if whole is None or not rows:
        return set()
    if known not in (None, whole):
        raise PaperError(
            _("同一張單據在別處記的總金額不是 %(total)s 元，請對照單據。") % {"total": format_amount(whole)}
        )
    charged = sum(row.amount for row in rows)
    if charged + facts.amount > whole:
        params = {
            "charged": format_amount(charged),
            "here": format_amount(facts.amount),
            "sum": format_amount(charged + facts.amount),
            "total": format_amount(whole),
        }
        raise PaperError(
            _("同一張單據已在別處報 %(charged)s 元，加上這一案 %(here)s 元共 %(sum)s 元，超過整張的 %(total)s 元。")
            % params
        )
    return {row.pk for row in rows}


def _same_paper(facts: Facts, total: int | None) -> Q:
    """Return the filter of the same paper: the number of an invoice; else seller, day and total. A seller without a tax
    id is known by name within the association alone.
    """
    if facts.invoice:
        return Q(number=facts.invoice)
    same = Q(issued_on=facts.issued_on, paper_total=total)
    if facts.payee_tax_id:
        return same & Q(payee_tax_id=facts.payee_tax_id)
    return same & Q(pk__in=of_payee(facts.body, facts.payee, issued_on=facts.issued_on, paper_total=total))


def _key(facts: Facts) -> str:
    if facts.invoice:
        return facts.invoice
    return f"{facts.payee_tax_id or folding.key(facts.payee)}/{facts.issued_on}"
