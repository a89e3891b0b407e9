"""What the law says of the receipts of an item when it is settled (肆、二、6; 肆、三、3–4; 肆、六、3). Reads no database."""

from grants.rules.findings import Finding
from grants.rules.settlement import Receipt, receipt


def findings(line: str, item: str, answer: str, registered_name: str) -> tuple[Finding, ...]:
    """What the law says of the answer about the receipts of a line."""
    told = Receipt(
        id=line,
        item=item,
        kind="roster" if answer in ("roster", "self_cooked") else "receipt",
        title="" if answer == "other_title" else registered_name,
        mode="hsr" if answer in ("ticket", "no_ticket") else "other",
        self_cooked=answer == "self_cooked",
        ticket=answer == "ticket",
    )
    return receipt(told, registered_name)
