"""What a county asks of applicants beside the law: further papers and questions, kept as rows with a scheme's terms.

They are read like those of the catalogue, but no clause stands behind them and no rule reads them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grants.rules.catalogue import Question

# The kinds of answer that a county may ask for.
TYPES = ("text", "number", "bool", "choice")
# Their codes begin with this and end with a number that is never given again, so that no answer or paper changes its meaning.
HEAD = "own_"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A further paper; one that is not required may be left out."""

    code: str
    name: str
    help: str
    required: bool
    clause: str = ""


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A further question; one that is not required may be left unanswered."""

    question: Question
    required: bool


@dataclass(frozen=True, slots=True)
class OwnCriterion:
    """What reviewers score under a law that names no criteria, with its weight in percent."""

    code: str
    name: str
    weight: int


def papers(rows: Iterable[Row], programme: str) -> tuple[OwnPaper, ...]:
    """Return the papers that are asked of a case of the programme."""
    return tuple(
        OwnPaper(row["code"], row["name"], row.get("help", ""), row["required"])
        for row in rows
        if _concerns(row, programme)
    )


def questions(rows: Iterable[Row], programme: str) -> tuple[OwnQuestion, ...]:
    """Return the questions that are asked of a case of the programme."""
    return tuple(
        OwnQuestion(
            Question(
                row["code"],
                row["label"],
                row.get("help", ""),
                row["type"],
                "",
                tuple((choice, choice) for choice in row.get("choices", ())),
            ),
            row["required"],
        )
        for row in rows
        if _concerns(row, programme)
    )


def criteria(rows: Iterable[Row]) -> tuple[OwnCriterion, ...]:
    return tuple(OwnCriterion(row["code"], row["name"], row["weight"]) for row in rows)


def is_own(code: str) -> bool:
    return code.startswith(HEAD)


def _concerns(row: Row, programme: str) -> bool:
    """Return whether a row is for the programme; one that names none is for all."""
    return not row.get("programmes") or programme in row["programmes"]
