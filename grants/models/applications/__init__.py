"""A case with what belongs to it, and the scans of signed papers that find their case."""

from .cases import (
    FILED,
    Application,
    ApplicationVersion,
    BudgetLine,
    ChairCode,
    Document,
    Justification,
    StoredEvaluation,
)
from .papers import PaperBatch, PaperPart

__all__ = [
    "FILED",
    "Application",
    "ApplicationVersion",
    "BudgetLine",
    "ChairCode",
    "Document",
    "Justification",
    "PaperBatch",
    "PaperPart",
    "StoredEvaluation",
]
