"""Which papers a law written as data asks of a case at filing."""

from typing import TYPE_CHECKING

from grants.rules.filed.tables import Row, Tables

if TYPE_CHECKING:
    from grants.rules.facts import Case


def wanted(case: "Case", row: Row) -> bool:
    """Return whether a row that asks for a paper or an answer is for the case: its programme, its applicant, its items
    and an answer given.
    """
    programmes, kinds, items = (row.get(key) for key in ("programmes", "applicants", "items"))
    answers = row.get("answers", {})
    return (
        (not programmes or case.project.programme in programmes)
        and (not kinds or case.organisation.kind in kinds)
        and (not items or any(line.item in items for line in case.lines))
        and all(case.project.answers.get(key) == value for key, value in answers.items())
    )


def papers_asked(case: "Case", data: Tables) -> tuple[Row, ...]:
    """Return the papers that the law asks of the case: of every case, and by its conditions."""
    rows = (row for row in data.conditions if row["kind"] == "prerequisite_paper")
    asked = {row["paper"] for row in rows if wanted(case, row)}
    return tuple(paper for paper in data.papers if paper["when"] == "always" or paper["code"] in asked)
