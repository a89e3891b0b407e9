"""The rules of a law written as data: its caps and conditions, and what holds for every such law without being written.

Unwritten are: each line has an amount and is of an item that the law still pays for, the plan's days are given and in
order, the papers of the law are attached, and nobody applies who is barred.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from grants.rules.bounds import Context, blank, error
from grants.rules.facts import Line
from grants.rules.filed.caps import OF_CASES, OF_LINES, share_of_line
from grants.rules.filed.conditions import CONDITIONS
from grants.rules.filed.tables import Row, Tables
from grants.rules.findings import Found
from grants.rules.registry import Book, Rule, shelved
from miaoli_kaohsiung.lib.roc_date import format_roc


@lru_cache(maxsize=256)
def _book(data: Tables, slug: str, clause: str, without: frozenset[str]) -> Book:
    rules = [*_unwritten(slug, clause), *_written(data, slug)]
    return shelved(tuple(rule for rule in rules if rule.name not in without))


def book_of(data: Tables, head: Mapping[str, Any], without: frozenset[str] = frozenset()) -> Book:
    """Return the rules of a law's text; `without` leaves some out by name, for tests that must notice."""
    return _book(data, head["slug"], head["closed_clause"], without)


def _written(data: Tables, slug: str) -> list[Rule]:
    rules = []
    for place, row in enumerate(data.caps, 1):
        name, items = f"cap_{place}.{row['kind']}", frozenset(row.get("items") or data.items)
        if row["kind"] in OF_CASES and row.get("of") != "line":
            rules.append(_rule(name, slug, row, OF_CASES[row["kind"]]))
        else:
            rules.append(_rule(name, slug, row, OF_LINES.get(row["kind"], share_of_line), items))
    for place, row in enumerate(data.conditions, 1):
        rules.append(_rule(f"condition_{place}.{row['kind']}", slug, row, CONDITIONS[row["kind"]]))
    return rules


def _rule(name: str, slug: str, row: Row, judge: Callable[..., Found], items: frozenset[str] = frozenset()) -> Rule:
    return Rule(name, slug, (row["clause"],), partial(_judged, judge, row), items)


def _judged(judge: Callable[..., Found], row: Row, ctx: Context, *line: Line) -> Found:
    return judge(ctx, row, *line)


def _unwritten(slug: str, clause: str) -> list[Rule]:
    rules = {"dates": _dates, "papers": _papers, "bars": _bars, "lines": _lines}
    return [Rule(f"every_law.{name}", slug, (clause,), partial(rule, clause)) for name, rule in rules.items()]


def _dates(clause: str, ctx: Context) -> Found:
    starts, ends = ctx.project.starts_on, ctx.project.ends_on
    if starts is None or ends is None:
        return blank((clause,), None, "計畫開始與結束日期", fact="starts_on" if starts is None else "ends_on")
    if ends < starts:
        return [error(clause, "結束日期不可以早於開始日期。", requested=ends, allowed=starts, fact="ends_on")]
    return None


def _papers(_: str, ctx: Context) -> Found:
    """The papers that every case needs; those of a condition have a rule of their own."""
    given, data = ctx.project.documents, ctx.ruleset.data
    if ctx.case.stage == "draft" or given is None or data is None:
        return None
    lacking = [row for row in data.papers if row["when"] == "always" and row["code"] not in given]
    return [error(row["clause"], f"請附{row['name']}。", kind="missing", fact=row["code"]) for row in lacking]


def _bars(clause: str, ctx: Context) -> Found:
    on, body = ctx.case.submitted_on, ctx.organisation
    found = [
        error(
            bar.clause or clause,
            f"{format_roc(bar.starts_on)}至{format_roc(bar.ends_on)}停止申請，不能送件。",
            allowed=bar.ends_on,
        )
        for bar in body.bars
        if bar.starts_on <= on <= bar.ends_on
    ]
    return found + ([error(clause, "因前次補助款支用不當，這一次不予補助。")] if body.barred_next_time else [])


def _lines(clause: str, ctx: Context) -> Found:
    data = ctx.ruleset.data
    found = []
    for line in ctx.case.lines:
        row = data.items.get(line.item) if data else None
        if row is None or not row.get("offered", True):
            name = ctx.items[line.item].name
            found.append(error(row["clause"] if row else clause, f"{name}不在補助項目裡，請換一個項目。", line=line.id))
        elif line.requested is None:
            found += blank((row["clause"],), line, "申請補助金額")
    return found
