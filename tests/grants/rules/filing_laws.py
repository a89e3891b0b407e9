"""Laws written as data for the tests: the example of the documents, and small ones of one cap or condition."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grants.rules import facts, laws
from grants.rules.engine import evaluate
from grants.rules.ruleset import RuleSet, load

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "taitung_civic"
SLUG = "taitung_civic"
SINCE = dt.date(2010, 1, 1)


def example() -> dict[str, str]:
    """The files of the example, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.glob("*.toml"))}


HEAD = """
[law]
slug = "small_law"
prefix = "zz"
title = "小要點"
document = "小要點"
confirmed_on = 2026-11-29
closed_clause = "ZZ1"
includes = ["basic_wage"]
"""
CLAUSES = """
[[clause]]
id = "ZZ1"
label = "第一點"
phrase = "補助標準"
kind = "cap"
enforcement = ["E", "W"]
explanation = "補助標準。"
does = "超過就不能送件。"
"""
ITEMS = """
[[group]]
code = "zz_all"
title = "項目"

[[quantity]]
key = "zz_words"
label = "字數"
unit = "字"
type = "int"

[[item]]
code = "zz_pay"
name = "酬勞"
group = "zz_all"
clause = "ZZ1"
needed = ["hours", "in_house", "days", "persons", "zz_words"]
person = true

[[item]]
code = "zz_other"
name = "雜支"
group = "zz_all"
clause = "ZZ1"
needed = ["hours", "in_house", "days", "persons", "zz_words"]
person = true
"""
PROGRAMMES = """
[[part]]
code = "zz_part"
title = "類別"

[[programme]]
code = "zz_one"
name = "甲類"
part = "zz_part"
clause = "ZZ1"
purpose = "甲。"
items = ["zz_pay"]

[[programme]]
code = "zz_two"
name = "乙類"
part = "zz_part"
clause = "ZZ1"
purpose = "乙。"
items = ["zz_pay"]

[[question]]
key = "zz_open"
label = "開放參加嗎？"
type = "bool"
clause = "ZZ1"

[[question]]
key = "zz_form"
label = "形式"
type = "choice"
clause = "ZZ1"
choices = { course = "課程", feast = "節慶" }
"""


def small(rules: str, parameters: str = "", more: str = "") -> dict[str, str]:
    """The files of a law with these rules, which cite the one clause ZZ1; `more` stands in programmes.toml."""
    return {
        "law.toml": f"{HEAD}\n{parameters}",
        "clauses.toml": CLAUSES,
        "items.toml": ITEMS,
        "programmes.toml": f"{PROGRAMMES}\n{more}",
        "rules.toml": rules or "# none",
    }


def parameter(name: str, value: str, kind: str = "int", direction: str = "") -> str:
    """A parameter with one value since 2010, as it stands in law.toml; `value` may give two sides."""
    sides = value if "=" in value else f"value = {value}"
    more = f'direction = "{direction}"\n' if direction else ""
    return f"""
[parameter."{name}"]
title = "{name}"
clause = "ZZ1"
type = "{kind}"
{more}values = [{{ from = 2010-01-01, {sides} }}]
"""


def versions(files: dict[str, str], slug: str, since: dt.date = SINCE) -> tuple[laws.Version, ...]:
    return (laws.Version(since, {laws.name_in(slug, name): text for name, text in files.items()}),)


@contextmanager
def known(files: dict[str, str], slug: str = "small_law") -> Iterator[RuleSet]:
    """The law is known to the portal while the block lasts."""
    laws.file_law(slug, versions(files, slug))
    try:
        yield load(slug)
    finally:
        laws.file_law(slug, ())


def case(*lines: dict[str, Any], on: str = "2010-06-01", stage: str = "submission", **more: Any) -> facts.Case:
    """A case of the law; `organisation`, `project` and `elsewhere` add to a blameless one."""
    return facts.from_dict(
        {
            "submitted_on": on,
            "stage": stage,
            "organisation": {"kind": "civic_group", **more.get("organisation", {})},
            "project": {
                "programme": "zz_one",
                "starts_on": "2010-07-01",
                "ends_on": "2010-07-31",
                **more.get("project", {}),
            },
            "lines": [{"id": str(place), **line} for place, line in enumerate(lines, 1)],
            "elsewhere": more.get("elsewhere", {}),
        }
    )


def found(law: RuleSet, judged: facts.Case, *clauses: str) -> list[tuple[str, str | None, Any, Any]]:
    """(severity, line, over, suggested) of the findings of these clauses, of all without one."""
    return [
        (f.severity, f.line, f.over, f.suggested)
        for f in evaluate(judged, law, trace=True).findings
        if not clauses or f.clause in clauses
    ]
