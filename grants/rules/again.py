"""Judge published facts once more: what the public page of an award runs in the reader's own browser.

A document holds the facts without anything personal (`facts`) and the texts of the law with the rulings laid over them
(`law`). `figures` are the limits of each line and the shares of the whole, as both sides write them.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from grants.rules import laws
from grants.rules.engine import evaluate
from grants.rules.facts import from_dict
from grants.rules.ruleset import from_files

Figures = dict[str, Any]


def again(document: Mapping[str, Any]) -> Figures:
    """Return the figures of the document's facts under its law."""
    law = document["law"]
    if law["slug"] not in laws.folders():
        laws.file_law(law["slug"], (laws.Version(dt.date.min, law["files"]),))
    ruleset = from_files(law["slug"], law["files"]).with_rulings(law["rulings"])
    return figures(evaluate(from_dict(document["facts"]), ruleset, trace=True).as_dict())


def figures(evaluation: Mapping[str, Any]) -> Figures:
    """Return the figures of an evaluation written as JSON types: the hash of its law, limits by line, shares."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for limit in evaluation["limits"]:
        if limit["line"] is not None:
            row = {key: limit[key] for key in ("clause", "requested", "allowed")}
            lines.setdefault(limit["line"], []).append(row)
    keys = ("clause", "used", "allowed", "lenient")
    shares = [{key: meter[key] for key in keys} for meter in evaluation["totals"]["meters"]]
    return {"ruleset": evaluation["ruleset"], "lines": lines, "shares": shares}
