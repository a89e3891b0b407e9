"""What the clauses ask of the receipts of an item when it is settled (肆、二、6; 肆、三、3–4; 肆、六、3). Reads no database."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grants.rules.findings import Finding
from grants.rules.settlement import Receipt, receipt


@dataclass(frozen=True)
class Proof:
    """One question about an item's receipts. `paper` maps an answer to the kind of paper that goes with it."""

    clause: str
    label: str | Promise
    choices: tuple[tuple[str, str | Promise], ...]
    paper: tuple[tuple[str, str], ...] = ()


PROOFS = {
    "admin_overhead": Proof(
        "K4.6.3b",
        _l("收據抬頭"),
        (("own_title", _l("都是申請單位全名")), ("other_title", _l("有的不是申請單位"))),
    ),
    "travel": Proof(
        "K4.3.3",
        _l("交通方式"),
        (
            ("other", _l("沒有搭高鐵或飛機")),
            ("ticket", _l("搭高鐵或飛機，票據都有")),
            ("no_ticket", _l("搭高鐵或飛機，沒有票據")),
        ),
        (("ticket", "tickets"),),
    ),
    "participant_transport": Proof(
        "K4.3.4", _l("憑證種類"), (("roster", _l("印領清冊")), ("receipt", _l("收據"))), (("roster", "roster"),)
    ),
    "meals": Proof(
        "K4.2.6",
        _l("憑證種類"),
        (("receipt", _l("收據")), ("self_cooked", _l("自己煮，用印領清冊")), ("roster", _l("不是自己煮，用印領清冊"))),
        (("self_cooked", "roster"),),
    ),
}


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
