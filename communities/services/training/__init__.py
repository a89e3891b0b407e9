"""Courses and observation visits of the county: from the announcement to hours and certificates."""
