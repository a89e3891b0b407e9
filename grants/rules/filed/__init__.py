"""Laws that are written as data alone: TOML files in place of Python. `docs/law.md` says what may stand in them."""
