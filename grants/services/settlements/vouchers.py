"""The vouchers of a 結報, one at a time: entered, changed and removed by the association until it hands in, and checked
by finance. The spent figure of a line with vouchers is their sum; nothing is typed twice.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Settlement, SettlementLine, Voucher
from grants.queries.settlements.proofs import voucher_findings
from grants.queries.settlements.vouchers import Facts, proof_of, twins, twins_in_words
from grants.rules.rosters import PaidPerson
from grants.workflow import settlements
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.looks import look_of
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock, identifiers
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.roc_date import format_roc

from . import rosters, shares
from .locks import locked, open_to_member
from .shares import Share

ADD = actions.register("settlement.voucher_add", _l("登記單據"))
CHANGE = actions.register("settlement.voucher_change", _l("修改單據"))
REMOVE = actions.register("settlement.voucher_remove", _l("刪除單據"))
CHECK = actions.register("settlement.voucher_check", _l("核對單據"))

PURPOSE = "settlement_voucher"
WORDS = (
    "kind", "number", "issued_on", "payee", "payee_tax_id", "title", "amount", "purpose", "note", "same_reason", "paper_total",
)  # fmt: skip
# They may name a person: the trail says that they were changed, not to what.
UNSAID = ("payee", "title", "note")
_ONCE = ("voucher_invoice_once", "voucher_payee_day_amount_once")


@dataclass(frozen=True)
class Entry:
    """What stands on a voucher, as typed and seen by the association. `photo` None keeps the one that is there; `people`
    are those of a roster, whose sum is the amount; `shares` is what others bear of a paper that comes to `paper_total`.
    `key` is the same whenever the same entry is sent.
    """

    line: int
    kind: str
    issued_on: dt.date
    payee: str
    amount: int
    purpose: str
    number: str = ""
    payee_tax_id: str = ""
    title: str = ""
    note: str = ""
    same_reason: str = ""
    photo: "Upload | None" = None
    people: tuple[PaidPerson, ...] = ()
    paper_total: int | None = None
    shares: tuple[Share, ...] = ()
    key: uuid.UUID | None = None


class SameVoucherError(Refused):
    """The voucher looks like another one, and nobody has explained why it is not reported twice."""


def add(user: User, settlement: Settlement, entry: Entry) -> Voucher:
    """Enter a voucher, or return the one that was entered under its key with the same words. Raises SameVoucherError for
    one that looks like another and is not explained, RosterFindingsError for people of whom the law asks something that
    nobody explained.
    """
    entry = _in_one_way(entry)
    with open_to_member(user, settlement) as row:
        if earlier := kept_under(row, entry.key):
            if _says_the_same(earlier, entry):
                return earlier
            # Sent from the page that was gone back to, with other words: another paper.
            entry = replace(entry, key=None)
        last = row.voucher_rows.aggregate(last=Max("position"))["last"] or 0
        key, today = entry.key, clock.today()
        made = Voucher(settlement=row, position=last + 1, added_by=user, added_on=today, entry_key=key)
        before = _write(user, made, entry)
        trail.record(ADD, row, before=before, after=_plain(made), case=row.number)
        return made


def kept_under(settlement: Settlement, key: uuid.UUID | None) -> Voucher | None:
    """Return the voucher that was entered under this key, if it was."""
    return settlement.voucher_rows.filter(entry_key=key).first() if key else None


def change(user: User, voucher: Voucher, entry: Entry) -> Voucher:
    """Change a voucher; what finance had said of it no longer counts. Raises SameVoucherError as `add` does."""
    entry = _in_one_way(entry)
    with open_to_member(user, voucher.settlement) as row:
        held = row.voucher_rows.select_related("line__line").get(pk=voucher.pk)
        others = rosters.people_of(held) != entry.people
        if _as_it_was(held, entry) and not others:
            return held
        before, line = _plain(held), held.line
        unsaid = [name for name in UNSAID if getattr(held, name) != getattr(entry, name)] + ["people"] * others
        _write(user, held, entry)
        _add_up(line)
        before, after = trail.changes(before, _plain(held))
        trail.record(CHANGE, row, before=before, after=after | ({"also": unsaid} if unsaid else {}), case=row.number)
        return held


def remove(user: User, voucher: Voucher) -> None:
    """Remove a voucher; the bytes of its photo stay stored. A line without vouchers is blank again."""
    with open_to_member(user, voucher.settlement) as row:
        held = row.voucher_rows.select_related("line__line").filter(pk=voucher.pk).first()
        if held is None:
            return
        trail.record(REMOVE, row, before=_plain(held), case=row.number)
        line = held.line
        held.delete()
        _add_up(line)


def check(user: User, voucher: Voucher, amount: int, reason: str = "") -> Voucher:
    """Keep how much of a voucher finance admits, with the reason if that is not all of it."""
    with locked(user, voucher.settlement, Role.FINANCE_OFFICER) as row:
        require(settlements.TABLE.answer(row, "check_sums", user))
        held = row.voucher_rows.get(pk=voucher.pk)
        if amount > held.amount:
            raise Refused(_("准予核銷的金額不能超過單據的金額。"))
        if amount < held.amount and not reason.strip():
            raise Refused(_("沒有全數准予核銷時，請寫理由。"))
        before = {"admitted": held.admitted, "reason": held.reason}
        held.admitted, held.reason = amount, reason.strip() if amount < held.amount else ""
        held.save(update_fields=["admitted", "reason"])
        after = {"number": held.position, "admitted": held.admitted, "reason": held.reason}
        trail.record(CHECK, row, before=before, after=after, case=row.number)
        return held


def _in_one_way(entry: Entry) -> Entry:
    """Return the entry with its number as it is compared, whatever kind of paper was ticked."""
    return replace(entry, number=identifiers.paper_number(entry.number))


def _as_it_was(held: Voucher, entry: Entry) -> bool:
    same = entry.photo is None and entry.line == held.line_id and shares.shares_of(held) == list(entry.shares)
    return same and all(getattr(held, name) == getattr(entry, name) for name in WORDS)


def _says_the_same(held: Voucher, entry: Entry) -> bool:
    words = [name for name in WORDS if name != "same_reason"]
    same = entry.line == held.line_id and shares.shares_of(held) == list(entry.shares)
    same = same and rosters.people_of(held) == entry.people
    return same and all(getattr(held, name) == getattr(entry, name) for name in words)


def _write(user: User, row: Voucher, entry: Entry) -> dict[str, Any]:
    """Save what was entered, add up its line and return what the line said before, for the trail."""
    settlement = row.settlement
    line = settlement.lines.select_related("line").filter(pk=entry.line).first()
    if line is None:
        raise Refused(_("找不到這個項目，請重新整理頁面再選一次。"))
    _within_the_plan(settlement, entry.issued_on)
    if wrong := voucher_findings(settlement, line, entry.kind, entry.title):
        raise Refused(" ".join(found.message for found in wrong))
    rosters.refuse_mismatch(line, entry.kind, entry.people, entry.amount)
    before = {"line": line.line.position, "spent": line.spent}
    if entry.photo is not None:
        row.photo = store(entry.photo, actor=trail.current_actor(), purpose=PURPOSE)
        row.look = look_of(row.photo)
    named = entry.number, entry.issued_on, entry.payee, entry.payee_tax_id, entry.amount
    facts = Facts(settlement.award.application.organisation_id, entry.kind, *named, row.look)
    reason = _reason_of_double(settlement, facts, entry, row.pk)
    row.line, line.settlement = line, settlement
    for name in WORDS:
        setattr(row, name, getattr(entry, name))
    row.same_reason, row.shares = reason, [share.as_dict() for share in entry.shares]
    row.admitted, row.reason = None, ""
    if entry.people:
        rosters.refuse_unexplained(row, entry.people, entry.note)
    with _refusing_doubles(settlement, facts, row.pk):
        row.save()
    if entry.people:
        rosters.write(row, entry.people)
    _add_up(line)
    return before


def _reason_of_double(settlement: Settlement, facts: Facts, entry: Entry, pk: int | None) -> str:
    """Return why the voucher may look like another one: what was written, or that both are parts of one paper. "" for
    one without a double: a reason in advance would let the next one pass the database in silence.
    """
    shares.refuse_wrong_sum(entry.amount, entry.paper_total, entry.shares)
    shares.hold_paper(facts)
    parts = shares.parts_elsewhere(facts, entry.paper_total, apart_from=pk)
    found = list(twins(facts, apart_from=pk))
    if not found:
        return ""
    if not entry.same_reason:
        if entry.paper_total is None or {row.pk for row in found} - parts:
            raise SameVoucherError(twins_in_words(found, settlement))
        return _("同一張單據分攤，各案合計不超過總金額。")
    return entry.same_reason


def _within_the_plan(settlement: Settlement, day: dt.date) -> None:
    award = settlement.award
    if not award.starts_on <= day <= min(award.ends_on, clock.today()):
        span = {"first": format_roc(award.starts_on), "last": format_roc(award.ends_on)}
        raise Refused(_("單據日期要在計畫執行期間（%(first)s到%(last)s）內，也不能晚於今天。") % span)


@contextmanager
def _refusing_doubles(settlement: Settlement, facts: Facts, pk: int | None) -> Iterator[None]:
    """Say in words what the database refuses because somebody else entered the same voucher a moment ago."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as double:
        if not any(name in str(double) for name in _ONCE):
            raise
        raise SameVoucherError(twins_in_words(list(twins(facts, apart_from=pk)), settlement)) from double


def _add_up(line: SettlementLine) -> None:
    """Write the sum of its vouchers to the line, how many there are, and what they say of its receipts."""
    rows = list(line.voucher_rows.all())
    line.spent = sum(row.amount for row in rows) if rows else None
    line.vouchers = len(rows) or None
    line.proof = proof_of(line, rows) or line.proof
    line.save(update_fields=["spent", "vouchers", "proof"])


def _plain(row: Voucher) -> dict[str, Any]:
    """Return what the trail keeps; the payee may be a person and is not among it."""
    return {
        "position": row.position,
        "line": row.line.line.position,
        "kind": row.kind,
        "number": row.number,
        "issued_on": row.issued_on,
        "payee_tax_id": row.payee_tax_id,
        "amount": row.amount,
        "purpose": row.purpose,
        "same_reason": row.same_reason,
        "paper_total": row.paper_total,
        "shares": row.shares,
        "photo": row.photo.sha256 if row.photo else "",
    }
