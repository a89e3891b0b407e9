"""All that each kind of cap and condition of a law written as data says, as `filed_findings.toml` has it."""

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grants.rules.engine import evaluate
from grants.rules.findings import Finding
from tests.grants.rules import test_filed_caps, test_filed_conditions
from tests.grants.rules.filing_laws import case

ROWS = tomllib.loads((Path(__file__).parent / "filed_findings.toml").read_text(encoding="utf-8"))


def said(finding: Finding) -> dict[str, Any]:
    """What the finding says beside its clause; what is as usual is left out."""
    values = {field.name: (getattr(finding, field.name), field.default) for field in dataclasses.fields(finding)}
    kept = {name: value for name, (value, usual) in values.items() if value != usual and name != "clause"}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}


def name_of(row: dict[str, Any]) -> str:
    return f"{row['kind']} {row.get('value', '')} {row.get('rule', '')}"


@pytest.mark.parametrize("row", ROWS["cap"], ids=name_of)
def test_a_cap(row):
    lines = ({**test_filed_caps.PAY, "requested": 5, **line} for line in row["lines"])
    with test_filed_caps.law_of(
        row["kind"], row["value"], row.get("rule", ""), row["type"], row.get("direction", "")
    ) as law:
        (finding,) = evaluate(case(*lines, **row.get("about", {})), law).findings
    assert (finding.clause, said(finding)) == ("ZZ1", row["finding"])


@pytest.mark.parametrize("row", ROWS["condition"], ids=name_of)
def test_a_condition(row):
    with test_filed_conditions.law_of(
        row["kind"], row.get("value", ""), row.get("rule", ""), row.get("type", "")
    ) as law:
        (finding,) = evaluate(case(test_filed_conditions.LINE, **row.get("about", {})), law).findings
    assert (finding.clause, said(finding)) == ("ZZ1", row["finding"])
