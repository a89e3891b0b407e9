"""mutmut over grants/rules, in a small copy of the project under var/mutate.

    python -m tests.grants.rules.mutate_code [pattern …]     e.g. grants.rules.payments*

mutmut leaves decorated functions alone, and every rule is registered by a decorator: the copy writes
`@line_rule(…) def f` as `def f` followed by `line_rule(…)(f)`, which is the same. Exit status 1 below 95 % killed.
"""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
COPY = ROOT / "var" / "mutate"
KILLED_AT_LEAST = 95.0
# Data, and what is proved by the suites of their own.
LEFT_ALONE = ["catalogue_items.py", "catalogue_programmes.py", "chapters.py", "__init__.py", "law_checks.py"]
CONFIG = """[tool.mutmut]
source_paths = ["grants/rules/"]
do_not_mutate = [{left_alone}]
also_copy = ["miaoli_kaohsiung/", "grants/__init__.py", "grants/rules/law/"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:django", "-p", "no:xdist"]
pytest_add_cli_args_test_selection = ["tests/grants/rules/"]
mutate_only_covered_lines = true

[tool.pytest.ini_options]
python_files = ["test_*.py"]
"""
# mutmut calls a test object many times over in one process, which hypothesis would take for a mistake.
CONFTEST = """from hypothesis import HealthCheck, settings

settings.register_profile("mutants", suppress_health_check=list(HealthCheck), database=None, derandomize=True, max_examples=20, deadline=None)
settings.load_profile("mutants")
"""


def make_copy():
    shutil.rmtree(COPY, ignore_errors=True)
    for folder in ("grants/rules", "tests/grants/rules"):
        shutil.copytree(ROOT / folder, COPY / folder, ignore=shutil.ignore_patterns("__pycache__"))
    lib = COPY / "miaoli_kaohsiung" / "lib"
    lib.mkdir(parents=True)
    for name in ("__init__.py", "money.py", "text.py", "office_calendar.py"):
        shutil.copy(ROOT / "miaoli_kaohsiung" / "lib" / name, lib / name)
    shutil.copytree(ROOT / "miaoli_kaohsiung" / "lib" / "data", lib / "data")
    for package in ("grants", "tests", "tests/grants", "miaoli_kaohsiung"):
        (COPY / package / "__init__.py").touch()
    (COPY / "tests" / "grants" / "rules" / "test_ask.py").unlink()
    (COPY / "tests" / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    left_alone = ", ".join(f'"grants/rules/{name}"' for name in LEFT_ALONE)
    (COPY / "pyproject.toml").write_text(CONFIG.format(left_alone=left_alone), encoding="utf-8")
    for path in (COPY / "grants" / "rules").glob("*.py"):
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")


def undecorated(source):
    """The source with `line_rule` and `case_rule` decorators written as calls after their functions."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        decorator = node.decorator_list[0]
        if not (isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") in ("line_rule", "case_rule")):
            continue
        call = ast.unparse(decorator)
        lines.insert(node.end_lineno, f"{call}({node.name})")
        del lines[decorator.lineno - 1 : decorator.end_lineno]
    return "\n".join(lines) + "\n"


def main(patterns):
    make_copy()
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run([*mutmut, "run", "--max-children", "2", *patterns], cwd=COPY, check=False)
    told = subprocess.run(
        [*mutmut, "results", "--all", "true"], cwd=COPY, capture_output=True, text=True, check=False
    ).stdout
    states = [line.rsplit(": ", 1) for line in told.splitlines() if ": " in line]
    judged = [(name.strip(), state) for name, state in states if state not in ("not checked", "skipped", "no tests")]
    killed = sum(
        state in ("killed", "timeout", "caught by type check", "suspicious", "segfault") for _, state in judged
    )
    for name, state in judged:
        if state == "survived":
            print(f"  survived  {name}")
    share = killed * 100 / len(judged) if judged else 0.0
    print(f"{len(judged)} mutants, {killed} killed: {share:.1f} % (at least {KILLED_AT_LEAST:g} %)")
    return 0 if share >= KILLED_AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
