"""Move every number of the law by 1 and every start by a day, leave out every rule: do the tests notice?

    python -m tests.grants.rules.mutate_parameters              all of them, a few minutes on two cores
    python -m tests.grants.rules.mutate_parameters --sample 20  some, chosen by --seed

Each mutant is a forked process that changes the loaded law and runs the tests of behaviour; those that these tests pass
are put to the table of all numbers (test_parameters.py) as well. Exit status 1 where a mutant is noticed by neither.
"""

import argparse
import datetime as dt
import os
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grants.rules import laws

from .forked import run

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BEHAVIOUR = [*sorted(path.name for path in HERE.glob("test_chapter_*.py")), "test_reviewing.py", "test_miaoli.py"]
TABLE = ["test_parameters.py"]
LAWS = laws.found()
A_DAY = dt.timedelta(days=1)


def mutants():
    """(name, change) of every mutant; `change()` alters the law of this process."""
    from grants.rules import chapters, registry  # noqa: F401  registers the rules
    from grants.rules.ruleset import load

    for law in LAWS:
        for name, parameter in load(law).parameters.items():
            if law != LAWS[0] and name in load(LAWS[0]).parameters and not parameter.clause.startswith("M"):
                continue
            for place, value in enumerate(parameter.values):
                for word, moved in moved_values(parameter, value):
                    yield (
                        f"{law}: {name} {value.starts_on} {word}",
                        lambda a=law, b=name, c=place, d=moved: alter(a, b, c, d),
                    )
                for days in (-1, 1):
                    moved = replace(value, starts_on=value.starts_on + days * A_DAY)
                    yield (
                        f"{law}: {name} start {days:+d} day from {value.starts_on}",
                        lambda a=law, b=name, c=place, d=moved: alter(a, b, c, d),
                    )
    for rule in registry.rules():
        yield f"without {rule.name}", lambda r=rule: registry._rules.pop(r.name)


def moved_values(parameter, value):
    """The value with its strict, its lenient or both sides moved by one step."""
    if value.settled:
        for step in (1, -1):
            moved = step_of(parameter, value.strict, step)
            if moved is not None:
                yield f"{step:+d}", replace(value, strict=moved, lenient=moved)
        return
    for side in ("strict", "lenient"):
        for step in (1, -1):
            moved = step_of(parameter, getattr(value, side), step)
            if moved is not None:
                yield f"{side} {step:+d}", replace(value, **{side: moved})


def step_of(parameter, value, step):
    if isinstance(value, bool):
        return not value if step > 0 else None
    if isinstance(value, int):
        return value + step
    if isinstance(value, dt.date):
        return value + step * A_DAY
    if parameter.type == "ratio":
        return [value[0] + step, value[1]]
    if parameter.type == "choice":
        others = list(parameter.choices)
        return others[(others.index(value) + 1) % len(others)] if step > 0 else None
    if isinstance(value, list):
        return (
            value[:-1] if step > 0 else [*value[1:], "x"] if isinstance(value[0], str) else [value[0] + 1, *value[1:]]
        )
    return value + "x" if step > 0 else None


def alter(law, name, place, moved):
    from grants.rules.ruleset import load

    ruleset = load(law)
    values = list(ruleset.parameters[name].values)
    values[place] = moved
    ruleset.parameters[name] = replace(ruleset.parameters[name], values=tuple(values))
    ruleset._days.clear()
    ruleset._months.clear()


class Mutants:
    """A pytest plugin: the tests are collected once, then run in a forked process for each mutant until one fails."""

    def __init__(self, chosen):
        self.chosen, self.status = chosen, 2

    def pytest_runtestloop(self, session):
        table = [item for item in session.items if item.path.name in TABLE]
        behaviour = [item for item in session.items if item.path.name not in TABLE]
        if run([("clean", lambda: None)], lambda _: session.items):
            print("the tests fail without any mutant")
            return True
        # No behaviour tells 2010-01-08 from the day before, when nothing is judged: starts are the table's to notice.
        by_table = run([mutant for mutant in self.chosen if " start " in mutant[0]], lambda _: table)
        seen = run([mutant for mutant in self.chosen if mutant[0] not in by_table], lambda _: behaviour)
        left = [mutant for mutant in self.chosen if mutant[0] not in seen]
        by_table |= run([mutant for mutant in left if mutant[0] not in by_table], lambda _: table)
        print(f"\n{len(self.chosen)} mutants: {len(seen)} noticed by behaviour, {len(by_table)} more by the table")
        for name, _ in left:
            if " start " in name and name in by_table:
                continue
            print(f"  {'table only' if name in by_table else 'SURVIVED  '}  {name}")
        self.status = 0 if len(by_table) == len(left) else 1
        return True


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", default="law")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")
    os.chdir(ROOT)
    chosen = list(mutants())
    if options.sample:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
    plugin = Mutants(chosen)
    slow = "not hand and not closed and not sum_of and not never_both"
    files = [str(HERE / name) for name in BEHAVIOUR + TABLE]
    pytest.main(["-q", "-n0", "-p", "no:cacheprovider", "-k", slow, *files], plugins=[plugin])
    return plugin.status


if __name__ == "__main__":
    sys.exit(main())
