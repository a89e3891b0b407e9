"""A county's list of associations, and the registry as such a list: columns, rows, comparison, writing."""
