"""Storing what was approved: a new award, or the award of a case that is decided anew, which goes on.

The record of each decision is its proposal with the lines as decided; the award holds what is in force.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grants.enums import AwardStatus, LedgerKind
from grants.models import Application, Award, AwardLine, Envelope, Proposal, ProposedLine
from grants.queries.payments import movements
from grants.services.amendments.applying import keep_first, keep_version
from grants.services.locks import lock_award
from grants.services.payments.instalments import write_entry
from grants.workflow import awards
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock

# What a line of an award takes from a decision, besides its place.
VALUES = ("item", "description", "requested", "approved", "reason", "amended")


@dataclass(frozen=True)
class Decided:
    """What is approved: the proposal, its lines as decided, their total, and the memo beyond the envelope ("" if none)."""

    proposal: Proposal
    lines: list[ProposedLine]
    total: int
    memo_number: str


def halted(row: Application) -> Award | None:
    """Return the award of a case that is decided anew, as it waits."""
    return Award.objects.filter(application=row, status=AwardStatus.REOPENED).first()


def paid_before(row: Application) -> int:
    """Return what the association has of an earlier decision on the case, in whole NT dollars."""
    found = Award.objects.filter(application=row).first()
    return movements(found).held if found else 0


def store(user: User, row: Application, envelope: Envelope, decided: Decided) -> Award:
    """Store the award with its lines and set its money aside; what was paid already is set aside still."""
    values: dict[str, Any] = {
        "envelope": envelope,
        "total": decided.total,
        "starts_on": row.first_day,
        "ends_on": row.last_day,
        "approved_on": clock.today(),
        "approved_by": user,
        "proposed_by_id": decided.proposal.proposed_by_id,
        "memo_number": decided.memo_number,
    }
    waiting = halted(row)
    if waiting is None:
        award = Award.objects.create(application=row, number=row.number, county=row.county, **values)
        write_entry(user, award, LedgerKind.COMMITTED, award.total, note=award.memo_number)
        _keep_lines(award, decided.lines)
        return award
    award = _go_on(user, waiting, values)
    _keep_lines(award, decided.lines)
    keep_version(user, award, None)
    return award


def _go_on(user: User, waiting: Award, values: dict[str, Any]) -> Award:
    """Let the award go on with what was decided anew. Its letter must go out before anything more is paid."""
    award = lock_award(waiting)
    keep_first(award)
    name = "decide_completed" if award.completed_on else "decide_anew"
    fresh = {"notified_on": None, "settlement_until": None, "awaits_letter": False, "version": award.version + 1}
    awards.move(award, name, None, values | fresh, total=values["total"])
    rest = award.total - movements(award).held
    if rest > 0:
        write_entry(user, award, LedgerKind.RENEWED, rest, note=award.memo_number)
    award.conditions.filter(met_on__isnull=True).delete()
    return award


def end_halted(user: User, row: Application) -> Award | None:
    """End the award of a case that was decided anew and turned down: what was paid of it must come back, and is no
    longer set aside.
    """
    waiting = halted(row)
    if waiting is None:
        return None
    award = lock_award(waiting)
    awards.move(award, "end_anew", None)
    money = movements(award)
    if (kept := money.committed - money.released) > 0:
        write_entry(user, award, LedgerKind.RELEASED, kept, note=_("重新審查後不予補助"))
    return award


def _keep_lines(award: Award, lines: list[ProposedLine]) -> None:
    """Give the award its lines; those that it has from an earlier decision take the new values."""
    held = {line.line_id: line for line in award.lines.all()}
    new = []
    for position, proposed in enumerate(lines, 1):
        line = held.get(proposed.line_id)
        if line is None:
            line = AwardLine(award=award, line=proposed.line)
            new.append(line)
        line.position, line.item, line.description = position, proposed.line.item, proposed.line.description
        line.requested, line.approved, line.reason = proposed.requested, proposed.decided or 0, proposed.decided_reason
        line.amended = False
    AwardLine.objects.bulk_create(new)
    if held:
        AwardLine.objects.bulk_update(held.values(), ["position", *VALUES])
