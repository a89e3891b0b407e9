"""Reads of a 結報: what is still missing before it can be sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.models import Duty, Settlement, SettlementDocument, SettlementLine
from grants.queries.law.sums import asks_own_share
from grants.rules import catalogue
from grants.rules.findings import Finding
from grants.rules.ruleset import load
from grants.rules.settlement import papers, receipts
from miaoli_kaohsiung.lib.money import format_amount
from miaoli_kaohsiung.lib.roc_date import format_month

from . import surcharges
from .proofs import asked_of, clauses_of, law_of
from .rows import lines_of
from .vouchers import papers_in, rows_of

Kind = SettlementDocument.Kind
# The papers of a closing report, as the law names them.
PAPERS = {
    "vouchers": Kind.VOUCHERS,
    "photos": Kind.PHOTOS,
    "activity_records": Kind.ACTIVITY,
    "outcome_report": Kind.REPORT,
}


@dataclass(frozen=True)
class Gap:
    """One missing thing: the sentence, the clause if one asks for it, and the field it belongs to."""

    text: str
    clause: str = ""
    anchor: str = ""


def required_kinds(settlement: Settlement) -> list[tuple[str, str]]:
    """Return the papers without which the 結報 cannot be sent, each with its clause. A scheme whose law names none takes
    the same papers.
    """
    needed = {str(PAPERS[found.fact or ""]): _cited(settlement, found) for found in _missing_papers(settlement, set())}
    for line in lines_of(settlement):
        if not line.proof or line.spent == 0:
            continue
        if (asked := asked_of(settlement, line)) and (kind := dict(asked.papers).get(line.proof)):
            needed.setdefault(kind, asked.clause)
    return list(needed.items())


def _missing_papers(settlement: Settlement, present: set[str]) -> tuple[Finding, ...]:
    held = [code for code, kind in PAPERS.items() if kind in present]
    return papers(settlement.award.application.programme.code, held)


def _cited(settlement: Settlement, found: Finding) -> str:
    return found.clause if found.clause in clauses_of(settlement) else ""


def _receipt_gaps(settlement: Settlement, line: SettlementLine) -> Iterator[Gap]:
    asked = asked_of(settlement, line)
    if asked is None or not line.spent:
        return
    place, anchor = {"position": line.line.position, "label": asked.label}, f"id_line-{line.pk}-proof"
    if not line.proof:
        yield Gap(_("第 %(position)d 項：請選%(label)s。") % place, asked.clause, anchor)
    name = settlement.award.application.organisation.name
    for found in receipts(str(line.pk), line.line.item, line.proof, name):
        yield Gap(_("第 %(position)d 項：") % place + found.message, found.clause, anchor)


def _training_gap(settlement: Settlement, items: Iterable[str]) -> Iterator[Gap]:
    """Yield a gap if the county pays an aide whose training is not shown (肆一(三)5)."""
    clause = law_of(settlement).cite("training")
    if not clause or not any(catalogue.items()[item].trained for item in items):
        return
    record = Duty.objects.filter(award=settlement.award_id, key="training_record")
    if not record.filter(done_on__isnull=False).exists():
        text = _("請先在「應辦事項」登錄輔導人員參加訓練的紀錄。")
        yield Gap(text, clause, "training")


def _month_gaps(settlement: Settlement) -> Iterator[Gap]:
    """Yield half-filled months of the +20 %, costs beyond the lines, and missing averages, by which 參、三、2 is judged."""
    for part in surcharges.parts_of(settlement):
        rows = surcharges.rows_of(settlement, part)
        for row in rows:
            place, anchor = {"part": part.label, "month": format_month(row.month)}, f"id_month-{part.code}-{row.month}"
            if part.average and row.average is None:
                text = _("%(month)s：請填平均服務人數。") % place
                yield Gap(text, law_of(settlement).cite("attendance"), f"{anchor}-average")
            if len({value is None for value in (row.attendees, row.payers, row.cost)}) > 1:
                text = _("%(part)s %(month)s：人數、收費人數和費用要一起填，或都不填。") % place
                yield Gap(text, part.clause, f"{anchor}-attendees")
        most = surcharges.spent_of(settlement, part)
        if sum(row.cost or 0 for row in rows) > most:
            text = _("%(part)s：各月費用合計不能超過這些項目的實支（核定額度內）%(most)s 元。")
            yield Gap(text % {"part": part.label, "most": format_amount(most)}, part.clause, f"months-{part.code}")


def gaps(settlement: Settlement) -> list[Gap]:
    """Return everything that is missing. A blank is not a zero: an item that cost nothing says 0."""
    missing = []
    lines = lines_of(settlement)
    for line in lines:
        position = {"position": line.line.position}
        if line.spent is None:
            missing.append(
                Gap(_("第 %(position)d 項：請填實支金額；沒有用到請填 0。") % position, "", f"id_line-{line.pk}-spent")
            )
        elif line.spent and not line.vouchers:
            missing.append(Gap(_("第 %(position)d 項：請填單據張數。") % position, "", f"id_line-{line.pk}-vouchers"))
        missing += _receipt_gaps(settlement, line)
    missing += _month_gaps(settlement)
    missing += _training_gap(settlement, [line.line.item for line in lines if line.spent])
    if not settlement.outcome.strip():
        missing.append(Gap(_("請寫成果說明。"), "", "id_outcome"))
    if own_share_asked(settlement) and settlement.own_funds is None:
        missing.append(Gap(_("請填自籌款實支；沒有請填 0。"), "", "id_own_funds"))
    if settlement.people_served is None:
        missing.append(Gap(_("請填服務人次。"), "", "id_people_served"))
    present = set(settlement.documents.values_list("kind", flat=True)) | papers_in(settlement, lines)
    missing += _photo_gaps(settlement, present)
    for found in _missing_papers(settlement, present):
        missing.append(Gap(found.message, _cited(settlement, found), f"papers-{PAPERS[found.fact or '']}"))
    for kind, clause in required_kinds(settlement):
        if kind not in present and kind not in PAPERS.values():
            text = _("請上傳%(kind)s。") % {"kind": Kind(kind).label}
            missing.append(Gap(text, clause, f"papers-{kind}"))
    return missing


def _photo_gaps(settlement: Settlement, present: set[str]) -> Iterator[Gap]:
    """Yield each voucher that can be seen nowhere: it has no photo, and no papers of all vouchers were uploaded."""
    if Kind.VOUCHERS in present:
        return
    for row in rows_of(settlement):
        if not row.photo_id:
            yield Gap(_("第 %(number)d 號單據還沒有照片。") % {"number": row.position}, "", "vouchers")


def own_share_asked(settlement: Settlement) -> bool:
    """Return whether the scheme's law asks for a share of own money, and so for own funds at the settlement too (M5.8)."""
    return asks_own_share(load(settlement.award.application.scheme.ruleset))
