"""The mutants that mutmut makes of grants/rules: do the tests of the rules notice them?

    python -m tests.grants.rules.mutate_code                  all of them, half an hour on two cores
    python -m tests.grants.rules.mutate_code payments facts   those of some modules
    python -m tests.grants.rules.mutate_code --again FILE     those that an earlier run's list names
    python -m tests.grants.rules.mutate_code --show NAME      what a mutant changes

mutmut writes the mutants; they are run here, because the tests are collected once and a mutant is a forked process
whose function has got the mutant's code, so that none waits for pytest to start. mutmut leaves decorated functions
alone, and every rule is registered by a decorator: it is given the source without them. A mutant meets the tests that
call its function, found by watching one clean run. Exit status 1 below 95 % noticed or where a survivor is not
explained in docs/mutation.md.
"""

import argparse
import ast
import difflib
import functools
import importlib
import inspect
import os
import re
import sys
import types
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import pytest

from .forked import run

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RULES = ROOT / "grants" / "rules"
EXPLAINED = ROOT / "docs" / "mutation.md"
KILLED_AT_LEAST = 95.0
LAWS = ("kaohsiung_88", "miaoli")
# Data alone, and the list of what to import.
LEFT_ALONE = {"catalogue_items", "catalogue_programmes", "chapters", "__init__"}
# It runs mutants itself.
NOT_RUN = {"test_mutation_sample.py"}


class Module:
    """A module of the rules beside the mutants that mutmut makes of it."""

    def __init__(self, stem):
        from mutmut.mutation.file_mutation import mutate_file_contents

        self.stem = stem
        self.original = importlib.import_module(f"grants.rules.{stem}")
        mutated = mutate_file_contents(f"{stem}.py", undecorated((RULES / f"{stem}.py").read_text(encoding="utf-8")))
        self.names = list(mutated.mutant_names)
        # Registered under the package's name, so that relative imports and dataclasses find their module.
        self.mutated = types.ModuleType(f"grants.rules.{stem}__mutated")
        self.mutated.__package__ = "grants.rules"
        self.mutated.__file__ = self.original.__file__
        sys.modules[self.mutated.__name__] = self.mutated
        exec(compile(mutated.code, f"{stem}__mutated.py", "exec"), self.mutated.__dict__)  # noqa: S102  our own source

    def function(self, mutant):
        """The function of the real module that `mutant` is a copy of."""
        holder, name = where(mutant)
        owner = vars(getattr(self.original, holder)) if holder else vars(self.original)
        return plain(owner[name])

    def mutant(self, mutant):
        holder, _ = where(mutant)
        return plain(vars(getattr(self.mutated, holder) if holder else self.mutated)[mutant])

    def change(self, mutant):
        """Give the real function the code, and the plain default values, of the mutant."""
        real, changed = self.function(mutant), self.mutant(mutant)
        real.__code__ = changed.__code__.replace(co_name=real.__name__)
        if real.__defaults__:
            real.__defaults__ = tuple(
                new if isinstance(new, str | int | None) else old
                for old, new in zip(real.__defaults__, changed.__defaults__, strict=True)
            )
        forget()


def where(mutant):
    """(class or "", function) of a name that mutmut made: x_rate__mutmut_3, xǁCaseǁtotal__mutmut_1."""
    plain_name = mutant.rpartition("__mutmut_")[0]
    if "ǁ" in plain_name:
        _, holder, name = plain_name.split("ǁ")
        return holder, name
    return "", plain_name.removeprefix("x_")


def plain(found):
    """The function in a property, a cached or a static one."""
    found = getattr(found, "fget", None) or getattr(found, "func", None) or found
    return inspect.unwrap(getattr(found, "__func__", found))


def undecorated(source):
    """The source without the decorators of its functions; classes keep theirs."""
    lines = source.splitlines()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(functions, key=lambda node: node.lineno, reverse=True):
        for decorator in reversed(node.decorator_list):
            if ast.unparse(decorator) != "classmethod":
                del lines[decorator.lineno - 1 : decorator.end_lineno]
    return "\n".join(lines) + "\n"


def forget():
    """Work everything cached out anew: the laws in place, since the tests hold on to them, the rest when next asked."""
    from grants.rules import ruleset

    for name, module in list(sys.modules.items()):
        if name.startswith("grants.rules"):
            for found in vars(module).values():
                if isinstance(found, functools._lru_cache_wrapper) and found is not ruleset.load:
                    found.cache_clear()
    for slug in LAWS:
        held = ruleset.load(slug)
        anew = ruleset.load.__wrapped__(slug)
        held.__dict__.clear()
        held.__dict__.update(anew.__dict__)


class Watch:
    """Which functions of the rules a test calls: a profile hook that looks at code objects."""

    def __init__(self, wanted):
        self.wanted, self.called = wanted, set()

    def __call__(self, frame, event, argument):
        if event == "call" and frame.f_code in self.wanted:
            self.called.add(frame.f_code)


class Mutants:
    """A pytest plugin: the tests are collected once, watched once, then run in a forked process for each mutant."""

    def __init__(self, modules, chosen):
        self.modules, self.chosen, self.ran = modules, chosen, False
        self.seen, self.untested = {}, []

    def pytest_runtestloop(self, session):
        items = [item for item in session.items if item.path.name not in NOT_RUN and "django_db" not in item.keywords]
        failing = run([("clean", forget)], lambda _: items)
        if failing:
            print(f"without any mutant {items[failing['clean']].nodeid} fails")
            return True
        self.ran = True
        tests = self.watched(items)
        killers = defaultdict(list)
        lists = {}

        def items_of(key):
            code = self.code_of(key)
            first = [item for item in killers[code] if item in tests[code]]
            lists[key] = list(dict.fromkeys([*first[:3], *tests[code]]))
            return lists[key]

        started = perf_counter()
        self.untested = [key for key in self.chosen if not tests[self.code_of(key)]]
        todo = [key for key in self.chosen if tests[self.code_of(key)]]
        for part in range(0, len(todo), 20):
            some = [(key, functools.partial(self.modules[key[0]].change, key[1])) for key in todo[part : part + 20]]
            seen = run(some, items_of)
            for key, place in seen.items():
                if place is not None:
                    killer = lists[key][place]
                    killers[self.code_of(key)] = [killer, *(i for i in killers[self.code_of(key)] if i is not killer)]
            self.seen |= seen
            done = part + len(some)
            print(
                f"\r{done}/{len(todo)} mutants, {perf_counter() - started:.0f} s", end="", file=sys.stderr, flush=True
            )
        return True

    def code_of(self, key):
        return self.modules[key[0]].function(key[1]).__code__

    def watched(self, items):
        """For each function of the rules the tests that call it, the quickest first."""
        from _pytest.runner import runtestprotocol

        wanted = {self.code_of(key) for key in self.chosen}
        tests, took = defaultdict(list), {}
        for item, following in zip(items, [*items[1:], None], strict=True):
            watch = Watch(wanted)
            forget()
            started = perf_counter()
            sys.setprofile(watch)
            try:
                runtestprotocol(item, log=False, nextitem=following)
            finally:
                sys.setprofile(None)
            took[item] = perf_counter() - started
            for code in watch.called:
                tests[code].append(item)
        for found in tests.values():
            found.sort(key=took.get)
        return tests


def told(key):
    return f"{key[0]}.{key[1]}"


def show(module, mutant):
    """The lines that a mutant changes."""
    original = f"{mutant.rpartition('__mutmut_')[0]}__mutmut_orig"
    sources = [source_of(module, name).splitlines() for name in (original, mutant)]
    lines = [line.strip() for line in difflib.unified_diff(*sources, n=0, lineterm="")][2:]
    return [line for line in lines if line[:1] in "+-" and "def x" not in line]


@functools.cache
def _functions(stem):
    from mutmut.mutation.file_mutation import mutate_file_contents

    source = undecorated((RULES / f"{stem}.py").read_text(encoding="utf-8"))
    code = mutate_file_contents(f"{stem}.py", source).code
    return {n.name: ast.unparse(n) for n in ast.walk(ast.parse(code)) if isinstance(n, ast.FunctionDef)}


def source_of(module, name):
    return _functions(module)[name]


def explained():
    """The survivors that docs/mutation.md names."""
    text = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.exists() else ""
    return set(re.findall(r"`(\w+\.x[\wǁ]+__mutmut_\d+)`", text))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stems", nargs="*")
    parser.add_argument("--again", type=Path)
    parser.add_argument("--show", nargs="*")
    options = parser.parse_args(arguments)
    if options.show:
        for name in options.show:
            print(name, *show(*name.split(".", 1)), sep="\n    ")
        return 0
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")
    os.chdir(ROOT)
    every = [path.stem for path in sorted(RULES.glob("*.py")) if path.stem not in LEFT_ALONE]
    again = set(re.findall(r"(\w+\.x[\wǁ]+__mutmut_\d+)", options.again.read_text("utf-8"))) if options.again else set()
    stems = options.stems or sorted({name.split(".")[0] for name in again}) or every

    class Late:
        """The modules are imported once pytest has set Django up."""

        def pytest_collection_finish(self, session):
            plugin.modules = {stem: Module(stem) for stem in stems}
            plugin.chosen = [
                (stem, name)
                for stem in stems
                for name in plugin.modules[stem].names
                if not again or f"{stem}.{name}" in again
            ]

    plugin = Mutants({}, [])
    os.environ.setdefault("CI", "1")  # hypothesis tries the same examples on every mutant
    pytest.main(["-q", "-n0", "-p", "no:cacheprovider", str(HERE)], plugins=[Late(), plugin])
    return report(plugin, stems)


def report(plugin, stems):
    print()
    if not plugin.ran:
        return 2
    known, new = explained(), []
    for stem in stems:
        mine = [key for key in plugin.chosen if key[0] == stem]
        left = [key for key in mine if key not in plugin.seen]
        share = (len(mine) - len(left)) * 100 / len(mine) if mine else 100.0
        print(f"{stem:24} {len(mine):5} mutants, {len(left):4} survive: {share:5.1f} % noticed")
        for key in left:
            word = "not called" if key in plugin.untested else "explained " if told(key) in known else "SURVIVED  "
            new += [key] if told(key) not in known else []
            print(f"  {word} {told(key)}", *show(*key), sep="\n      ")
    share = len(plugin.seen) * 100 / len(plugin.chosen) if plugin.chosen else 0.0
    print(f"{len(plugin.chosen)} mutants, {len(plugin.seen)} noticed: {share:.2f} % (at least {KILLED_AT_LEAST:g} %)")
    print(f"{len(new)} survivors are not explained in docs/{EXPLAINED.name}")
    return 0 if share >= KILLED_AT_LEAST and not new else 1


if __name__ == "__main__":
    sys.exit(main())
