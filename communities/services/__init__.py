"""Writes of the registry, by subject: organisations, terms, tiers, people."""
