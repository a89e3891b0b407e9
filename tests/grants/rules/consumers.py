"""Which legal numbers the portal itself reads, proved from its source: what its pages, services and jobs call, and what
that calls in turn, down to the place where a parameter is named. What tests alone call reads nothing.

Calls are followed by name through the imports of each module; the methods of a class count as called where the class is
named. A rule is called by the engine once it is registered. Parameters may stand in a table, or be put together in an
f-string: then the table or the function that holds it must be reached.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
ROOMS = ("grants", "communities", "evaluation", "miaoli_kaohsiung")
LAWS = "grants.rules."
# Not the portal: invented data, what is set up once, and commands that answer a programmer.
OUTSIDE = (".migrations.", "miaoli_kaohsiung.demo.", "miaoli_kaohsiung.trial.", ".management.")
Node = tuple[str, str]


def sources() -> dict[str, str]:
    """Module → source of everything that could read a number."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if not any(part in f"{module}." for part in OUTSIDE):
                found[module] = path.read_text(encoding="utf-8")
    return found


class Graph:
    """The definitions of all modules: what each names (`calls`) and which texts it holds (`texts`)."""

    def __init__(self, modules: dict[str, str]) -> None:
        self.modules = modules
        self.calls: dict[Node, set[Node]] = defaultdict(set)
        self.texts: dict[Node, list[re.Pattern[str]]] = defaultdict(list)
        self.rules: list[Node] = []
        trees = {module: ast.parse(text) for module, text in modules.items()}
        self.tables = {name: node for module, tree in trees.items() for name, node in _tables(module, tree)}
        for module, tree in trees.items():
            names = _imported(module, tree, modules)
            own = {name for statement in tree.body for name in _defines(statement)}
            for statement in tree.body:
                for name in _defines(statement) or [""]:
                    self._read((module, name), statement, names, own)
                if isinstance(statement, ast.FunctionDef) and _registered(statement):
                    self.rules.append((module, statement.name))

    def _read(self, node: Node, statement: ast.stmt, names: dict[str, Node], own: set[str]) -> None:
        for part in ast.walk(statement):
            if isinstance(part, ast.Name):
                if part.id in own:
                    self.calls[node].add((node[0], part.id))
                elif part.id in names:
                    self.calls[node].add(names[part.id])
            elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
                module, name = names[part.value.id]
                self.calls[node].add((f"{module}.{name}".rstrip("."), part.attr))
            elif isinstance(part, ast.JoinedStr):
                pieces = [re.escape(piece.value) if isinstance(piece, ast.Constant) else ".+" for piece in part.values]
                self.texts[node].append(re.compile("".join(pieces)))
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                self.texts[node] += [re.compile(re.escape(word)) for word in part.value.split() if "." in word]
                if part.value in self.tables:
                    self.calls[node].add(self.tables[part.value])

    def reached(self, law: str) -> set[Node]:
        """What is reached from the portal and from the rules of a law; other laws' folders are left out."""
        others = tuple(f"{LAWS}{other}." for other in _folders(self.modules) if other != law)
        ours = [node for node in [*self.calls, *self.texts] if not node[0].startswith("grants.rules")]
        todo, seen = [*ours, *self.rules], set()
        while todo:
            node = todo.pop()
            if node in seen or node[0].startswith(others):
                continue
            seen.add(node)
            todo += self.calls.get(node, ())
        return seen


def unread(graph: Graph, law: str, parameters: Iterable[str]) -> Iterator[str]:
    """Parameters of the law that no page, service or job reads."""
    read = [text for node in graph.reached(law) for text in graph.texts.get(node, ())]
    plain = {text.pattern.replace("\\", "") for text in read}
    # An f-string of braces alone would match anything.
    assembled = [text for text in read if ".+" in text.pattern and re.match(r"[a-z_]+\\\.", text.pattern)]
    for name in parameters:
        if name not in plain and not any(text.fullmatch(name) for text in assembled):
            yield f"{name}: nothing in the portal reads it"


def _folders(modules: Iterable[str]) -> set[str]:
    return {
        module.removeprefix(LAWS).partition(".")[0]
        for module in modules
        if module.removeprefix(LAWS).count(".") == 1 and module.startswith(LAWS)
    }


def _tables(module: str, tree: ast.Module) -> Iterator[tuple[str, Node]]:
    """The tables of a law's folder, which the engine asks for by name."""
    if module.startswith(LAWS) and module.removeprefix(LAWS).count(".") == 1:
        for statement in tree.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                yield from ((name, (module, name)) for name in _defines(statement))


def _defines(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [part.id for target in statement.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def _imported(own: str, tree: ast.Module, modules: dict[str, str]) -> dict[str, Node]:
    """Name → (module, name in it), or (module, "") for a module itself."""
    found: dict[str, Node] = {}
    for part in ast.walk(tree):
        if isinstance(part, ast.ImportFrom):
            package = part.module or ""
            if part.level:
                base = own.split(".")[: -part.level]
                package = ".".join([*base, *([part.module] if part.module else [])])
            for alias in part.names:
                whole = f"{package}.{alias.name}"
                found[alias.asname or alias.name] = (whole, "") if whole in modules else (package, alias.name)
    return found


def _registered(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id.endswith("_rule")
        for one in function.decorator_list
    )
