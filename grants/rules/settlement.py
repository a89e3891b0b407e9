"""What the clauses ask of receipts and papers at settlement, by the tables of the law."""

from collections.abc import Collection

from grants.rules import catalogue
from grants.rules.findings import ERROR, Finding


def receipts(line: str, item: str, answer: str, registered_name: str) -> tuple[Finding, ...]:
    """Return the findings on the answer about a line's receipts; the applicant is registered under this name."""
    asked = catalogue.items()[item].proof
    wrong = dict(asked.wrong).get(answer) if asked else None
    if asked is None or wrong is None:
        return ()
    return (Finding(asked.clause, ERROR, wrong.format(name=registered_name), line=line, kind="missing"),)


def answer_of(item: str, kind: str, title: str) -> str:
    """Return what one voucher of this kind, made out to the applicant ("own") or not ("other"), says to the question
    about the item's receipts; "" if there is none, or if the voucher leaves it open.
    """
    asked = catalogue.items()[item].proof
    answers = dict(asked.choices) if asked else {}
    if "own_title" in answers:
        return f"{title}_title" if title else ""
    if set(answers) == {"roster", "receipt"}:
        return "roster" if kind == "roster" else "receipt"
    return "ticket" if kind == "ticket" and "ticket" in answers else ""


def papers(programme: str, documents: Collection[str]) -> tuple[Finding, ...]:
    """Return the findings on the papers of a closing report: those that every report needs, and those of the programme."""
    asked = (paper for paper in catalogue.documents().values() if paper.when in ("closing", programme))
    return tuple(
        Finding(paper.clause, ERROR, f"請附{paper.name}，才能結報。", kind="missing", fact=paper.code)
        for paper in asked
        if paper.code not in documents
    )
