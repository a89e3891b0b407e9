"""Registers the rules of every law when it is imported."""

from grants.rules import laws

laws.import_chapters()
