"""The oracle: every clause that a case breaks, and the most that each line may lawfully ask for."""

from tests.grants.oracle.broken import Broken
from tests.grants.oracle.lines import of_line
from tests.grants.oracle.plans import of_plan
from tests.grants.oracle.sums import Case, of_sums

# The clauses that the oracle judges: of other clauses it says nothing.
# fmt: off
CLAUSES = frozenset((
    "K2.4", "K3.I.2.1.1", "K3.I.2.1.2", "K3.I.2.1.3", "K3.I.2.1.4a", "K3.I.2.1.4b", "K3.I.2.1.4c", "K3.I.2.1.5",
    "K3.I.2.1.6", "K3.I.3.2a", "K3.I.3.2b", "K3.I.3.2c", "K3.I.3.4", "K3.I.4.4", "K3.I.4.5.3", "K3.I.4.7", "K3.I.4.8",
    "K3.I.5.1a", "K3.I.5.1b", "K3.I.6.2", "K3.II.1.2b", "K4.1.1", "K4.1.2", "K4.1.3.1", "K4.1.3.2a", "K4.1.3.2b",
    "K4.1.3.2c", "K4.1.3.3a", "K4.1.3.3b", "K4.1.3.3c", "K4.1.3.4", "K4.1.3.5a", "K4.1.4", "K4.1.5a", "K4.1.5b",
    "K4.1.6", "K4.1.7a", "K4.1.7b", "K4.3.4", "K4.6.1", "K4.6.2", "K4.6.3a", "K5.2a", "K5.4", "K6.1a", "K6.1b",
))
# The sentences that cap the money of one line.
MONEY = frozenset((
    "K3.I.2.1.4c", "K3.I.4.7", "K3.I.4.8", "K4.1.1", "K4.1.2", "K4.1.3.1", "K4.1.3.2a", "K4.1.3.2c", "K4.1.3.3a",
    "K4.1.3.4", "K4.1.5a", "K4.1.6", "K4.1.7a",
))
# fmt: on
# Who may apply is judged as one question, whichever of the three clauses an application fails by.
WHO = frozenset(("K2.1a", "K2.2", "K2.3"))


def judge(case: Case) -> list[Broken]:
    """Return what the case breaks."""
    return [*(hit for line in case["lines"] for hit in of_line(line)), *of_sums(case), *of_plan(case)]


def lawful(case: Case) -> dict[str, int]:
    """Return the most dollars that each line may ask for by the sentences about itself; lines that ask
    for no more are left out."""
    most: dict[str, int] = {}
    for line in case["lines"]:
        money = [hit.most for hit in of_line(line) if hit.clause in MONEY and hit.most >= 0]
        if money:
            most[line["id"]] = min(money)
    return most
