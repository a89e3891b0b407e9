"""Carrying an approved change out: the award, its lines, its instalments and the case take the new values.

The approval itself is never overwritten: before the first change it is kept as version 1, and each change adds one. Money
that is not needed any more goes back to the envelope; what was paid stays paid. Locks: award, then instalments.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.compliance.rulesets import ruleset_for
from grants.enums import BEING_PAID, AmendedPart, InstalmentCondition, InstalmentStatus, LedgerKind
from grants.models import Amendment, Application, Award, AwardLine, AwardVersion, Deadline, Instalment, SettlementLine
from grants.queries.payments import movements, unpaid
from grants.rules.payments import instalments
from grants.services.payments.instalments import write_entry
from grants.workflow import awards, payments
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock_all

from .comparing import OF_LINE
from .items import Item, new_line

VERSION = actions.register("award.version", _l("核定內容改版"))
INSTALMENT = actions.register("instalment.amend", _l("依計畫變更調整期款"))
CASE_COLUMNS = ("starts_on", "ends_on", "place", "contact_name", "contact_phone", "contact_email")
REASON_WIDTH = 200


def carry_out(user: User, award: Award, amendment: Amendment, items: Iterable[Item]) -> None:
    """Give the locked award the values of these items, in the caller's unit of work. Raises Refused while a payment of
    money that would change is under way.
    """
    wanted = list(items)
    keep_first(award)
    if any(item.part == AmendedPart.GIVE_UP for item in wanted):
        _give_up(user, award, amendment)
        return
    for item in wanted:
        APPLY[AmendedPart(item.part)](award, item)
    award.application.save(update_fields=CASE_COLUMNS)
    if any(item.part in (AmendedPart.LINE, AmendedPart.NEW_LINE) for item in wanted):
        _settle_lines(award)
        _shrink(user, award)
    award.version += 1
    award.save(update_fields=["total", "starts_on", "ends_on", "settlement_until", "version", "awaits_letter"])
    kept = keep_version(user, award, amendment)
    after = {"number": kept.number, "total": kept.total, "starts_on": kept.starts_on, "ends_on": kept.ends_on}
    trail.record(VERSION, award, after=after, case=award.number)


def _period(award: Award, item: Item) -> None:
    award.starts_on, award.ends_on = item.day("starts_on"), item.day("ends_on")
    award.application.starts_on, award.application.ends_on = award.starts_on, award.ends_on


def _line(award: Award, item: Item) -> None:
    """Change the amount of the award's line and, where asked for, the case's numbers and people that go with it."""
    assert item.line_id is not None
    line = AwardLine.objects.select_related("line").get(pk=item.line_id, award=award)
    row = line.line
    changed = [name for name in OF_LINE if name in item.after]
    for name in changed:
        setattr(row, name, item.after[name])
    if changed:
        row.save(update_fields=changed)
    if item.after["approved"] == line.approved:
        return
    line.approved, line.amended = item.after["approved"], True
    if line.approved != line.requested:
        said = _("第 %(n)d 次計畫變更後的金額") % {"n": award.version}
        line.reason = "；".join(part for part in (line.reason, said) if part)[:REASON_WIDTH]
    line.save(update_fields=["approved", "amended", "reason"])


def _new_line(award: Award, item: Item) -> None:
    """Add a line after the others, to the case and to the award. Nothing was asked for it at filing."""
    row = new_line(award.application, item)
    row.requested, row.added = 0, row.requested
    row.position = _last(award.application.lines) + 1
    row.save()
    AwardLine.objects.create(
        award=award,
        line=row,
        position=_last(award.lines) + 1,
        item=row.item,
        description=row.description,
        requested=0,
        approved=row.added,
        reason=_("第 %(n)d 次計畫變更新增") % {"n": award.version},
        amended=True,
    )


def _last(rows: Any) -> int:
    return rows.aggregate(last=Max("position"))["last"] or 0


def _place(award: Award, item: Item) -> None:
    award.application.place = item.after["place"]


def _contact(award: Award, item: Item) -> None:
    case = award.application
    case.contact_name, case.contact_phone, case.contact_email = (
        item.after[name] for name in ("name", "phone", "email")
    )


def _settlement(award: Award, item: Item) -> None:
    award.settlement_until = item.day("due_on")


APPLY: dict[AmendedPart, Callable[[Award, Item], None]] = {
    AmendedPart.PERIOD: _period,
    AmendedPart.LINE: _line,
    AmendedPart.NEW_LINE: _new_line,
    AmendedPart.PLACE: _place,
    AmendedPart.CONTACT: _contact,
    AmendedPart.SETTLEMENT: _settlement,
}


def _settle_lines(award: Award) -> None:
    """Let an open settlement have exactly the lines that money is approved for, and those already filled in."""
    settlement = getattr(award, "settlement", None)
    if settlement is None:
        return
    settlement.lines.filter(line__approved=0, spent__isnull=True).delete()
    held = settlement.lines.values("line")
    missing = award.lines.filter(approved__gt=0).exclude(pk__in=held)
    SettlementLine.objects.bulk_create(SettlementLine(settlement=settlement, line=line) for line in missing)


def _shrink(user: User, award: Award) -> None:
    """Take the new total of the lines: release what is not needed, and divide the rest among what is not paid yet."""
    before, award.total = award.total, award.lines.aggregate(total=Sum("approved"))["total"]
    if award.total == before:
        return
    _refuse_while_paying(award)
    write_entry(user, award, LedgerKind.RELEASED, before - award.total, note=_("計畫變更減列"))
    award.awaits_letter = True
    rows = {row.condition: row for row in lock_all(award.instalments.exclude(status=InstalmentStatus.CANCELLED))}
    first, last = rows.get(InstalmentCondition.RECEIPT), rows[InstalmentCondition.SETTLEMENT]
    for row in rows.values():
        row.award = award
    if first is None:
        _set(last, award.total)
    elif first.status == InstalmentStatus.PAID:
        # What was paid beyond the new total comes back when the account is settled (柒、三).
        _set(last, max(0, award.total - first.amount))
    else:
        _divide(award, first, last)


def _divide(award: Award, first: Instalment, last: Instalment) -> None:
    """Lay the plan of 柒、一 anew, while nothing is paid: below the threshold there is one payment, after the account."""
    today = clock.today()
    plan = instalments(award.total, ruleset_for(award.application.scheme, today), today)
    if plan.two_stage:
        _set(first, plan.first)
        _set(last, plan.second)
        return
    payments.move(first, "cancel", None)
    Deadline.objects.filter(instalment=first, done_on__isnull=True).update(done_on=today)
    _set(last, award.total)


def _set(row: Instalment, amount: int) -> None:
    before, row.amount = row.amount, amount
    row.save(update_fields=["amount"])
    trail.record(INSTALMENT, row, before={"amount": before}, after={"amount": amount}, case=row.award.number)


def _give_up(user: User, award: Award, amendment: Amendment) -> None:
    """End the award without a sanction: nothing more is paid, the rest is released, what was paid comes back."""
    _refuse_while_paying(award)
    awards.move(award, "give_up", None, amendment=amendment.pk)
    for row in lock_all(unpaid(award)):
        row.award = award
        payments.move(row, "cancel", None)
    Deadline.objects.filter(award=award, done_on__isnull=True).update(done_on=clock.today())
    money = movements(award)
    if left := money.committed - money.released:
        write_entry(user, award, LedgerKind.RELEASED, left, note=_("放棄計畫"))


def _refuse_while_paying(award: Award) -> None:
    if award.instalments.filter(status__in=BEING_PAID).exists():
        raise Refused(_("有一期款還在請款或撥付中，金額不能改。請先撥付或退回領據，再決定變更。"))


def keep_first(award: Award) -> None:
    """Keep what the award says as version 1, before anything of it changes for the first time."""
    if not award.versions.exists():
        keep_version(award.approved_by, award, None)


def keep_version(by: User, award: Award, amendment: Amendment | None) -> AwardVersion:
    """Keep what the award says now under its number; without an amendment it is what was decided with the case."""
    case = award.application
    return AwardVersion.objects.create(
        award=award,
        number=award.version,
        amendment=amendment,
        on=clock.today() if amendment else award.approved_on,
        by=by,
        total=award.total,
        starts_on=award.starts_on,
        ends_on=award.ends_on,
        settlement_until=award.settlement_until,
        place=case.place,
        contact=_contact_of(case),
        lines=[_line_kept(line) for line in award.lines.select_related("line")],
    )


def _contact_of(case: Application) -> dict[str, str]:
    return {"name": case.contact_name, "phone": case.contact_phone, "email": case.contact_email}


def _line_kept(line: AwardLine) -> Mapping[str, Any]:
    kept = {name: getattr(line.line, name) for name in OF_LINE}
    return {"position": line.position, "item": line.item, "approved": line.approved, **kept}
