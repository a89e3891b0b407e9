"""Reads of cases that an alliance files together: shares, what each association spent, and who may read whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from communities.enums import MembershipStatus
from communities.models import Alliance, AllianceMember, Organisation
from communities.queries import alliances
from grants.models import Application, Award, JointCase, JointShare, Settlement, Voucher
from grants.queries import scope
from grants.rules import catalogue
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_of

# A programme that asks this is filed by an alliance.
QUESTION = "members_adjacent"


@dataclass(frozen=True)
class Row:
    """One association of a joint case, in whole NT dollars; what is not known yet is None."""

    organisation: Organisation
    leads: bool
    requested: int | None
    awarded: int | None = None
    spent: int = 0
    vouchers: int = 0
    left: int | None = None


@dataclass(frozen=True)
class Table:
    """The associations of a joint case and their sums. `undivided` vouchers belong to nobody yet."""

    rows: list[Row]
    requested: int
    awarded: int | None
    spent: int
    undivided: int


def is_joint(case: Application) -> bool:
    """Return whether the case's programme is filed by an alliance."""
    programme = catalogue.programmes(case.scheme.ruleset).get(case.programme.code)
    return programme is not None and any(question.key == QUESTION for question in programme.questions)


def of_case(case: Application) -> JointCase | None:
    """Return the joint case, None for one that no alliance files."""
    rows = JointCase.objects.filter(application=case).select_related("alliance__lead")
    return rows.prefetch_related(_shares()).first()


def _shares() -> Any:
    return Prefetch("shares", JointShare.objects.select_related("organisation").order_by("pk"))


def partners(joint: JointCase) -> list[AllianceMember]:
    """Return the associations that agreed, the lead first."""
    return [row for row in alliances.members_of(joint.alliance) if row.status == MembershipStatus.AGREED]


def facts_of(case: Application) -> dict[str, object]:
    """Return what the law asks of a case that an alliance files: whether its associations are neighbours, and what the
    shares of those who still agree come to. Nothing for other cases; two queries for these.
    """
    joint = of_case(case) if is_joint(case) else None
    if joint is None:
        return {}
    there = partners(joint)
    keys = {row.organisation_id for row in there}
    total = sum(share.requested for share in joint.shares.all() if share.organisation_id in keys)
    return {QUESTION: alliances.are_neighbours(there), "joint_total": total}


def table_of(joint: JointCase, case: Application) -> Table:
    """Return the associations with their shares and what they spent so far."""
    award = Award.objects.filter(application=case).first()
    settlement = Settlement.objects.filter(award=award).first() if award else None
    shares = {share.organisation_id: share for share in joint.shares.all()}
    bodies = {row.organisation_id: row.organisation for row in partners(joint)}
    bodies |= {key: share.organisation for key, share in shares.items()}
    awarded = _awarded(list(shares.values()), award.total) if award else {}
    vouchers = _vouchers(settlement) if settlement else []
    typed = _typed(settlement) if settlement else 0
    rows = []
    for key, body in bodies.items():
        own = [row for row in vouchers if row.whose == key]  # type: ignore[attr-defined]  # annotated by _vouchers
        leads = key == joint.alliance.lead_id
        spent = sum(row.amount for row in own) + (typed if leads else 0)
        share, asked = awarded.get(key), shares.get(key)
        left = None if share is None else share - spent
        rows.append(Row(body, leads, asked.requested if asked else None, share, spent, len(own), left))
    return Table(
        rows=rows,
        requested=sum(share.requested for share in shares.values()),
        awarded=award.total if award else None,
        spent=sum(row.amount for row in vouchers) + typed,
        undivided=sum(row.whose is None for row in vouchers),  # type: ignore[attr-defined]  # as above
    )


def _awarded(shares: Sequence[JointShare], total: int) -> dict[int, int]:
    """Return each share of the award: as it was divided if that still comes to the total, else in proportion to what was
    asked for, the largest remainders rounded up, so that it comes to the total exactly.
    """
    if shares and all(share.awarded is not None for share in shares):
        divided = {share.organisation_id: share.awarded or 0 for share in shares}
        if sum(divided.values()) == total:
            return divided
    asked = sum(share.requested for share in shares)
    if not asked:
        return {}
    parts = {share.organisation_id: divmod(total * share.requested, asked) for share in shares}
    missing = total - sum(whole for whole, _rest in parts.values())
    up = sorted(parts, key=lambda key: -parts[key][1])[:missing]
    return {key: whole + (key in up) for key, (whole, _rest) in parts.items()}


def _vouchers(settlement: Settlement) -> list[Voucher]:
    rows = list(Voucher.objects.filter(settlement=settlement).select_related("joint").order_by("position"))
    for row in rows:
        row.whose = row.joint.organisation_id if hasattr(row, "joint") else None  # type: ignore[attr-defined]  # for sums
    return rows


def vouchers_of(settlement: Settlement) -> list[Voucher]:
    """Return the vouchers in the order of their numbers, each with `.whose`, the key of an association or None."""
    return _vouchers(settlement)


def _typed(settlement: Settlement) -> int:
    """Return what was spent on lines whose figure was typed, without vouchers: it is the lead's."""
    lines = settlement.lines.filter(voucher_rows=None).values_list("spent", flat=True)
    return sum(spent or 0 for spent in lines)


def own_bodies(user: User) -> set[int]:
    """Return the keys of the associations of the user."""
    return {post.member_of for post in posts_of(user) if post.role == Role.MEMBER}


def cases_of(user: User, alliance: Alliance) -> list[tuple[Application, Table, bool]]:
    """Return the alliance's cases, each with its table and whether this person reads the whole case; who does not reads
    the rows of the own association alone, and only once the case is filed.
    """
    found = []
    readable = set(scope.cases(user).filter(joint__alliance=alliance).values_list("pk", flat=True))
    own = own_bodies(user)
    for joint in _joints(alliance):
        case = joint.application
        whole = case.pk in readable
        if not whole and case.first_filed_on is None:
            continue
        table = table_of(joint, case)
        rows = table.rows if whole else [row for row in table.rows if row.organisation.pk in own]
        if rows:
            found.append((case, Table(rows, table.requested, table.awarded, table.spent, table.undivided), whole))
    return found


def _joints(alliance: Alliance) -> QuerySet[JointCase]:
    rows = JointCase.objects.filter(alliance=alliance).select_related("alliance", "application")
    return rows.prefetch_related(_shares()).order_by("pk")
