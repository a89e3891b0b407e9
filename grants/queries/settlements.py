"""Reads of a 結報: what is still missing before it can be sent."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.models import Settlement, SettlementDocument

Kind = SettlementDocument.Kind
REQUIRED = (Kind.VOUCHERS, Kind.PHOTOS, Kind.ACTIVITY)
# 課後照顧: 「本計畫需提期末成果報告送本府備查」
REPORT_PROGRAMME = "after_school_care"
REPORT_CLAUSE = "K3.I.6.4a"


@dataclass(frozen=True)
class Gap:
    """Something that is missing: the sentence, the clause where one asks for it, and the field it belongs to."""

    text: str
    clause: str = ""
    anchor: str = ""


def required_kinds(settlement: Settlement) -> list[tuple[str, str]]:
    """The papers without which the 結報 cannot be sent, each with its clause."""
    needed = [(kind, "K7.2a") for kind in REQUIRED]
    if settlement.award.application.programme.code == REPORT_PROGRAMME:
        needed.append((Kind.REPORT, REPORT_CLAUSE))
    return needed


def gaps(settlement: Settlement) -> list[Gap]:
    """Everything that is missing, at once. A blank is not a zero: an item that cost nothing says 0."""
    missing = []
    for line in settlement.lines.select_related("line"):
        position = {"position": line.line.position}
        if line.spent is None:
            missing.append(
                Gap(_("第 %(position)d 項：請填實支金額；沒有用到請填 0。") % position, "", f"id_line-{line.pk}-spent")
            )
        elif line.spent and not line.vouchers:
            missing.append(Gap(_("第 %(position)d 項：請填單據張數。") % position, "", f"id_line-{line.pk}-vouchers"))
    if not settlement.outcome.strip():
        missing.append(Gap(_("請寫成果說明。"), "", "id_outcome"))
    if settlement.people_served is None:
        missing.append(Gap(_("請填服務人次。"), "", "id_people_served"))
    present = set(settlement.documents.values_list("kind", flat=True))
    for kind, clause in required_kinds(settlement):
        if kind not in present:
            text = _("請上傳%(kind)s。") % {"kind": Kind(kind).label}
            missing.append(Gap(text, clause, f"papers-{kind}"))
    return missing
