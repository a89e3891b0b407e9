from .rounds import Entry, Indicator, Round
from .sheets import Score, Sheet

__all__ = ["Entry", "Indicator", "Round", "Score", "Sheet"]
