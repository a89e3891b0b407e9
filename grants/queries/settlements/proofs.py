"""What the law of a 結報 asks of the receipts of an item."""

from collections.abc import Mapping

from grants.models import Settlement, SettlementLine
from grants.rules import catalogue
from grants.rules.findings import Finding
from grants.rules.ruleset import Clause, RuleSet, load
from grants.rules.settlement import answer_of, receipts


def law_of(settlement: Settlement) -> RuleSet:
    return load(settlement.award.application.scheme.ruleset)


def clauses_of(settlement: Settlement) -> Mapping[str, Clause]:
    return law_of(settlement).clauses


def asked_of(settlement: Settlement, line: SettlementLine) -> catalogue.Proof | None:
    """Return the question about the receipts of this item, if the scheme's law asks one."""
    proof = catalogue.items()[line.line.item].proof
    return proof if proof and proof.clause in clauses_of(settlement) else None


def voucher_findings(settlement: Settlement, line: SettlementLine, kind: str, title: str) -> tuple[Finding, ...]:
    """Return what the law says against one voucher of this kind and title on the line."""
    if asked_of(settlement, line) is None:
        return ()
    answer = answer_of(line.line.item, kind, title)
    return receipts(str(line.pk), line.line.item, answer, settlement.award.application.organisation.name)
