"""Alliances of associations (M4.4, M5.3): the agreement, the coaching team, what was learned."""
