"""The mutants that mutmut makes of grants/rules: do the tests of the rules notice them?

    python -m tests.grants.rules.mutate_code                  all of them, half an hour on two cores
    python -m tests.grants.rules.mutate_code payments facts   those of some modules
    python -m tests.grants.rules.mutate_code --again FILE     the survivors that an earlier run printed
    python -m tests.grants.rules.mutate_code --sample 40      some, chosen by --seed, of which all must be noticed

mutmut writes the mutants; they are run here, because the tests are collected once and a mutant is a forked process
whose function has got the mutant's code, so that none waits for pytest to start. mutmut leaves decorated functions
alone, and every rule is registered by a decorator: it is given the source without them. A mutant meets the tests that
call its function, found by watching one clean run. Exit status 1 below 95 % noticed or where a survivor is not
explained in docs/mutation.md.
"""

import argparse
import ast
import functools
import importlib
import inspect
import os
import random
import re
import sys
import types
from collections import defaultdict
from pathlib import Path
from time import perf_counter

import pytest

from grants.rules import laws

from .forked import run

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RULES = ROOT / "grants" / "rules"
EXPLAINED = ROOT / "docs" / "mutation.md"
KILLED_AT_LEAST = 95.0
LAWS = laws.found()
# Each module of the engine and of the laws by its last name.
PATHS = {path.stem: path for path in sorted(RULES.rglob("*.py"))}
# Data alone, and what imports it.
LEFT_ALONE = {"items", "programmes", "chapters", "__init__"}
# It runs mutants itself.
NOT_RUN = {"test_mutation_sample.py"}


class Module:
    """A module of the rules beside the mutants that mutmut makes of it."""

    def __init__(self, stem):
        from mutmut.mutation.file_mutation import mutate_file_contents

        self.stem = stem
        dotted = ".".join(PATHS[stem].relative_to(ROOT).with_suffix("").parts)
        self.original = importlib.import_module(dotted)
        mutated = mutate_file_contents(f"{stem}.py", undecorated(PATHS[stem].read_text(encoding="utf-8")))
        self.labels = labels(stem, mutated.mutant_names)
        # Registered under the package's name, so that relative imports and dataclasses find their module.
        self.mutated = types.ModuleType(f"{dotted}__mutated")
        self.mutated.__package__ = self.original.__package__
        self.mutated.__file__ = self.original.__file__
        sys.modules[self.mutated.__name__] = self.mutated
        exec(compile(mutated.code, f"{stem}__mutated.py", "exec"), self.mutated.__dict__)

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
        for name, new in (changed.__kwdefaults__ or {}).items():
            if isinstance(new, str | int | None):
                real.__kwdefaults__[name] = new
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
                if hasattr(found, "cache_clear") and found is not ruleset._of_folder:
                    found.cache_clear()
    for slug in LAWS:
        held = ruleset.load(slug)
        anew = ruleset._of_folder.__wrapped__(slug)
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

    def __init__(self, options):
        self.options, self.ran = options, False
        self.modules, self.chosen, self.seen, self.untested = {}, [], set(), []

    def pytest_collection_finish(self, session):
        """Now that pytest has set Django up the modules can be imported."""
        every = [stem for stem in PATHS if stem not in LEFT_ALONE]
        again = self.options.again.read_text(encoding="utf-8").splitlines() if self.options.again else []
        wanted = {line.split(maxsplit=1)[1] for line in again if line.startswith("  SURVIVED ")}
        self.modules = {stem: Module(stem) for stem in self.options.stems or every}
        for stem, module in self.modules.items():
            self.chosen += [(stem, name) for name, label in module.labels.items() if not wanted or label in wanted]
        if self.options.sample:
            few = min(self.options.sample, len(self.chosen))
            self.chosen = random.Random(self.options.seed).sample(self.chosen, few)

    def pytest_runtestloop(self, session):
        items = [item for item in session.items if item.path.name not in NOT_RUN and "django_db" not in item.keywords]
        failing = []
        run(
            [("clean", forget)],
            lambda _: items,
            lambda _, noticed, place: failing.append(items[place]) if noticed else 0,
        )
        if failing:
            print(f"without any mutant {failing[0].nodeid} fails")
            return True
        self.ran = True
        tests = self.watched(items)
        self.untested = [key for key in self.chosen if not tests[self.code_of(key)]]
        todo = [(key, functools.partial(self.modules[key[0]].change, key[1])) for key in self.chosen]
        run(
            [row for row in todo if row[0] not in self.untested], lambda key: tests[self.code_of(key)], self.note(tests)
        )
        return True

    def note(self, tests):
        """What to do when a mutant is done: count, and let the test that noticed it be asked first from now on."""
        started, done = perf_counter(), 0

        def tell(key, noticed, place):
            nonlocal done
            done += 1
            if noticed:
                self.seen.add(key)
                if place:
                    asked = tests[self.code_of(key)]
                    asked.insert(0, asked.pop(place))
            else:
                print(f"  survived   {self.modules[key[0]].labels[key[1]]}", flush=True)
            if done % 20 == 0:
                print(f"\r{done} mutants, {perf_counter() - started:.0f} s", end="", file=sys.stderr, flush=True)

        return tell

    def code_of(self, key):
        return self.modules[key[0]].function(key[1]).__code__

    def watched(self, items):
        """For each function of the rules the tests that call it, the likeliest to notice a mutant first."""
        from _pytest.runner import runtestprotocol

        wanted = {self.code_of(key) for key in self.chosen}
        tests, took = defaultdict(list), {}
        for item, following in zip(items, [*items[1:], None], strict=True):
            watch = Watch(wanted)
            started = perf_counter()
            sys.setprofile(watch)
            try:
                forget()  # watched too: what loads the law bears on every test
                runtestprotocol(item, log=False, nextitem=following)
            finally:
                sys.setprofile(None)
            took[item] = perf_counter() - started
            for code in watch.called:
                tests[code].append(item)
        # A module's own chapter first, then the quickest: most mutants are noticed by one of the first tests.
        for code, stem in {self.code_of(key): key[0] for key in self.chosen}.items():
            tests[code].sort(key=lambda item, own=f"test_{stem}": (not item.path.name.startswith(own), took[item]))
        return tests


def labels(stem, mutants):
    """mutant → how docs/mutation.md names it, with a number where several of a function read the same."""
    labels_of, count = {}, defaultdict(int)
    for mutant in mutants:
        words_of = label(stem, mutant)
        count[words_of] += 1
        labels_of[mutant] = words_of if count[words_of] == 1 else f"{words_of} ({count[words_of]})"
    return labels_of


def label(stem, mutant):
    """`module.function: the words before → the words after`."""
    holder, name = where(mutant)
    original = f"{mutant.rpartition('__mutmut_')[0]}__mutmut_orig"
    before, after = (words(functions(stem)[found]) for found in (original, mutant))
    start = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    end = next(
        (n for n, (a, b) in enumerate(zip(before[:start:-1], after[:start:-1], strict=False)) if a != b),
        min(len(before), len(after)) - start - 1,
    )
    # A word on either side, so that the place can be found in the function.
    start, end = max(start - 2, 0), max(end - 1, 0)
    old, new = ("".join(found[start : len(found) - end]).strip() for found in (before, after))
    return f"{stem}.{holder + '.' if holder else ''}{name}: {old} → {new}"


def words(text):
    return re.findall(r"\w+|\s+|[^\w\s]", re.sub(r"\s+", " ", text))


@functools.cache
def functions(stem):
    from mutmut.mutation.file_mutation import mutate_file_contents

    source = undecorated(PATHS[stem].read_text(encoding="utf-8"))
    code = mutate_file_contents(f"{stem}.py", source).code
    return {n.name: body(n) for n in ast.walk(ast.parse(code)) if isinstance(n, ast.FunctionDef)}


def body(node):
    """The function without its name, which tells a mutant from its original, and without its docstring."""
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    node.name, node.decorator_list = "f", []
    return ast.unparse(node)


def explained():
    """The survivors that docs/mutation.md names: the first cell of each row of its table."""
    text = EXPLAINED.read_text(encoding="utf-8") if EXPLAINED.exists() else ""
    return set(re.findall(r"^\| `(.+?)` \|", text, re.MULTILINE))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stems", nargs="*")
    parser.add_argument("--again", type=Path)
    parser.add_argument("--tests", nargs="*", default=[HERE], type=Path)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", default="law")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1:9/none")
    os.environ.setdefault("CI", "1")  # hypothesis tries the same examples on every mutant
    os.chdir(ROOT)
    plugin = Mutants(options)
    pytest.main(["-q", "-n0", "-p", "no:cacheprovider", *map(str, options.tests)], plugins=[plugin])
    return report(plugin, sampled=bool(options.sample)) if plugin.ran else 2


def report(plugin, *, sampled):
    known, new = explained(), []
    for stem, module in plugin.modules.items():
        mine = [key for key in plugin.chosen if key[0] == stem]
        left = [key for key in mine if key not in plugin.seen]
        if mine:
            share = (len(mine) - len(left)) * 100 / len(mine)
            print(f"{stem:24} {len(mine):5} mutants, {len(left):4} survive: {share:5.1f} % noticed")
        for key in left:
            name = module.labels[key[1]]
            if name not in known:
                new.append(name)
                print(f"  {'not called' if key in plugin.untested else 'SURVIVED  '} {name}")
    share = len(plugin.seen) * 100 / len(plugin.chosen)
    print(f"{len(plugin.chosen)} mutants, {len(plugin.seen)} noticed: {share:.2f} % (at least {KILLED_AT_LEAST:g} %)")
    print(f"{len(new)} survivors are not explained in docs/{EXPLAINED.name}")
    return 1 if new or (share < KILLED_AT_LEAST and not sampled) else 0


if __name__ == "__main__":
    sys.exit(main())
