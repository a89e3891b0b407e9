"""The law that holds for a scheme on a day: the filed text with the confirmed rulings laid over it."""

import datetime as dt
import json
from functools import lru_cache
from typing import Any

from grants.enums import RulingStatus
from grants.models import Ruling, Scheme
from grants.rules.ruleset import RuleSet, load
from miaoli_kaohsiung.lib.prepared import Prepared


def ruleset_for(scheme: Scheme, on: dt.date) -> RuleSet:
    """Return the filed law with the county's confirmed rulings in effect on the day laid over it. One query."""
    return ruleset_with(scheme.ruleset, canonical(rulings_of(scheme, on)), on)


def rulings_of(scheme: Scheme, on: dt.date) -> list[dict[str, Any]]:
    """Return the confirmed rulings in effect on the day, as `RuleSet.with_rulings` reads them, oldest first."""
    read = "rulings" in getattr(scheme, "_prefetched_objects_cache", {})
    known = scheme.rulings.all() if read else _RULINGS(scheme=scheme.pk)
    rows = [row for row in known if row.status == RulingStatus.CONFIRMED and row.effective_from <= on]
    return [
        {"parameter": row.parameter, "from": row.effective_from.isoformat(), **row.value, "memo": row.memo_number}
        for row in sorted(rows, key=lambda row: (row.effective_from, row.pk))
    ]


_RULINGS = Prepared(lambda scheme: Ruling.objects.filter(scheme=scheme))


def ruleset_with(slug: str, rulings: str, on: dt.date) -> RuleSet:
    """Return the law as it stood on the day with these rulings (as canonical JSON) laid over it."""
    return _laid_over(load(slug, on), rulings)


@lru_cache(maxsize=64)
def _laid_over(text: RuleSet, rulings: str) -> RuleSet:
    return text.with_rulings(json.loads(rulings))


def canonical(value: Any) -> str:
    """Return JSON that is always written the same way, as `Evaluation.to_json` writes it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
