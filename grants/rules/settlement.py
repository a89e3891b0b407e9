"""What the clauses ask of receipts and papers at settlement (肆、二、6; 肆、三、3–4; 肆、六、3; 柒、二).

A receipt is any object with the attributes of `Receipt`; findings name it by its id in `line`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from grants.rules.findings import ERROR, Finding

VOUCHERS = ("receipt", "invoice", "roster", "ticket", "certificate")


@dataclass(frozen=True, slots=True)
class Receipt:
    """`title` is the buyer named on it; `mode` the means of travel (hsr, air, other); `self_cooked` for meals."""

    id: str
    item: str
    kind: str
    title: str = ""
    mode: str = ""
    self_cooked: bool = False
    ticket: bool = False


def receipt(found: Receipt, registered_name: str) -> tuple[Finding, ...]:
    """The findings on one receipt of an applicant of this registered name."""
    told = []
    if found.item == "admin_overhead" and found.title.strip() != registered_name:
        told.append(_refuse("K4.6.3b", found, f"收據抬頭要是「{registered_name}」，才能核銷行政管理費。"))
    if found.item == "travel" and found.mode in ("hsr", "air") and not found.ticket:
        told.append(_refuse("K4.3.3", found, "搭乘高鐵或飛機要附票據。"))
    if found.item == "participant_transport" and found.kind != "roster":
        told.append(_refuse("K4.3.4", found, "接送交通費要用印領清冊核銷。"))
    if found.item == "meals" and found.kind == "roster" and not found.self_cooked:
        told.append(_refuse("K4.2.6", found, "只有自行烹煮的膳食可以用印領清冊；其他請附收據。"))
    return tuple(told)


def papers(programme: str, documents: Collection[str]) -> tuple[Finding, ...]:
    """The findings on the papers of a closing report: vouchers, photos, records, and the report of 課後照顧."""
    asked = [
        ("K7.2a", "vouchers", "原始支出憑證"),
        ("K7.2a", "photos", "成果照片"),
        ("K7.2a", "activity_records", "活動相關資料"),
    ]
    if programme == "after_school_care":
        asked.append(("K3.I.6.4a", "outcome_report", "期末成果報告"))
    return tuple(
        Finding(clause, ERROR, f"請附{name}，才能結報。", kind="missing", fact=code)
        for clause, code, name in asked
        if code not in documents
    )


def _refuse(clause: str, found: Receipt, told: str) -> Finding:
    return Finding(clause, ERROR, told, line=found.id, kind="missing")
