"""Each limit in dollars that a rule of the law puts on a line has a worked example beside its clause."""

import datetime as dt

import pytest

from grants.queries.law.examples import FAR_ABOVE, examples
from grants.rules import catalogue, engine, facts, registry
from grants.rules.findings import TWD
from grants.rules.ruleset import load

DAY = dt.date(2010, 6, 1)
LAW = load("kaohsiung_88")
# Something for every kind of field, so that no rule waits for a blank; a film that is long enough for its second limit.
ANYTHING = {
    "int": 3000,
    "number": 2,
    "bool": True,
    "choice": "volunteer",
    "text": "x",
    "date": "2010-05-01",
    "children": [{"age": 4}],
}


def limits_of(item: catalogue.Item) -> set[str]:
    """The clauses that limit a line of the item in dollars, whatever it asks for."""
    values = {field.key: ANYTHING[field.type] for field in (*item.quantities, *item.details)}
    case = facts.from_dict(
        {
            "submitted_on": DAY.isoformat(),
            "organisation": {"kind": "community_association"},
            "project": {"programme": "growth_prevention"},
            "lines": [
                {"id": "0", "item": "printing", "requested": 90_000},
                {"id": "1", "item": item.code, "requested": FAR_ABOVE, **values},
            ],
        }
    )
    found = engine.evaluate(case, LAW).findings
    return {f.clause for f in found if f.line == "1" and f.unit == TWD and f.suggested is not None}


@pytest.mark.parametrize("item", catalogue.items().values(), ids=lambda item: item.code)
def test_each_limited_item_has_its_examples(item):
    clauses = {clause for clause, rows in examples(LAW, DAY).items() for row in rows if row.item == item.name}
    assert limits_of(item) <= clauses


def test_what_has_an_example_is_limited_by_a_rule():
    ruled = registry.book("kaohsiung_88").by_item
    exemplified = [item for item in catalogue.items().values() if item.examples]
    assert {item.code for item in exemplified} <= set(ruled)
    shown = {row.item for rows in examples(LAW, DAY).values() for row in rows}
    assert {item.name for item in exemplified} == shown
