"""Imports every chapter, so that its rules are registered."""

from grants.rules import (  # noqa: F401
    chapter_2_eligibility,
    chapter_3_programmes,
    chapter_4_costs,
    chapter_4_items,
    chapter_4_sums,
    chapter_4_wages,
    chapter_5_principles,
    chapter_6_application,
    chapter_7_payment,
    miaoli,
)
