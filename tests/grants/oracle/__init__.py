"""What the clauses say of a case, written a second time, from their text alone.

Nothing here reads the engine, its parameters or its tables: the numbers were taken from the regulation's own sentences
and from the readings that stand beside them, so that an error of the engine is not made twice. `lines`, `sums` and
`plans` hold the clauses of a budget, `payments` those of the money; `cases` makes random ones. `Broken` is one clause
that a case breaks.
"""
