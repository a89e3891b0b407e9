"""Measurements of the served portal: `make bench`. They inform and never fail; the tests prove, these tell."""
