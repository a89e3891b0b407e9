"""Writes of the registry, told by what they are about: organisations, terms, tiers, people."""
