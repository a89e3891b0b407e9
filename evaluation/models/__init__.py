from .own_marks import OwnMark
from .rounds import Entry, Indicator, Round
from .sheets import Score, Sheet

__all__ = ["Entry", "Indicator", "OwnMark", "Round", "Score", "Sheet"]
