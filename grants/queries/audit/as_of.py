"""What a case looked like at the end of a day: its statuses, amounts, lines, papers and who held it, rebuilt from the trail and
from the versions that never change. What was entered later, with whatever date, is left out.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grants.enums import (
    AT_THE_APPLICANT,
    BACK,
    SET_ASIDE,
    ApplicationStatus,
    AwardStatus,
    InstalmentStatus,
    LedgerKind,
    SettlementStatus,
)
from grants.models import Application, ApplicationVersion, Award, AwardVersion, Instalment, Letter, Proposal
from grants.queries.payments import Movements
from grants.queries.schemes import terms
from grants.rules import catalogue
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_roc

S = ApplicationStatus


@dataclass(frozen=True)
class LineThen:
    """A line of the budget; `approved` is None before a decision, `requested` None for one that an amendment added."""

    item: str
    requested: int | None
    approved: int | None


@dataclass(frozen=True)
class CaseThen:
    """A case at the end of a day. `status` is empty where it did not exist yet."""

    day: dt.date
    status: str
    award_status: str
    settlement_status: str
    instalments: list[tuple[int, str]]
    holder: str
    officer: str
    filing: ApplicationVersion | None
    proposal: Proposal | None
    requested: int | None
    approved: int | None
    money: Movements
    lines: list[LineThen]
    papers: list[tuple[str, str]]
    letters: list[Letter]


def facts_of(then: CaseThen) -> list[tuple[str, str]]:
    """Return what a page and a paper say of the case, as label and words."""
    rows = [(_("申請案"), then.status), (_("在誰手上"), then.holder), (_("承辦人"), then.officer or "—")]
    if filing := then.filing:
        params = {"n": filing.number, "day": format_roc(filing.filed_on)}
        rows.append((_("送件"), _("第 %(n)d 次，%(day)s") % params))
    rows.append((_("申請金額"), _dollars(then.requested)))
    if proposal := then.proposal:
        day = format_roc(proposal.proposed_on)
        rows.append((_("承辦建議"), f"{proposal.get_outcome_display()} {_dollars(proposal.total)}（{day}）"))
    rows.append((_("核定金額"), _dollars(then.approved)))
    if then.award_status:
        rows.append((_("執行"), then.award_status))
    rows += [(_("第 %(number)d 期款") % {"number": number}, status or "—") for number, status in then.instalments]
    if then.settlement_status:
        rows.append((_("結報"), then.settlement_status))
    return [*rows, (_("已撥"), _dollars(then.money.paid)), (_("已繳回"), _dollars(then.money.back))]


def _dollars(amount: int | None) -> str:
    return "—" if amount is None else _("%(amount)s 元") % {"amount": format_amount(amount)}


def days_of(case: Application) -> list[dt.date]:
    """Return the days on which something was done to the case, newest first."""
    return list(entries_of(case).order_by("-portal_date").values_list("portal_date", flat=True).distinct())


def as_of(case: Application, day: dt.date) -> CaseThen:
    """Return the case at the end of the day."""
    rows = list(entries_of(case).filter(portal_date__lte=day).order_by("seq"))
    status, award = _statuses(rows), getattr(case, "award", None)
    own = status.get(("grants.application", str(case.pk)), S.DRAFT.value if rows else "")
    filing = case.versions.filter(filed_on__lte=day).order_by("number").last()
    decided = case.proposals.filter(decided_on__lte=day, decision=Proposal.Decision.APPROVED).order_by("pk").last()
    version = award.versions.filter(on__lte=day).order_by("number").last() if award else None
    officer = _officer(rows)
    return CaseThen(
        day=day,
        status=str(S(own).label) if own else "",
        award_status=_award(case, status, day),
        settlement_status=_label(SettlementStatus, status, "grants.settlement"),
        instalments=_instalments(case, status, day),
        holder=_holder(own, officer),
        officer=officer,
        filing=filing,
        proposal=case.proposals.filter(proposed_on__lte=day).order_by("pk").last(),
        requested=filing.snapshot["fields"].get("requested_total") if filing else None,
        approved=_approved(version, decided),
        money=_money(rows),
        lines=_lines(filing, decided, version),
        papers=_papers(case, filing, rows),
        letters=list(case.letters.filter(dispatched_on__lte=day).order_by("dispatched_on", "pk")),
    )


def entries_of(case: Application) -> QuerySet[AuditEntry]:
    """Return what was done to a case, without who looked at it."""
    # Before its filing a case had another number.
    return AuditEntry.objects.filter(
        Q(case=case.number) | Q(object_type="grants.application", object_id=str(case.pk))
    ).exclude(action__startswith="read.")


def _statuses(rows: Iterable[AuditEntry]) -> dict[tuple[str, str], str]:
    """Return the last status of each row that the entries name."""
    return {
        (row.object_type, row.object_id): str(row.after["status"])
        for row in rows
        if row.after and "status" in row.after
    }


def _label(kind: Any, status: dict[tuple[str, str], str], object_type: str) -> str:
    found = [value for (known, _key), value in status.items() if known == object_type and value in kind.values]
    return str(kind(found[-1]).label) if found else ""


def _award(case: Application, status: dict[tuple[str, str], str], day: dt.date) -> str:
    award = getattr(case, "award", None)
    return str(AwardStatus(_status_of(award, status, day)).label) if award and award.approved_on <= day else ""


def _instalments(case: Application, status: dict[tuple[str, str], str], day: dt.date) -> list[tuple[int, str]]:
    award = getattr(case, "award", None)
    if award is None or award.approved_on > day:
        return []
    parts = award.instalments.order_by("number")
    return [(part.number, str(InstalmentStatus(_status_of(part, status, day)).label)) for part in parts]


def _status_of(row: Award | Instalment, status: dict[tuple[str, str], str], day: dt.date) -> str:
    """Return the status that the last move until the day led to; before its first move a row has what that began from, and
    what it has now if it never moved.
    """
    kind, key = row._meta.label_lower, str(row.pk)
    if (kind, key) in status:
        return status[kind, key]
    later = AuditEntry.objects.filter(object_type=kind, object_id=key, portal_date__gt=day, before__has_key="status")
    first = later.order_by("seq").first()
    return str(first.before["status"]) if first and first.before else str(row.status)


def _officer(rows: Iterable[AuditEntry]) -> str:
    name = ""
    for row in rows:
        if row.action == "application.receive":
            name = row.actor_name
        elif row.action == "application.reassign":
            name = str((row.after or {}).get("officer") or name)
    return name


def _holder(status: str, officer: str) -> str:
    """Return at whose desk the case lay."""
    if status in (S.DRAFT, *AT_THE_APPLICANT):
        return _("申請單位")
    if status == S.TOWNSHIP_REVIEW:
        return _("公所")
    if status == S.SUBMITTED:
        return _("縣府，尚未收件")
    if status == S.PROPOSED:
        return _("縣府主管")
    return _("縣府承辦人%(name)s") % {"name": f" {officer}" if officer else ""} if status else ""


def _approved(version: AwardVersion | None, decided: Proposal | None) -> int | None:
    if version:
        return version.total
    return sum(line.decided or 0 for line in decided.lines.all()) if decided else None


def _money(rows: Iterable[AuditEntry]) -> Movements:
    sums: Counter[str] = Counter()
    for row in rows:
        kind = row.action.removeprefix("ledger.")
        if row.object_type == "grants.ledgerentry" and kind in LedgerKind.values:
            sums[kind] += (row.after or {}).get("amount", 0)
    return Movements(
        sum(sums[kind] for kind in SET_ASIDE),
        sums[LedgerKind.RELEASED] - sums[LedgerKind.RESTORED],
        sums[LedgerKind.PAID],
        sum(sums[kind] for kind in BACK),
    )


def _lines(filing: ApplicationVersion | None, decided: Proposal | None, version: AwardVersion | None) -> list[LineThen]:
    asked = {line["id"]: line for line in filing.snapshot["lines"]} if filing else {}
    if version:
        wanted = {line["position"]: line["requested"] for line in asked.values()}
        return [LineThen(_item(row["item"]), wanted.get(row["position"]), row["approved"]) for row in version.lines]
    given = {line.line_id: line.decided for line in decided.lines.all()} if decided else {}
    return [LineThen(_item(line["item"]), line["requested"], given.get(key)) for key, line in asked.items()]


def _item(code: str) -> str:
    known = catalogue.items()
    return known[code].name if code in known else code


def _papers(case: Application, filing: ApplicationVersion | None, rows: Iterable[AuditEntry]) -> list[tuple[str, str]]:
    """Return (what it is, name of the file) of the papers of the filing, with what was attached and taken away since."""
    names = terms.paper_names(case)
    held = {(row["kind"], row["sha256"]): row["name"] for row in filing.snapshot["documents"]} if filing else {}
    for row in rows:
        if row.object_type != "grants.document" or (filing and row.at <= filing.filed_at):
            continue
        came, went = row.after or {}, row.before or {}
        if went and not came:
            held.pop((went.get("kind"), went.get("sha256")), None)
        elif "sha256" in came:
            held[came.get("kind"), came["sha256"]] = came.get("name", "")
    return sorted((names.get(kind, _("其他文件")), name) for (kind, _digest), name in held.items())
