"""Imports every chapter, so that its rules are registered."""

from grants.rules import (  # noqa: F401
    chapter_4_costs,
)
